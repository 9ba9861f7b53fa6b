import DeskKit
import JobRunner
import Postgres

/// Plans a day and orders its letters, in one transaction that ends with the job's lease: done twice, or by two workers
/// at once, it plans once. It goes by the run's date, however late the run is, and by the days before on which nobody
/// was there to plan. What came into the book after its day's run is left to a run by hand: "why (not)?" says so. More
/// than the portal's threshold waits for a second person.
struct DayPlan: Sendable {
    static let queue = "reminders"
    /// How many letters are written in one transaction.
    static let chunk = 100

    let subject: RuleSubject
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
        // The newest day first: of several steps that an outage left over, each thing has its last one only.
        let days = [date] + (try session.all(RemindersQueries.missedDays, place))
        var added = 0
        for day in days {
            let dated = place.merging(["date": day, "today": date]) { $1 }
            let number =
                switch subject {
                case .instalment: try session.run(RemindersQueries.planPayments, dated)
                case .policy: try session.run(RemindersQueries.planInsurance, dated)
                default: try session.run(RemindersQueries.planSubject, dated.merging(["subject": subject]) { $1 })
                }
            added += number
        }
        guard added > 0 else { return }
        let counts = try session.all(RemindersQueries.newCounts, place)
        var sums: [String: Int] = [:]
        for row in counts { sums[row.state, default: 0] += row.number }
        let planned = sums["planned"] ?? 0
        try Runs().progress(run, portal: portal, done: 0, of: planned, in: session)
        try Runs().add(sums, to: run, portal: portal, in: session)
        let approval = place.merging(["planned": planned]) { $1 }
        guard try session.first(RemindersQueries.awaitApproval, approval) == nil,
            try session.first(RemindersQueries.findWaitingRun, place) == nil
        else { return try Runs().wait(run, for: .approval, portal: portal, in: session) }
        try order(run, portal: portal, onlyNew: true, in: session)
    }

    /// Orders the letters of what a run planned: all of it, or what this very transaction added.
    func order(_ run: RunID, portal: PortalID, onlyNew: Bool, in session: Session) throws {
        let chunks = try session.all(
            RemindersQueries.newChunks,
            ["portal": portal, "run": run, "size": Self.chunk, "only_new": onlyNew]
        )
        try queue.enqueue(SendReminders.self, portal: portal, payloads: chunks, run: run, in: session)
    }
}

/// Plans one day's reminders of invoices that fall due.
struct RemindInvoices: JobHandler {
    static let kind = "reminders.invoices"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(900)

    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        try await DayPlan(subject: .invoice, queue: queue).run(job)
    }
}

/// Plans one day's notices of invoices that were issued.
struct RemindNewInvoices: JobHandler {
    static let kind = "reminders.new_invoices"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(900)

    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        try await DayPlan(subject: .newInvoice, queue: queue).run(job)
    }
}

/// Plans one day's warnings of access that ends.
struct RemindAccessEnds: JobHandler {
    static let kind = "reminders.access"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(900)

    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        try await DayPlan(subject: .accessEnd, queue: queue).run(job)
    }
}
