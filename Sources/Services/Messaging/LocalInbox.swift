package import DeskKit
package import Postgres

/// What the built-in provider received, read by the program itself: the demo's clients look at their phones here.
package enum LocalInbox {
    /// The newest text that came to this phone or mailbox; nil for none. Throws `PostgresError`.
    package static func newest(for recipient: String, portal: PortalID, in session: Session) throws -> String? {
        try session.first(MessagingQueries.newestReceived, ["portal": portal, "recipient": recipient])
    }
}
