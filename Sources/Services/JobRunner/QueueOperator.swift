package import Audit
package import DeskKit
package import Postgres

/// What people may do to a queue of a portal and to a run. Each writes its audit row; all throw `Refusal` and
/// `PostgresError`.
package struct QueueOperator: Sendable {
    package enum Refusal: Error, Sendable, Hashable {
        case unknownQueue
        case reasonMissing
        case reasonTooLong
        case alreadyPaused
        case notPaused
        /// The run is over, or none of this portal.
        case runIsOver
    }

    private let audit: AuditTrail
    private let queue: JobQueue
    private let neighbours: [any EndsWithWork]

    package init(audit: AuditTrail, queue: JobQueue, neighbours: [any EndsWithWork] = []) {
        self.audit = audit
        self.queue = queue
        self.neighbours = neighbours
    }

    /// Workers take nothing more of it; what they have they finish.
    package func pause(
        _ name: String,
        portal: PortalID,
        reason text: String,
        by actor: Actor,
        in session: Session
    ) throws {
        let reason: String
        do throws(Schedules.Refusal) {
            reason = try Schedules.decideReason(text)
        } catch {
            throw error == .reasonTooLong ? Refusal.reasonTooLong : .reasonMissing
        }
        let place: Parameters = ["portal": portal, "queue": name]
        guard try session.one(JobsQueries.queueIsKnown, place) else { throw Refusal.unknownQueue }
        let written = try session.run(JobsQueries.pauseQueue, place.merging(["reason": reason]) { $1 })
        guard written == 1 else { throw Refusal.alreadyPaused }
        try record("queue.paused", name, portal, actor, ["reason": reason], in: session)
    }

    /// What gathered meanwhile is worked off.
    package func resume(_ name: String, portal: PortalID, by actor: Actor, in session: Session) throws {
        let gone = try session.run(JobsQueries.resumeQueue, ["portal": portal, "queue": name])
        guard gone == 1 else { throw Refusal.notPaused }
        queue.wakeAfterCommit(name, in: session)
        try record("queue.resumed", name, portal, actor, [:], in: session)
    }

    /// Ends a run: what waits is not done, what works loses its lease and with it the right to write. Answers how many
    /// jobs were taken away. What it planned elsewhere ends with it; what was done already stays done.
    @discardableResult
    package func cancel(_ run: RunID, portal: PortalID, by actor: Actor, in session: Session) throws -> Int {
        let place: Parameters = ["portal": portal, "run": run]
        var gone = 0
        // A handler that held its lease may have added jobs until its transaction ended; afterwards it cannot.
        while case let more = try session.one(JobsQueries.cancelJobs, place), more > 0 { gone += more }
        guard let ended = try session.first(JobsQueries.cancelRun, place) else { throw Refusal.runIsOver }
        let ending = try neighbours.reduce(0) { try $0 + $1.end(run: run, portal: portal, in: session) }
        try audit.record(
            AuditEvent(
                "run.cancelled",
                portal: portal,
                by: actor,
                on: Subject("run", run.rawValue),
                facts: ["schedule": ended.schedule, "count": String(gone), "planned": String(ending)]
            ),
            in: session
        )
        return gone
    }

    private func record(
        _ action: String,
        _ name: String,
        _ portal: PortalID,
        _ actor: Actor,
        _ facts: [String: String],
        in session: Session
    ) throws {
        try audit.record(
            AuditEvent(
                action,
                portal: portal,
                by: actor,
                on: Subject("queue", Int64(portal.rawValue)),
                facts: facts.merging(["queue": name]) { $1 }
            ),
            in: session
        )
    }
}
