import Audit
import DeskKit
import Portals
import Postgres
import Secrets

/// Sets the own password after the one-use code; the first one makes the account active (K2, M3). The session that did
/// it ends, and a full one begins.
struct SetPassword: Sendable {
    enum Refusal: Error, Hashable, Sendable {
        case noSession
        /// The session may not do this; the code comes first.
        case notNow
        case weak([PasswordLack])
    }

    let database: Database
    let audit: AuditTrail
    let sessions: AccountSessions
    let hasher: PasswordHasher

    /// What is wrong before any work is done.
    static func decide(
        _ row: AccountSessionRow?,
        _ password: String,
        rule: PasswordRule
    ) throws(Refusal) -> AccountSessionRow {
        guard let row else { throw .noSession }
        guard row.step == .setPassword else { throw .notNow }
        let lacks = rule.lacks(password, login: row.login)
        guard lacks.isEmpty else { throw .weak(lacks) }
        return row
    }

    /// Throws `Refusal`, `SecretsError.busy`, `PostgresError`.
    func callAsFunction(_ password: String, token: String, portal: PortalProfile) async throws -> OpenedSession {
        let found = try await database.transaction(.portal(portal.id)) { session in
            try sessions.use(token, portal: portal.id, in: session)
        }
        let row = try Self.decide(found, password, rule: portal.rules.passwordRule)
        let hash = try await hasher.hash(Redacted(password))
        return try await database.transaction(.portal(portal.id)) { session in
            // Looked at again: the session may have ended, or set a password, while this one was hashed.
            guard try sessions.end(token, portal: portal.id, in: session) else { throw Refusal.noSession }
            let place: Parameters = ["portal": portal.id, "account": row.accountID.rawValue]
            let set = try session.run(AccountsQueries.setPassword, place.merging(["hash": hash]) { $1 })
            guard set == 1 else { throw Refusal.noSession }
            try session.run(AccountsQueries.endSessionsOfAccount, place)
            try session.run(AccountsQueries.noteSignIn, place)
            try AccountTrail(audit: audit).record(
                row.state == .invited ? "account.activated" : "account.password_set",
                of: row.accountID,
                clients: try sessions.clients(of: row.accountID, portal: portal.id, in: session),
                portal: portal.id,
                by: .account(row.accountID),
                in: session
            )
            return try sessions.open(.full, for: row.accountID, portal: portal.id, in: session)
        }
    }
}
