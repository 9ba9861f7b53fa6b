import Audit
import DeskKit
import Portals
import Postgres
import Secrets

/// The one-use code of an activation, typed with the login it was sent for.
struct RedeemForm: Decodable, Sendable {
    let companyCode: String?
    let login: String
    let code: String
}

/// Redeems a one-use code or a temporary password: the answer is a session that may do one thing, set the own password.
struct RedeemCode: Sendable {
    enum Refusal: Error, Hashable, Sendable {
        /// Wrong, used, void or too old, or nobody of that login: one answer for all (L4, L14).
        case wrongCode
    }

    let database: Database
    let audit: AuditTrail
    let sessions: AccountSessions
    let codes: OneTimeCodes
    let logins: LoginFinder

    /// Throws `Refusal`, `PostgresError`. A wrong try is counted even though it is refused.
    func callAsFunction(_ form: RedeemForm, portal: PortalProfile) async throws -> OpenedSession {
        let opened = try await database.transaction(.portal(portal.id)) { session -> OpenedSession? in
            guard let account = try logins.find(form.companyCode, form.login, portal: portal, in: session),
                let purpose = try redeem(form, account, portal, in: session)
            else { return nil }
            try AccountTrail(audit: audit).record(
                "account.code_redeemed",
                of: account.id,
                clients: try sessions.clients(of: account.id, portal: portal.id, in: session),
                portal: portal.id,
                by: .account(account.id),
                facts: ["purpose": purpose.rawValue],
                in: session
            )
            return try sessions.open(.setPassword, for: account.id, portal: portal.id, in: session)
        }
        guard let opened else { throw Refusal.wrongCode }
        return opened
    }

    /// Which of the codes that may be open for this account it was; each open one is a try poorer.
    private func redeem(
        _ form: RedeemForm,
        _ account: AccountRow,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> CodePurpose? {
        let purposes: [CodePurpose] =
            switch account.state {
            case .invited: [.firstSignIn, .temporaryPassword]
            case .active: [.temporaryPassword, .recoveryCode]
            case .locked, .closed: []
            }
        return try purposes.first { purpose in
            try codes.redeem(
                Redacted(form.code),
                purpose,
                of: account.id,
                portal: portal.id,
                tries: portal.rules.codeTries,
                in: session
            )
        }
    }
}
