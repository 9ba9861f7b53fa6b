import Access
import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import Hummingbird
import Postgres

/// `/api/unsubscribe/{portal}/{message}/{token}`: where the reader of a message takes back the consent to its kind. A
/// look changes nothing, since mail programs follow links of their own accord; the button does, and so does the one
/// click of a mail program.
struct UnsubscribeRoutes: Sendable {
    private let desk: Desk
    private let address: UnsubscribeAddress
    private let consents: any TakesBackConsent

    init(desk: Desk, consents: any TakesBackConsent) {
        self.desk = desk
        self.consents = consents
        address = UnsubscribeAddress(keyRing: desk.keys, base: nil)
    }

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/api/unsubscribe/{portal}/{message}/{token}"
        router.get("\(path)") { _, context in try await answer(context, takesBack: false) }
        router.post("\(path)") { _, context in try await answer(context, takesBack: true) }
    }

    private func answer(_ context: DeskContext, takesBack: Bool) async throws -> Response {
        let portal = try context.parameters.require("portal", as: PortalID.self)
        guard let reference = UUID(uuidString: try context.parameters.require("message")),
            address.admits(try context.parameters.require("token"), portal, reference)
        else { throw PageError.notFound }
        let (consents, audit) = (consents, desk.audit)
        let row = try await desk.database.transaction(.portal(portal)) { session in
            let row = try session.first(
                MessagingQueries.messageOfNumber,
                ["portal": portal, "reference": reference]
            )
            guard let row, takesBack else { return row }
            let isNew = try consents.takeBack(
                row.kind,
                portal: portal,
                client: row.clientID,
                account: row.accountID,
                once: "unsubscribe \(reference)",
                in: session
            )
            guard isNew else { return row }
            try audit.record(
                AuditEvent(
                    "message.unsubscribed",
                    portal: portal,
                    by: row.accountID.map { .account($0) } ?? .system,
                    on: Subject("message", row.id.rawValue),
                    client: row.clientID,
                    facts: ["kind": row.kind]
                ),
                in: session
            )
            return row
        }
        guard let row else { throw PageError.notFound }
        var context = context
        if let language = Language(rawValue: row.language) { context.page.language = language }
        return try context.render(
            UnsubscribePage(portal: row.portalName, action: address.path(portal, reference), isDone: takesBack)
        )
    }
}

struct UnsubscribePage: Page {
    static let template = "messaging/unsubscribe"
    let portal: String
    let action: String
    let isDone: Bool
}

/// The message whose reader asks.
struct NumberedMessage: Decodable, Sendable {
    let id: MessageID
    let kind: String
    let clientID: ClientID?
    let accountID: AccountID?
    let language: String
    let portalName: String
}
