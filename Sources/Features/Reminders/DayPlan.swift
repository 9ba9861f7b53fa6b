import DeskKit
import JobRunner
import Postgres

/// Plans a day and orders its letters, in one transaction that ends with the job's lease: done twice, or by two workers
/// at once, it plans once. It goes by the run's date alone, however late the run is.
struct DayPlan: Sendable {
    static let queue = "reminders"
    /// How many letters are written in one transaction.
    static let chunk = 100

    let statement: Statement
    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        guard let run = job.run else { throw JobFailure("no_run") }
        let date = try job.decode(RunOrder.self).date
        let portal = job.portal
        try await job.transaction { try plan(date, portal: portal, run: run, in: $0) }
        return .done
    }

    func plan(_ date: CivilDate, portal: PortalID, run: RunID, in session: Session) throws {
        let place: Parameters = ["portal": portal, "run": run]
        guard try session.run(statement, place.merging(["date": date]) { $1 }) > 0 else { return }
        let counts = try session.all(RemindersQueries.newCounts, place)
        var sums: [String: Int] = [:]
        for row in counts { sums[row.state, default: 0] += row.number }
        let chunks = try session.all(RemindersQueries.newChunks, place.merging(["size": Self.chunk]) { $1 })
        try queue.enqueue(SendReminders.self, portal: portal, payloads: chunks, run: run, in: session)
        try Runs().progress(run, portal: portal, done: 0, of: sums["planned"] ?? 0, in: session)
        try Runs().add(sums, to: run, portal: portal, in: session)
    }
}
