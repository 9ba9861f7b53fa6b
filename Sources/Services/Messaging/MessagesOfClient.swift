package import DeskKit
package import Portals
package import Postgres

/// What was written to one client, for the client's page.
package struct MessagesOfClient: Sendable {
    package struct Row: Sendable {
        package let id: MessageID
        /// When it was planned, by the portal's clock.
        package let time: CivilDateTime
        /// In words by `MessageWords`.
        package let kind: String
        package let channel: Channel
        /// The recipient, masked.
        package let hint: String
        package let state: MessageState
        /// A code; in words by `MessageWords`.
        package let reason: String?
    }

    package init() {}

    /// Newest first. Its page is `/messaging/{portal}/{id}`. Throws `PostgresError`.
    package func rows(client: ClientID, portal: PortalID, limit: Int, in session: Session) throws -> [Row] {
        try session.all(
            MessagingQueries.messagesOfClient,
            ["portal": portal, "client": client, "limit": limit]
        ).map {
            Row(
                id: $0.id,
                time: $0.planned,
                kind: $0.kind,
                channel: $0.channel,
                hint: $0.recipientHint,
                state: $0.state,
                reason: $0.reason
            )
        }
    }
}
