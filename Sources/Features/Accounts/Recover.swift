import Access
import Audit
import DeskKit
import Portals
import Postgres

/// Who forgot the password, as the portal's page asks.
struct RecoveryForm: Decodable, Sendable {
    let companyCode: String?
    let login: String
}

/// Lets a client in again by the portal's way (K7, L4, A2). Whatever was typed, the answer is the same and takes the
/// same time (L14); nobody learns from it who has an account.
struct Recover: Sendable {
    /// The portal offers no recovery of its own: another entitled user or the helpdesk helps (M11).
    struct ByStaffOnly: Error {}

    /// Longer than the work takes, so that the answer's time tells nothing.
    static let answerTime = Duration.milliseconds(300)

    let room: AccountsRoom
    let logins: LoginFinder

    /// Throws `ByStaffOnly`, `PostgresError`.
    func callAsFunction(_ form: RecoveryForm, portal: PortalProfile) async throws {
        let way = portal.rules.callerRules.recovery
        guard way != .staff else { throw ByStaffOnly() }
        let clock = ContinuousClock()
        let until = clock.now.advanced(by: Self.answerTime)
        try await room.desk.database.transaction(.portal(portal.id)) { session in
            try send(form, way, portal, in: session)
        }
        try await clock.sleep(until: until)
    }

    private func send(_ form: RecoveryForm, _ way: Recovery, _ portal: PortalProfile, in session: Session) throws {
        guard let account = try logins.find(form.companyCode, form.login, portal: portal, in: session),
            account.state == .active
        else { return }
        let whom: Parameters = ["portal": portal.id, "account": account.id]
        let clients = try session.all(AccountsQueries.accessesOfAccount, whom).map(\.clientID)
        guard !clients.isEmpty else { return }
        let holder = AccountNotices.Holder(
            account: account.id,
            client: clients.first,
            login: account.login,
            language: account.language,
            phone: account.phone,
            email: account.email
        )
        let isCode = way == .smsCode
        let place = isCode ? Recipient(phone: holder.phone, email: nil) : Recipient(phone: nil, email: holder.email)
        let kind = isCode ? SentSecret.recoveryCode : .recoveryLink
        guard let recipient = place,
            try room.letters.send(kind, to: recipient, of: holder, portal: portal, in: session)
        else { return }
        try room.trail.record(
            "account.recovery_sent",
            of: account.id,
            clients: clients,
            portal: portal.id,
            by: .account(account.id),
            facts: ["channel": recipient.channel.rawValue],
            in: session
        )
    }
}
