import Audit
import DeskKit
import DeskWeb
import JobRunner
import Messaging
import Postgres

/// Writes the letters of one chunk: each reminder is looked at once more, and becomes a message or is cancelled with a
/// reason. Done again after it was committed it finds nothing planned and does nothing.
struct SendReminders: JobHandler {
    static let kind = "reminders.send"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(120)

    /// The run's reminders for accounts from one to another.
    struct Chunk: Codable, Sendable, Hashable {
        let first: AccountID
        let last: AccountID
    }

    let outbox: Outbox
    let catalog: Catalog

    func run(_ job: JobContext) async throws -> JobOutcome {
        guard let run = job.run else { throw JobFailure("no_run") }
        let chunk = try job.decode(Chunk.self)
        let portal = job.portal
        try await job.transaction { try send(chunk, portal: portal, run: run, in: $0) }
        return .done
    }

    func send(_ chunk: Chunk, portal: PortalID, run: RunID, in session: Session) throws {
        let rows = try session.all(
            RemindersQueries.holdPlanned,
            ["portal": portal, "run": run, "first": chunk.first, "last": chunk.last]
        )
        guard !rows.isEmpty else { return }
        var sent: [(id: ReminderID, message: MessageID)] = []
        var cancelled = rows.compactMap { row in row.obstacle.map { (id: row.id, reason: $0) } }
        for letter in Self.letters(rows.filter { $0.obstacle == nil }) {
            if let message = try enqueue(letter, portal: portal, run: run, in: session) {
                sent += letter.map { ($0.id, message) }
            } else {
                cancelled += letter.map { ($0.id, "bad_contact") }
            }
        }
        try settle(sent, cancelled, portal: portal, in: session)
        // Last, since every chunk of the run waits for this row.
        try Runs().add(
            ["sent": sent.count, "cancelled": cancelled.count],
            to: run,
            portal: portal,
            in: session
        )
        try Runs().advance(run, portal: portal, by: rows.count, in: session)
    }

    /// What goes into one letter: one reminder, or all of an account's for a client where the rule says so.
    static func letters(_ rows: [HeldReminder]) -> [[HeldReminder]] {
        var letters: [[HeldReminder]] = []
        for row in rows {
            let place = letters.firstIndex { letter in
                guard let first = letter.first, row.consolidates else { return false }
                return first.consolidates && first.accountID == row.accountID && first.clientID == row.clientID
                    && first.ruleID == row.ruleID
            }
            if let place { letters[place].append(row) } else { letters.append([row]) }
        }
        return letters
    }

    private func settle(
        _ sent: [(id: ReminderID, message: MessageID)],
        _ cancelled: [(id: ReminderID, reason: String)],
        portal: PortalID,
        in session: Session
    ) throws {
        if !sent.isEmpty {
            try session.run(
                RemindersQueries.markSent,
                ["portal": portal, "ids": sent.map(\.id), "messages": sent.map(\.message)]
            )
        }
        if !cancelled.isEmpty {
            try session.run(
                RemindersQueries.markCancelled,
                ["portal": portal, "ids": cancelled.map(\.id), "reasons": cancelled.map(\.reason)]
            )
        }
    }

    /// Nil for a contact that no gateway could take. A missing template fails the job: it is ours to put right, and the
    /// reminders wait.
    private func enqueue(
        _ rows: [HeldReminder],
        portal: PortalID,
        run: RunID,
        in session: Session
    ) throws -> MessageID? {
        guard let first = rows.first else { return nil }
        let letter = ReminderLetter(first, others: Array(rows.dropFirst()), catalog)
        do {
            return try outbox.enqueue(letter.message(portal: portal, run: run), in: session)
        } catch Outbox.Refusal.badRecipient {
            return nil
        } catch Outbox.Refusal.noTemplate {
            throw JobFailure("no_template")
        }
    }
}
