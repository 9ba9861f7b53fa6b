import DeskKit
import FoundationEssentials
import Postgres

/// What tells one attempt of a job from every other.
struct Lease: Hashable, Sendable {
    let portal: PortalID
    let id: JobID
    let attempt: Int
}

/// How an attempt ended, on its way into the database.
struct Finished: Sendable {
    var lease: Lease
    /// As `job_history.outcome` says it; "retried" becomes "failed" in SQL when it was the last attempt.
    var outcome: String
    /// The instant of the next attempt; without it the delay in seconds counts, by the database's clock.
    var until: Date?
    var delay: Double = 0
    var code: String?
}

/// The key of the last job claimed from a queue: what lies before it is taken already or dead.
struct LowWater: Hashable, Sendable, Comparable {
    var priority: Int
    /// As PostgreSQL writes it in UTC, so that texts compare as instants do.
    var readyAt: String
    var id: Int64

    /// Before every job.
    static let start = LowWater(priority: -32_768, readyAt: "-infinity", id: 0)

    static func < (left: LowWater, right: LowWater) -> Bool {
        (left.priority, left.readyAt, left.id) < (right.priority, right.readyAt, right.id)
    }
}

/// A worker's statements, each in one transaction over every portal.
struct WorkStore: Sendable {
    let database: Database
    let worker: String
    let lease: Duration

    /// Takes up to so many ready jobs of a queue that lie after a key, of a single run when given.
    func claim(
        queue: String,
        kinds: [String],
        limit: Int,
        after: LowWater = .start,
        run: RunID? = nil
    ) async throws -> [ClaimedRow] {
        let given: Parameters = [
            "queue": queue, "kinds": kinds, "limit": limit, "worker": worker, "lease": lease.seconds, "run": run,
            "priority": after.priority, "ready_at": after.readyAt, "after": after.id,
        ]
        return try await database.transaction(.everyPortal) { session in
            let rows = try session.all(JobsQueries.claim, given)
            let withRun = rows.filter { $0.runID != nil }
            if !withRun.isEmpty {
                try session.run(
                    JobsQueries.beginRuns,
                    ["portals": withRun.map(\.portalID), "runs": withRun.compactMap(\.runID)]
                )
            }
            return rows
        }
    }

    /// Extends these leases; answers those that still stand.
    func renew(_ leases: [Lease]) async throws -> Set<Lease> {
        let given: Parameters = [
            "portals": leases.map(\.portal), "ids": leases.map(\.id), "attempts": leases.map(\.attempt),
            "worker": worker, "lease": lease.seconds,
        ]
        return try await database.transaction(.everyPortal) { session in
            Set(
                try session.all(JobsQueries.renew, given).map {
                    Lease(portal: $0.portalID, id: $0.id, attempt: $0.attempt)
                }
            )
        }
    }

    /// Records how attempts ended; answers those whose lease still stood. Of the others nothing is recorded.
    func complete(_ finished: [Finished]) async throws -> Set<Lease> {
        let given: Parameters = [
            "portals": finished.map(\.lease.portal), "ids": finished.map(\.lease.id),
            "attempts": finished.map(\.lease.attempt), "outcomes": finished.map(\.outcome),
            "untils": finished.map { $0.until?.timeIntervalSince1970 ?? 0 }, "delays": finished.map(\.delay),
            "codes": finished.map { $0.code ?? "" }, "worker": worker,
        ]
        return try await database.transaction(.everyPortal) { session in
            let rows = try session.all(JobsQueries.complete, given)
            let runs = rows.compactMap { row in row.runID.map { RunKey(portal: row.portalID, id: $0) } }
            try Runs().settle(Set(runs), in: session)
            return Set(rows.map { Lease(portal: $0.portalID, id: $0.id, attempt: $0.attempt) })
        }
    }

    /// Frees the jobs of leases that ended; answers the queues that have work again.
    func rescue() async throws -> Set<String> {
        try await database.transaction(.everyPortal) { session in
            let rows = try session.all(JobsQueries.rescue)
            let runs = rows.filter(\.quarantined).compactMap { row in
                row.runID.map { RunKey(portal: row.portalID, id: $0) }
            }
            try Runs().settle(Set(runs), in: session)
            return Set(rows.filter { !$0.quarantined }.map(\.queue))
        }
    }

    /// Makes due future work ready; answers its queues.
    func promote() async throws -> Set<String> {
        try await database.transaction(.everyPortal) { session in
            Set(try session.all(JobsQueries.promote))
        }
    }
}
