import Access
import Foundation
package import JobRunner

/// The runner as the command line drives it: the same files and handlers as a worker's.
package enum JobsAtHand {
    /// Brings the schedules up to the job files first, so that a command needs no worker before it; a dry run leaves
    /// even them alone. Throws what keeps a worker from starting, in words for a person.
    package static func open(_ root: String?, registering: Bool = true) async throws -> JobOperator {
        let installation = try Installation(
            try DeskConfiguration(root: root),
            as: .worker,
            statementTimeout: .seconds(600)
        )
        let rooms = try Rooms(installation)
        let plain = try JobRegistry(rooms.handlers)
        let files = try JobFile.load(directory: installation.configuration.root + "/jobs", registry: plain)
        if registering {
            try await ScheduleSync(queue: installation.queue).sync(files, database: installation.desk.database)
        }
        var settings = WorkerConfiguration(
            host: ProcessInfo.processInfo.hostName,
            process: ProcessInfo.processInfo.processIdentifier
        )
        settings.lease = .milliseconds(Int(installation.configuration.leaseSeconds * 1000))
        return JobOperator(
            database: installation.desk.database,
            registry: plain.with(files),
            queue: installation.queue,
            audit: installation.desk.audit,
            previews: rooms.previews,
            configuration: settings,
            logger: installation.logger
        )
    }
}
