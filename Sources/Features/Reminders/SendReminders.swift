import DeskKit
import DeskWeb
import JobRunner
import Messaging
import Postgres

/// Writes the letters of a chunk of planned reminders and hands them to the outbox. Each is asked once more whether its
/// reason still stands. All of it is one transaction: killed in the middle it has done nothing.
struct SendReminders: JobHandler {
    static let kind = "reminders.send"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(120)

    /// The run's reminders from one id to another.
    struct Chunk: Codable, Sendable, Hashable {
        let first: ReminderID
        let last: ReminderID
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
        var cancelled: [(id: ReminderID, reason: String)] = []
        for row in rows {
            if let reason = row.obstacle {
                cancelled.append((row.id, reason))
            } else if let message = try enqueue(row, portal: portal, run: run, in: session) {
                sent.append((row.id, message))
            } else {
                cancelled.append((row.id, "bad_contact"))
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
        _ row: HeldReminder,
        portal: PortalID,
        run: RunID,
        in session: Session
    ) throws -> MessageID? {
        do {
            return try outbox.enqueue(ReminderLetter(row, catalog).message(portal: portal, run: run), in: session)
        } catch Outbox.Refusal.badRecipient {
            return nil
        } catch Outbox.Refusal.noTemplate {
            throw JobFailure("no_template")
        }
    }
}
