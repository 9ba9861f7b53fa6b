import Audit
package import Messaging
package import Postgres

/// Asks once more, as a message is handed over: paid, renewed, moved, the account closed or its access ended meanwhile.
/// The message is then cancelled with that reason; its reminder stays *sent*, and pages show the message's state. A
/// phone or address that the account changed meanwhile is where the message goes.
package struct ReminderCheck: ChecksBeforeSending {
    package init() {}

    package var kindPrefix: String { "reminders." }
    package var keepsHours: Bool { true }

    package func newRecipient(_ message: CheckedMessage, in session: Session) throws -> String? {
        guard message.subject.kind == "reminder" else { return nil }
        return try session.first(
            RemindersQueries.contact,
            ["portal": message.portal, "reminder": message.subject.id, "channel": message.channel]
        ) ?? nil
    }

    package func reasonToCancel(_ message: CheckedMessage, in session: Session) throws -> String? {
        guard message.subject.kind == "reminder" else { return nil }
        return try session.one(
            RemindersQueries.obstacle,
            ["portal": message.portal, "reminder": message.subject.id]
        )
    }
}
