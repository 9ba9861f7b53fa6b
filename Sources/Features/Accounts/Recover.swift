import Access
import Audit
import DeskKit
import Portals
import Postgres
import Secrets

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
    /// So long a recovery is good for, in minutes.
    static let minutes = 30

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
        let channel =
            way == .smsCode
            ? try sendCode(holder, portal, in: session) : try sendLink(holder, portal, in: session)
        guard let channel else { return }
        try room.trail.record(
            "account.recovery_sent",
            of: account.id,
            clients: clients,
            portal: portal.id,
            by: .account(account.id),
            facts: ["channel": channel.rawValue],
            in: session
        )
    }

    private func sendCode(
        _ holder: AccountNotices.Holder,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> Channel? {
        guard let recipient = Recipient(phone: holder.phone, email: nil),
            let code = try room.codes.issue(
                .recoveryCode,
                to: holder.account,
                portal: portal.id,
                minutes: Self.minutes,
                in: session
            )
        else { return nil }
        try room.notices.send(
            kind: "accounts.recovery_code",
            to: recipient,
            of: holder,
            portal: portal,
            values: ["code": code.reveal(), "minutes": "\(Self.minutes)"],
            secret: true,
            minutes: Self.minutes,
            in: session
        )
        return recipient.channel
    }

    private func sendLink(
        _ holder: AccountNotices.Holder,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> Channel? {
        guard let recipient = Recipient(phone: nil, email: holder.email),
            let token = try room.codes.issueLink(
                .recoveryLink,
                to: holder.account,
                portal: portal.id,
                minutes: Self.minutes,
                in: session
            )
        else { return nil }
        try room.notices.send(
            kind: "accounts.recovery_link",
            to: recipient,
            of: holder,
            portal: portal,
            values: [
                "link": "\(portal.rules.callerRules.portalURL)/password/\(token.reveal())",
                "minutes": "\(Self.minutes)",
            ],
            secret: true,
            minutes: Self.minutes,
            in: session
        )
        return recipient.channel
    }
}
