package import Audit
package import DeskKit
import FoundationEssentials
import Messaging
package import Portals
package import Postgres
import Secrets

/// A portal user as the approved application describes it.
package struct NewAccount: Sendable {
    package var login: String
    package var personName: String
    package var phone: String?
    package var email: String?
    package var rights: [String]
    package var language: String
    package var remindDaysBefore: Int?
    package var remindBy: String
    package var smsPassword: Bool

    package init(
        login: String,
        personName: String,
        phone: String?,
        email: String?,
        rights: [String],
        language: String,
        remindDaysBefore: Int?,
        remindBy: String,
        smsPassword: Bool
    ) {
        self.login = login
        self.personName = personName
        self.phone = phone
        self.email = email
        self.rights = rights
        self.language = language
        self.remindDaysBefore = remindDaysBefore
        self.remindBy = remindBy
        self.smsPassword = smsPassword
    }
}

/// Makes the accounts of an application, all or none: account, access, a code for the first sign-in and its message.
package struct ActivateAccounts: Sendable {
    /// Which user, counted from 0, stands in the way.
    package enum Refusal: Error, Hashable, Sendable {
        case loginTaken(user: Int)
        case nowhereToSend(user: Int)
    }

    /// One account of the answer, in the order of the users.
    package struct Made: Sendable {
        package let account: AccountID
        package let isNew: Bool
    }

    let audit: AuditTrail
    let outbox: Outbox
    let codes: OneTimeCodes
    let companyCodes: CompanyCodeBook

    /// Throws `Refusal`, `PostgresError`; the caller's transaction is rolled back by either.
    package func callAsFunction(
        _ users: [NewAccount],
        client: ClientID,
        application: ApplicationID,
        portal: PortalProfile,
        by actor: Actor,
        in session: Session
    ) throws -> [Made] {
        let realm = portal.rules.loginKind == .companyCode ? client.rawValue : 0
        if portal.rules.loginKind == .companyCode {
            try companyCodes.bind(application, to: client, portal: portal.id, in: session)
        }
        return try users.enumerated().map { position, user in
            try make(
                user,
                position: position,
                Context(
                    realm: realm,
                    client: client,
                    application: application,
                    portal: portal,
                    actor: actor
                ),
                in: session
            )
        }
    }

    private struct Context {
        let realm: Int64
        let client: ClientID
        let application: ApplicationID
        let portal: PortalProfile
        let actor: Actor
    }

    private func make(_ user: NewAccount, position: Int, _ context: Context, in session: Session) throws -> Made {
        let portal = context.portal
        if let known = try session.first(
            AccountsQueries.accountOfLogin,
            ["portal": portal.id, "realm": context.realm, "login": user.login]
        ) {
            // One login, several customers (L6): the same contact proves the same person; another's login is taken.
            guard known.phone == user.phone, known.email?.lowercased() == user.email?.lowercased() else {
                throw Refusal.loginTaken(user: position)
            }
            try give(user.rights, to: known.id, context, in: session)
            return Made(account: known.id, isNew: false)
        }
        let first = portal.rules.firstCodeChannel
        guard let recipient = Recipient(phone: user.phone, email: user.email, first: first) else {
            throw Refusal.nowhereToSend(user: position)
        }
        let account = try add(user, context, in: session)
        try give(user.rights, to: account, context, in: session)
        let hours = portal.rules.firstCodeHours
        guard
            let code = try codes.issue(
                .firstSignIn,
                to: account,
                portal: portal.id,
                minutes: hours * 60,
                in: session
            )
        else { throw Refusal.loginTaken(user: position) }
        try outbox.enqueue(
            OutgoingMessage(
                kind: "accounts.first_code",
                channel: recipient.channel,
                portal: portal.id,
                client: context.client,
                account: account,
                subject: .account(account),
                recipient: recipient.value,
                language: user.language,
                values: ["code": code.reveal(), "portal": portal.name, "hours": String(hours), "login": user.login],
                secret: true,
                notAfter: Date(timeIntervalSinceNow: Double(hours) * 3600)
            ),
            in: session
        )
        return Made(account: account, isNew: true)
    }

    private func add(_ user: NewAccount, _ context: Context, in session: Session) throws -> AccountID {
        let account = try session.one(
            AccountsQueries.addAccount,
            [
                "portal": context.portal.id, "realm": context.realm, "login": user.login,
                "person_name": user.personName, "phone": user.phone, "email": user.email, "language": user.language,
                "sms_password": user.smsPassword, "remind_days_before": user.remindDaysBefore,
                "remind_by": user.remindBy, "application": context.application.rawValue,
            ]
        )
        try session.run(AccountsQueries.addAccountTerms, ["portal": context.portal.id, "account": account.rawValue])
        try audit.record(
            AuditEvent(
                "account.opened",
                portal: context.portal.id,
                by: context.actor,
                on: .account(account),
                client: context.client,
                facts: ["application": context.application.description],
                personal: ["name": user.personName, "login": user.login]
            ),
            in: session
        )
        return account
    }

    private func give(_ rights: [String], to account: AccountID, _ context: Context, in session: Session) throws {
        try session.run(
            AccountsQueries.addAccess,
            [
                "portal": context.portal.id, "account": account.rawValue, "client": context.client.rawValue,
                "rights": rights,
            ]
        )
        try audit.record(
            AuditEvent(
                "access.given",
                portal: context.portal.id,
                by: context.actor,
                on: .account(account),
                client: context.client,
                facts: ["rights": rights.joined(separator: ", ")]
            ),
            in: session
        )
    }
}

/// Where a code goes: the channel asked for where there is a contact for it, else the other one.
struct Recipient: Sendable {
    let channel: Channel
    let value: String

    init?(phone: String?, email: String?, first: Channel = .sms) {
        let known: [Channel: String?] = [.sms: phone, .email: email]
        let order: [Channel] = first == .sms ? [.sms, .email] : [.email, .sms]
        guard let channel = order.first(where: { known[$0] ?? nil != nil }), let value = known[channel] ?? nil else {
            return nil
        }
        (self.channel, self.value) = (channel, value)
    }
}
