package import Audit
import DeskKit
package import JobRunner
import Postgres

/// The night's part of erasures: what a law or a hold kept goes once the last reason has ended. By
/// `jobs/requests.erasures.yml`.
package struct FinishErasures: JobHandler {
    package static let kind = "requests.erasures"
    let audit: AuditTrail

    package init(audit: AuditTrail) {
        self.audit = audit
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let portal = job.portal
        let due = try await job.database.read(.portal(portal)) { session in
            try session.all(ErasureQueries.dueErasures, ["portal": portal])
        }
        var failures = 0
        for erasure in due {
            do {
                try await job.transaction { try finish(erasure, portal: portal, in: $0) }
            } catch is PostgresError {
                // One file that cannot be finished keeps no other from its end.
                failures += 1
            }
        }
        guard failures == 0 else { throw JobFailure("erasure_unfinished") }
        return .done
    }

    /// Throws `PostgresError`.
    func finish(_ erasure: DueErasure, portal: PortalID, in session: Session) throws {
        let outcome = try session.one(
            ErasureQueries.continueErasure,
            ["portal": portal, "erasure": erasure.id]
        )
        guard outcome == ErasureState.done.rawValue else { return }
        try session.run(ErasureQueries.closePartialRequest, ["portal": portal, "client": erasure.clientID])
        try audit.record(
            AuditEvent(
                "client_erasure.finished",
                portal: portal,
                by: .job(name: Self.kind),
                on: Subject("erasure", erasure.id.rawValue),
                client: erasure.clientID
            ),
            in: session
        )
    }
}
