package import DeskKit
package import Logging
package import Postgres

/// One attempt of a job, in the hands of its handler.
package struct JobContext: Sendable {
    package let id: JobID
    package let portal: PortalID
    package let kind: String
    /// 1 for the first.
    package let attempt: Int
    package let maxAttempts: Int
    /// The run it belongs to.
    package let run: RunID?
    /// JSON.
    package let payload: String
    package let database: Database
    package let logger: Logger
    let worker: String

    /// The payload as it was enqueued. Throws `DecodingError`.
    package func decode<Payload: Decodable>(_ type: Payload.Type) throws -> Payload {
        try Payload(json: payload)
    }

    /// Runs the closure in one transaction over the job's portal that fails with `LeaseLost` when another worker has
    /// taken the job over meanwhile: then nothing of it is written.
    package func transaction<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        let held: Parameters = ["portal": portal, "id": id, "attempt": attempt, "worker": worker]
        return try await database.transaction(.portal(portal)) { session in
            guard try session.first(JobsQueries.holdLease, held) != nil else { throw LeaseLost() }
            return try body(session)
        }
    }

    /// Tells how far the run is; pages show it while it works. Throws `PostgresError`.
    package func progress(_ done: Int, of total: Int) async throws {
        guard let run else { return }
        let portal = portal
        try await database.transaction(.portal(portal)) { session in
            try Runs().progress(run, portal: portal, done: done, of: total, in: session)
        }
    }
}

/// Another worker has the job now; whatever this one still does must not count.
package struct LeaseLost: Error, Sendable, Hashable {
    package init() {}
}
