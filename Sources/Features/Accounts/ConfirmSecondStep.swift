import Audit
import DeskKit
import Portals
import Postgres
import Secrets

/// The code of the second step (K18, L3): right once, within its minutes and tries; then a full session begins.
struct ConfirmSecondStep: Sendable {
    enum Refusal: Error, Hashable, Sendable {
        case noSession
        case wrongCode
    }

    let database: Database
    let audit: AuditTrail
    let sessions: AccountSessions
    let codes: OneTimeCodes
    let devices: KnownDevices

    /// Throws `Refusal`, `PostgresError`.
    func callAsFunction(
        _ code: String,
        token: String,
        device: String?,
        portal: PortalProfile
    ) async throws -> OpenedSession {
        let result = try await database.transaction(.portal(portal.id)) { session -> Result<OpenedSession, Refusal> in
            guard let row = try sessions.use(token, portal: portal.id, in: session), row.step == .secondStep else {
                return .failure(.noSession)
            }
            guard
                try codes.redeem(
                    Redacted(code),
                    .secondStep,
                    of: row.accountID,
                    portal: portal.id,
                    tries: portal.rules.codeTries,
                    in: session
                )
            else { return .failure(.wrongCode) }
            try sessions.end(token, portal: portal.id, in: session)
            try session.run(
                AccountsQueries.noteSignIn,
                ["portal": portal.id, "account": row.accountID.rawValue]
            )
            try AccountTrail(audit: audit).record(
                "account.signed_in",
                of: row.accountID,
                clients: try sessions.clients(of: row.accountID, portal: portal.id, in: session),
                portal: portal.id,
                by: .account(row.accountID),
                in: session
            )
            var opened = try sessions.open(.full, for: row.accountID, portal: portal.id, in: session)
            opened.device = try devices.remember(device, of: row.accountID, portal: portal.id, in: session)
            return .success(opened)
        }
        return try result.get()
    }
}
