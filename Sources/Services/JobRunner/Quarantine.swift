package import Audit
package import DeskKit
package import Postgres

/// What people may do to a job that failed for good. Both write an audit row; throw `Refusal` and `PostgresError`.
package struct Quarantine: Sendable {
    private let audit: AuditTrail
    private let queue: JobQueue
    private let neighbours: [any EndsWithWork]

    package init(audit: AuditTrail, queue: JobQueue, neighbours: [any EndsWithWork] = []) {
        self.audit = audit
        self.queue = queue
        self.neighbours = neighbours
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
        try record("job.redriven", job, kind: row.kind, run: row.runID, portal, actor, in: session)
    }

    /// Takes it out of the queue; what it was to do stays undone. Its run ends if nothing else of it is left.
    package func discard(_ job: JobID, portal: PortalID, by actor: Actor, in session: Session) throws {
        let row = try session.first(JobsQueries.discardJob, ["portal": portal, "id": job])
        guard let row else { throw Refusal.notThere }
        try end([row], portal: portal, in: session)
        if let run = row.runID { try Runs().settle([RunKey(portal: portal, id: run)], in: session) }
        try record("job.discarded", job, kind: row.kind, run: row.runID, portal, actor, in: session)
    }

    private func end(_ jobs: [DiscardedJob], portal: PortalID, in session: Session) throws {
        for neighbour in neighbours { _ = try neighbour.end(discarded: jobs, portal: portal, in: session) }
    }

    /// Lets all of a kind try again that failed for one reason, or for any; at most 5,000 at once. Answers how many.
    @discardableResult
    package func redriveAll(
        _ kind: String,
        code: String?,
        portal: PortalID,
        attempts: Int = 3,
        by actor: Actor,
        in session: Session
    ) throws -> Int {
        let rows = try session.all(
            JobsQueries.redriveJobs,
            ["portal": portal, "kind": kind, "code": code, "attempts": max(1, attempts)]
        )
        for queue in Set(rows.map(\.queue)) { self.queue.wakeAfterCommit(queue, in: session) }
        try recordAll("job.redriven_many", kind, code, rows.count, portal, actor, in: session)
        return rows.count
    }

    /// Takes all of a kind away that failed for one reason, or for any; at most 5,000 at once. Answers how many.
    @discardableResult
    package func discardAll(
        _ kind: String,
        code: String?,
        portal: PortalID,
        by actor: Actor,
        in session: Session
    ) throws -> Int {
        let rows = try session.all(JobsQueries.discardJobs, ["portal": portal, "kind": kind, "code": code])
        try end(rows, portal: portal, in: session)
        let runs = rows.compactMap { row in row.runID.map { RunKey(portal: portal, id: $0) } }
        try Runs().settle(Set(runs), in: session)
        try recordAll("job.discarded_many", kind, code, rows.count, portal, actor, in: session)
        return rows.count
    }

    private func recordAll(
        _ action: String,
        _ kind: String,
        _ code: String?,
        _ count: Int,
        _ portal: PortalID,
        _ actor: Actor,
        in session: Session
    ) throws {
        guard count > 0 else { throw Refusal.notThere }
        var facts = ["kind": kind, "count": String(count)]
        facts["code"] = code
        let subject = Subject("portal", Int64(portal.rawValue))
        try audit.record(AuditEvent(action, portal: portal, by: actor, on: subject, facts: facts), in: session)
    }

    private func record(
        _ action: String,
        _ job: JobID,
        kind: String,
        run: RunID?,
        _ portal: PortalID,
        _ actor: Actor,
        in session: Session
    ) throws {
        var facts = ["kind": kind]
        facts["run"] = run?.description
        try audit.record(
            AuditEvent(action, portal: portal, by: actor, on: Subject("job", job.rawValue), facts: facts),
            in: session
        )
    }
}
