import DeskKit
import JobRunner
import Postgres

/// Whom a run addressed, and what became of each: the state of the message where there is one.
struct ReminderRecipients: ListsRunRecipients {
    let subject: RuleSubject

    var handler: String { subject.handler }

    func recipients(
        of run: RunID,
        portal: PortalID,
        outcome: String?,
        page: PageRequest,
        in session: Session
    ) throws -> PageSlice<RunRecipient> {
        let rows = try session.all(
            RemindersQueries.runRecipients,
            [
                "portal": portal, "run": run, "outcome": outcome,
                "edge": page.key.flatMap { $0.parts.first }.flatMap { Int64($0) }, "backward": page.isBackward,
                "limit": page.limit,
            ]
        )
        return PageSlice(fetched: rows, request: page) { PageKey("\($0.id)") }.map(recipient)
    }

    func counts(of run: RunID, portal: PortalID, in session: Session) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for row in try session.all(RemindersQueries.runCounts, ["portal": portal, "run": run]) {
            counts[row.outcome, default: 0] += row.number
            if let reason = row.reason { counts["\(row.outcome).\(reason)", default: 0] += row.number }
        }
        return counts
    }

    private func recipient(_ row: RecipientRow) -> RunRecipient {
        let contact = Contact(row.remindBy, phone: row.phone, email: row.email)
        return RunRecipient(
            client: row.clientID,
            clientName: row.clientName,
            account: row.accountID,
            channel: contact.channel,
            recipient: row.hint ?? contact.masked,
            subjectKind: row.subjectKind.rawValue,
            subject: ReminderSubject.text(row.contract, row.instalment, row.policy),
            dueDate: row.dueDate,
            outcome: row.outcome,
            reason: row.reason
        )
    }
}
