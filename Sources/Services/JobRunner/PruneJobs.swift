import Postgres

/// Keeps the runner's own records short: runs without a result for a week, attempts for a quarter. By `jobs.prune.yml`.
package struct PruneJobs: JobHandler {
    package static let kind = "jobs.prune"
    package static let timeout: Duration = .seconds(600)

    static let daysOfEmptyRuns = 7
    static let daysOfHistory = 92

    package init() {}

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let portal = job.portal
        try await job.transaction { session in
            try session.run(JobsQueries.pruneRuns, ["portal": portal, "days": Self.daysOfEmptyRuns])
            _ = try session.one(JobsQueries.keepHistory, ["days": Self.daysOfHistory])
        }
        return .done
    }
}
