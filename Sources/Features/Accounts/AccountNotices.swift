import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import Messaging
import Portals
import Postgres

/// What tells a client of a change to the account. Every letter may name portal, login and the helpdesk's phone.
struct AccountNotices: Sendable {
    let outbox: Outbox
    let site: DeskSite

    /// Whom a letter is for.
    struct Holder: Sendable {
        let account: AccountID
        let client: ClientID?
        let login: String
        let language: String
        let phone: String?
        let email: String?

        /// The one place for codes and everyday notices.
        var recipient: Recipient? { Recipient(phone: phone, email: email) }

        /// Every place, for what its owner must hear of by any way.
        var everywhere: [Recipient] {
            [Recipient(phone: phone, email: nil), Recipient(phone: nil, email: email)].compactMap { $0 }
        }
    }

    /// Answers the message's key. Throws `Outbox.Refusal`, `PostgresError`.
    @discardableResult
    func send(
        kind: String,
        to recipient: Recipient,
        of holder: Holder,
        portal: PortalProfile,
        values: [String: String] = [:],
        secret: Bool = false,
        minutes: Int? = nil,
        in session: Session
    ) throws -> MessageID {
        let standard = [
            "portal": portal.name, "login": holder.login, "support": Self.support(portal),
        ]
        return try outbox.enqueue(
            OutgoingMessage(
                kind: kind,
                channel: recipient.channel,
                portal: portal.id,
                client: holder.client,
                account: holder.account,
                subject: .account(holder.account),
                recipient: recipient.value,
                language: holder.language,
                values: standard.merging(values) { $1 },
                secret: secret,
                notAfter: minutes.map { Date(timeIntervalSinceNow: Double($0) * 60) }
            ),
            in: session
        )
    }

    /// To a client as such, about an account that acts for it: sent again it stays with the client.
    func sendToClient(
        kind: String,
        to recipient: Recipient,
        _ client: NamedClient,
        of account: AccountID,
        language: String,
        portal: PortalProfile,
        values: [String: String],
        in session: Session
    ) throws {
        try outbox.enqueue(
            OutgoingMessage(
                kind: kind,
                channel: recipient.channel,
                portal: portal.id,
                client: client.clientID,
                account: nil,
                subject: .account(account),
                recipient: recipient.value,
                language: language,
                values: ["portal": portal.name, "support": Self.support(portal)].merging(values) { $1 }
            ),
            in: session
        )
    }

    func words(_ language: String) -> Words {
        site.words(Language(rawValue: language) ?? .english)
    }

    /// The phone of the line for sign-ins, else of the first line; the portal's name where it has none.
    static func support(_ portal: PortalProfile) -> String {
        let lines = portal.rules.support
        return (lines.first { $0.topic == .signIn } ?? lines.first)?.phone ?? portal.name
    }
}

/// Lines of the trail about an account, one for each client it acts for, so that each client's timeline has it.
struct AccountTrail: Sendable {
    let audit: AuditTrail

    func record(
        _ action: String,
        of account: AccountID,
        clients: [ClientID],
        portal: PortalID,
        by actor: Actor,
        facts: [String: String] = [:],
        personal: [String: String] = [:],
        in session: Session
    ) throws {
        let all: [ClientID?] = clients.isEmpty ? [nil] : clients
        for client in all {
            try audit.record(
                AuditEvent(
                    action,
                    portal: portal,
                    by: actor,
                    on: .account(account),
                    client: client,
                    facts: facts,
                    personal: personal
                ),
                in: session
            )
        }
    }
}
