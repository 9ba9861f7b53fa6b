package import Audit
package import DeskKit
package import Postgres

/// What people may do to a job that failed for good. Both write an audit row; throw `Refusal` and `PostgresError`.
package struct Quarantine: Sendable {
    private let audit: AuditTrail
    private let queue: JobQueue

    package init(audit: AuditTrail, queue: JobQueue) {
        self.audit = audit
        self.queue = queue
    }

    package enum Refusal: Error, Sendable, Hashable {
        /// It is in nobody's quarantine: done, redriven or discarded meanwhile.
        case notThere
    }

    /// Lets it try again, `attempts` times. Its run goes on.
    package func redrive(
        _ job: JobID,
        portal: PortalID,
        attempts: Int = 3,
        by actor: Actor,
        in session: Session
    ) throws {
        let row = try session.first(
            JobsQueries.redriveJob,
            ["portal": portal, "id": job, "attempts": max(1, attempts)]
        )
        guard let row else { throw Refusal.notThere }
        queue.wakeAfterCommit(row.queue, in: session)
        try record("job.redriven", job, row, portal, actor, in: session)
    }

    /// Takes it out of the queue; what it was to do stays undone. Its run ends if nothing else of it is left.
    package func discard(_ job: JobID, portal: PortalID, by actor: Actor, in session: Session) throws {
        let row = try session.first(JobsQueries.discardJob, ["portal": portal, "id": job])
        guard let row else { throw Refusal.notThere }
        if let run = row.runID { try Runs().settle([RunKey(portal: portal, id: run)], in: session) }
        try record("job.discarded", job, row, portal, actor, in: session)
    }

    private func record(
        _ action: String,
        _ job: JobID,
        _ row: SettledJobRow,
        _ portal: PortalID,
        _ actor: Actor,
        in session: Session
    ) throws {
        var facts = ["kind": row.kind]
        facts["run"] = row.runID?.description
        try audit.record(
            AuditEvent(action, portal: portal, by: actor, on: Subject("job", job.rawValue), facts: facts),
            in: session
        )
    }
}
