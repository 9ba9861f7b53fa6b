import Audit
import DeskKit
import DeskWeb
import JobRunner
import Messaging
import Portals
import Postgres

/// Tells a portal's users of a version that changes what they must know: some hundred at a time, each once. Enqueued by
/// the approval, so that they know before it takes effect.
struct TellClients: JobHandler {
    static let kind = "texts.tell"
    static let queue = "texts"
    static let maxAttempts = 5
    static let timeout = Duration.seconds(120)

    struct Order: Codable, Sendable, Hashable {
        let version: TextVersionID
        /// The last account that was told.
        let after: AccountID
    }

    struct Recipient: Decodable, Sendable {
        let accountID: AccountID
        let clientID: ClientID?
        let language: String
        let email: String?
        let phone: String?
        let title: String
        let day: CivilDate
        let portalName: String
    }

    let outbox: Outbox
    let jobs: JobQueue
    let catalog: Catalog
    var chunk = 200

    func run(_ job: JobContext) async throws -> JobOutcome {
        let order = try job.decode(Order.self)
        let portal = job.portal
        try await job.transaction { try tell(order, portal: portal, in: $0) }
        return .done
    }

    func tell(_ order: Order, portal: PortalID, in session: Session) throws {
        let recipients = try session.all(
            TextsQueries.clientsToTell,
            ["portal": portal, "version": order.version, "after": order.after, "limit": chunk]
        )
        for recipient in recipients {
            let message = try write(recipient, order.version, portal, in: session)
            try session.run(
                TextsQueries.noteTold,
                [
                    "portal": portal, "version": order.version, "account": recipient.accountID, "message": message,
                    "reason": message == nil ? "no_contact" : nil,
                ]
            )
        }
        guard recipients.count == chunk, let last = recipients.last else { return }
        let next = Order(version: order.version, after: last.accountID)
        try jobs.enqueue(Self.self, portal: portal, payload: next, in: session)
    }

    /// By e-mail where there is one, else by SMS; nil where there is neither, or none that a gateway takes.
    private func write(
        _ recipient: Recipient,
        _ version: TextVersionID,
        _ portal: PortalID,
        in session: Session
    ) throws -> MessageID? {
        guard let address = recipient.email ?? recipient.phone, !address.isEmpty else { return nil }
        let words = Words(catalog, Language(rawValue: recipient.language) ?? .english)
        do {
            return try outbox.enqueue(
                OutgoingMessage(
                    kind: "texts.notice",
                    channel: recipient.email == nil ? .sms : .email,
                    portal: portal,
                    client: recipient.clientID,
                    account: recipient.accountID,
                    subject: Subject("text_version", version.rawValue),
                    recipient: address,
                    language: recipient.language,
                    values: [
                        "portal": recipient.portalName, "title": recipient.title, "day": words.date(recipient.day),
                    ]
                ),
                in: session
            )
        } catch Outbox.Refusal.badRecipient {
            return nil
        } catch Outbox.Refusal.noTemplate {
            throw JobFailure("no_template")
        }
    }
}
