import Access
package import DeskKit
import Foundation
package import JobRunner

/// The runner as the command line drives it: the same files and handlers as a worker's.
package enum JobsAtHand {
    /// Brings the schedules up to the job files first, so that a command needs no worker before it. Throws what keeps a
    /// worker from starting, in words for a person.
    package static func open(_ root: String?) async throws -> JobOperator {
        let (installation, jobs, files) = try await read(root)
        try await ScheduleSync(queue: installation.queue).sync(files, database: installation.desk.database)
        return jobs
    }

    /// What a run would do; writes nothing, not even schedules. Throws as `open`, and `JobOperator.Refusal`.
    package static func dryRun(
        _ name: String,
        _ root: String?,
        portal: String?,
        on date: CivilDate?
    ) async throws -> [DryRunReport] {
        let (_, jobs, files) = try await read(root)
        return try await jobs.dryRun(name, portal: portal, on: date, files: files)
    }

    private static func read(_ root: String?) async throws -> (Installation, JobOperator, [JobFile]) {
        let installation = try Installation(
            try DeskConfiguration(root: root),
            as: .worker,
            statementTimeout: .seconds(600)
        )
        let rooms = try Rooms(installation)
        let plain = try JobRegistry(rooms.handlers)
        let files = try installation.configuration.jobFiles(plain)
        var settings = WorkerConfiguration(
            host: ProcessInfo.processInfo.hostName,
            process: ProcessInfo.processInfo.processIdentifier
        )
        settings.lease = .milliseconds(Int(installation.configuration.leaseSeconds * 1000))
        let jobs = JobOperator(
            database: installation.desk.database,
            registry: plain.with(files),
            queue: installation.queue,
            audit: installation.desk.audit,
            previews: rooms.previews,
            configuration: settings,
            logger: installation.logger
        )
        return (installation, jobs, files)
    }
}
