package import DeskKit
package import Postgres

/// Occurrences of schedules and what came of them. A run ends by itself when none of its jobs is left to do.
package struct Runs: Sendable {
    package init() {}

    package enum Trigger: String, Codable, CaseIterable, Sendable {
        case schedule
        case staff
        case commandLine = "command_line"
    }

    package enum State: String, Codable, CaseIterable, Sendable {
        case waiting, running, finished, failed, skipped

        package var isOver: Bool { self == .finished || self == .failed || self == .skipped }
    }

    /// Whose word a run waits for when its jobs are done.
    package enum Person: String, Sendable, PostgresValue {
        case approval
    }

    /// Why a run was not started.
    package enum Refusal: Error, Sendable, Hashable {
        case unknownSchedule
        /// One of the same schedule and date still works.
        case underWay
    }

    /// Starts a run by hand and puts its job into the queue; without a date it is for today by the schedule's zone.
    /// Throws `Refusal`, `PostgresError`.
    package func start(
        _ schedule: String,
        portal: PortalID,
        forDate: CivilDate?,
        trigger: Trigger,
        askedBy: StaffID?,
        queue: JobQueue,
        in session: Session
    ) throws -> RunID {
        let key: Parameters = ["portal": portal, "name": schedule]
        guard let plan = try session.first(JobsQueries.findSchedule, key) else { throw Refusal.unknownSchedule }
        let added = try session.first(
            JobsQueries.addRun,
            [
                "portal": portal, "schedule": schedule, "trigger": trigger.rawValue, "for_date": forDate,
                "asked_by": askedBy,
            ]
        )
        guard let added else { throw Refusal.underWay }
        try order(added, plan.kind, portal: portal, queue: queue, in: session)
        return added.id
    }

    func order(_ run: RunRow, _ kind: JobKind, portal: PortalID, queue: JobQueue, in session: Session) throws {
        _ = try queue.enqueue(
            kind,
            portal: portal,
            json: RunOrder(date: run.forDate).json(),
            uniqueKey: "run:\(run.id)",
            run: run.id,
            in: session
        )
    }

    /// Keeps a run from ending with its jobs until somebody gave their word. Throws `PostgresError`.
    package func wait(_ run: RunID, for person: Person, portal: PortalID, in session: Session) throws {
        try session.run(JobsQueries.waitFor, ["portal": portal, "run": run, "what": person])
    }

    /// The word was given: the run goes on with what was ordered meanwhile, or ends. Throws `PostgresError`.
    package func goOn(_ run: RunID, portal: PortalID, in session: Session) throws {
        try session.run(JobsQueries.waitFor, ["portal": portal, "run": run, "what": nil])
        try settle([RunKey(portal: portal, id: run)], in: session)
    }

    /// Sets how far the run is. Throws `PostgresError`.
    package func progress(_ run: RunID, portal: PortalID, done: Int, of total: Int, in session: Session) throws {
        try session.run(JobsQueries.setProgress, ["portal": portal, "run": run, "done": done, "total": total])
    }

    /// Counts further work as done; several jobs of a run may do so at once. Throws `PostgresError`.
    package func advance(_ run: RunID, portal: PortalID, by done: Int, in session: Session) throws {
        try session.run(JobsQueries.advance, ["portal": portal, "run": run, "done": done])
    }

    /// Adds to the run's counts by outcome, "planned", "skipped". Throws `PostgresError`.
    package func add(_ counts: [String: Int], to run: RunID, portal: PortalID, in session: Session) throws {
        let names = counts.keys.sorted()
        let numbers = names.map { counts[$0] ?? 0 }
        try session.run(
            JobsQueries.addCounts,
            ["portal": portal, "run": run, "names": names, "numbers": numbers]
        )
    }

    /// How a run stands; nil when there is none. Throws `PostgresError`.
    package func status(_ run: RunID, portal: PortalID, in session: Session) throws -> RunStatus? {
        guard let row = try session.first(JobsQueries.runState, ["portal": portal, "run": run]) else { return nil }
        return RunStatus(row)
    }

    /// Ends the runs of which no job is left to do.
    func settle(_ runs: Set<RunKey>, in session: Session) throws {
        let keys = runs.sorted { ($0.portal, $0.id) < ($1.portal, $1.id) }
        guard !keys.isEmpty else { return }
        let given: Parameters = ["portals": keys.map(\.portal), "runs": keys.map(\.id)]
        _ = try session.all(JobsQueries.lockRuns, given)
        try session.run(JobsQueries.settleRuns, given)
    }
}

/// How a run stands.
package struct RunStatus: Sendable, Hashable {
    package let state: Runs.State
    package let reason: String?
    package let date: CivilDate
    package let progress: Int
    package let total: Int?
    package let counts: [String: Int]

    /// Nothing happens to it before a person acts, or ever.
    var isAtRest: Bool { state.isOver || state == .waiting && reason != nil }

    init(_ row: RunStateRow) {
        state = row.state
        reason = row.reason
        date = row.forDate
        progress = row.progress
        total = row.progressTotal
        counts = RunCounts.read(row.counts)
    }
}

/// The counts of a run as they are kept: an object of numbers.
package enum RunCounts {
    /// Empty when the text is none.
    package static func read(_ text: String) -> [String: Int] {
        (try? [String: Int](json: text)) ?? [:]
    }
}

struct RunKey: Hashable, Sendable {
    var portal: PortalID
    var id: RunID
}
