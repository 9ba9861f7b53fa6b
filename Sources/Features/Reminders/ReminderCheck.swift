import Audit
import DeskKit
package import JobRunner
package import Messaging
package import Postgres

/// Asks once more, as a message is handed over: paid, renewed, moved, the account closed or its access ended meanwhile.
/// The message is then cancelled with that reason; its reminder stays *sent*, and pages show the message's state. A
/// phone or address that the account changed meanwhile is where the message goes.
package struct ReminderCheck: ChecksBeforeSending {
    private let queue: JobQueue

    package init(queue: JobQueue) {
        self.queue = queue
    }

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
        return try obstacle(of: ReminderID(message.subject.id), portal: message.portal, in: session)
    }

    /// What speaks against the message of a reminder. A list of which something is settled is cancelled, and what is
    /// left of it is written anew.
    func obstacle(of reminder: ReminderID, portal: PortalID, in session: Session) throws -> String? {
        let place: Parameters = ["portal": portal, "reminder": reminder]
        let items = try session.all(RemindersQueries.itemsOfMessage, place)
        let gone = items.compactMap { item in item.obstacle.map { (id: item.id, reason: $0) } }
        guard let first = gone.first, let item = items.first else {
            return items.isEmpty ? try session.one(RemindersQueries.obstacle, place) : nil
        }
        guard gone.count < items.count else { return first.reason }
        try session.run(RemindersQueries.planAnew, ["portal": portal, "ids": items.map(\.id)])
        try session.run(
            RemindersQueries.markCancelled,
            ["portal": portal, "ids": gone.map(\.id), "reasons": gone.map(\.reason)]
        )
        try queue.enqueue(
            SendReminders.self,
            portal: portal,
            payload: SendReminders.Chunk(first: item.accountID, last: item.accountID),
            run: item.runID,
            in: session
        )
        return "rewritten"
    }
}

/// One thing that a message reminds of.
struct ItemOfMessage: Decodable, Sendable {
    let id: ReminderID
    let accountID: AccountID
    let runID: RunID
    let obstacle: String?
}
