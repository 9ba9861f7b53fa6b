package import DeskKit
package import DeskWeb
package import Postgres

/// The newest requests of a client, and what was decided about it that the main system does not have yet.
package struct RequestsOfClient: Sendable {
    private let most: Int

    package init(most: Int = 10) {
        self.most = most
    }

    /// Open ones first, then the newest. Throws `PostgresError`.
    package func rows(_ client: ClientID, _ portal: PortalID, in session: Session) throws -> [ClientRequestLine] {
        try session.all(QueueQueries.requestsOfClient, ["portal": portal, "client": client, "limit": most])
    }

    /// The decided changes that lie over the book.
    package func pending(_ client: ClientID, _ portal: PortalID, in session: Session) throws -> [PendingChange] {
        try session.all(QueueQueries.pendingChanges, ["portal": portal, "client": client])
    }
}

/// One value that was decided and that the main system does not have yet.
package struct PendingChange: Decodable, Sendable {
    package let requestID: ClientRequestID
    package let field: ChangeField
    let newValue: String
    /// On the portal's clock.
    package let since: CivilDateTime

    /// The new value as pages show it: a contact masked.
    package var shown: String {
        switch field {
        case .email: MaskedText.email(newValue)
        case .phone: "\(newValue.prefix(3)) ••• ••• \(newValue.suffix(3))"
        default: newValue
        }
    }

    package func label(_ words: Words) -> String { words("requests.field.\(field.rawValue)") }
}

extension ClientRequestLine {
    package func kindText(_ words: Words) -> String { words("requests.kind.\(kind.rawValue)") }
    package func tag(_ words: Words) -> TagView { state.tag(words) }
    package func number(_ words: Words) -> String { words("requests.number_short", ["number": .text("\(id)")]) }
}
