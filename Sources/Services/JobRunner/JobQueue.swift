package import DeskKit
package import FoundationEssentials
package import Postgres

/// Puts work into the queue inside the transaction that causes it. Its worker is woken once per queue after the commit;
/// where that message is lost, polling finds the job.
package struct JobQueue: Sendable {
    private let wakeUps: WakeUps?

    /// Without `wakeUps` nobody is woken and polling finds the work.
    package init(wakeUps: WakeUps? = nil) {
        self.wakeUps = wakeUps
    }

    /// Adds one job; nil when a job of this kind and unique key is already in the queue. A job of a run counts for its
    /// end. Without a priority it has its kind's; smaller comes first. Throws `PostgresError`, `EncodingError`.
    @discardableResult
    package func enqueue<Handler: JobHandler>(
        _ handler: Handler.Type,
        portal: PortalID,
        payload: some Encodable = NoPayload(),
        uniqueKey: String? = nil,
        priority: Int? = nil,
        runAt: Date? = nil,
        run: RunID? = nil,
        in session: Session
    ) throws -> JobID? {
        var kind = JobKind(handler)
        kind.priority = priority ?? kind.priority
        return try enqueue(
            kind,
            portal: portal,
            json: payload.json(),
            uniqueKey: uniqueKey,
            runAt: runAt,
            run: run,
            in: session
        )
    }

    /// Adds a job per payload in one statement. Throws `PostgresError`, `EncodingError`.
    package func enqueue<Handler: JobHandler>(
        _ handler: Handler.Type,
        portal: PortalID,
        payloads: [some Encodable],
        run: RunID? = nil,
        in session: Session
    ) throws {
        let texts = try payloads.map { try $0.json() }
        guard !texts.isEmpty else { return }
        try session.run(
            JobsQueries.enqueueMany,
            [
                "portal": portal, "kind": Handler.kind, "queue": Handler.queue, "priority": Handler.priority,
                "max_attempts": Handler.maxAttempts, "run": run, "payloads": texts,
            ]
        )
        wakeAfterCommit(Handler.queue, in: session)
    }

    func enqueue(
        _ kind: JobKind,
        portal: PortalID,
        json: String,
        uniqueKey: String? = nil,
        runAt: Date? = nil,
        run: RunID? = nil,
        in session: Session
    ) throws -> JobID? {
        let id = try session.first(
            JobsQueries.enqueue,
            [
                "portal": portal, "kind": kind.name, "queue": kind.queue, "priority": kind.priority,
                "max_attempts": kind.maxAttempts, "unique_key": uniqueKey, "run_at": runAt, "run": run,
                "payload": json,
            ]
        )
        if id != nil { wakeAfterCommit(kind.queue, in: session) }
        return id
    }

    /// Jobs of the kind that wait for another time are due now. Throws `PostgresError`.
    package func hurry<Handler: JobHandler>(_ handler: Handler.Type, portal: PortalID, in session: Session) throws {
        try session.run(JobsQueries.hurry, ["portal": portal, "kind": Handler.kind])
        wakeAfterCommit(Handler.queue, in: session)
    }

    func wakeAfterCommit(_ queue: String, in session: Session) {
        guard let wakeUps else { return }
        session.afterCommit("jobs:\(queue)") { wakeUps.request(queue) }
    }
}

/// What the queue has to know of a kind.
struct JobKind: Sendable, Hashable {
    var name: String
    var queue: String
    var priority: Int
    var maxAttempts: Int

    init(name: String, queue: String, priority: Int, maxAttempts: Int) {
        self.name = name
        self.queue = queue
        self.priority = priority
        self.maxAttempts = maxAttempts
    }

    init<Handler: JobHandler>(_ handler: Handler.Type) {
        self.init(
            name: Handler.kind,
            queue: Handler.queue,
            priority: Handler.priority,
            maxAttempts: Handler.maxAttempts
        )
    }
}

/// For jobs whose kind says everything.
package struct NoPayload: Codable, Sendable {
    package init() {}
}

/// What the job of a run is asked for: the portal's day it is about.
package struct RunOrder: Codable, Sendable, Hashable {
    package let date: CivilDate

    package init(date: CivilDate) {
        self.date = date
    }
}
