import DeskKit
import Identifiers
import JobRunner
import Postgres

/// What a run of a date would do, read from the function that the run itself inserts from.
struct ReminderPreview: PreviewsRun {
    let subject: RuleSubject

    var handler: String { subject.handler }

    func preview(
        portal: PortalID,
        date: CivilDate,
        page: PageRequest,
        in session: Session
    ) throws -> RunPreview {
        let place: Parameters = ["subject": subject, "portal": portal, "date": date]
        let edge = Edge(page.key)
        let rows = try session.all(
            RemindersQueries.preview,
            place.merging([
                "edge_subject": edge?.subject, "edge_account": edge?.account, "edge_step": edge?.step,
                "backward": page.isBackward, "limit": page.limit,
            ]) { $1 }
        )
        var counts: [String: Int] = [:]
        for row in try session.all(RemindersQueries.previewCounts, place) {
            guard let reason = row.reason else {
                counts["send", default: 0] += row.number
                continue
            }
            counts["skip", default: 0] += row.number
            counts["skip.\(reason)", default: 0] += row.number
        }
        let slice = PageSlice(fetched: rows, request: page) { Edge($0).key }
        return RunPreview(recipients: slice.map(recipient), counts: counts)
    }

    private func recipient(_ row: PreviewRow) -> RunRecipient {
        let contact = Contact(row.remindBy, phone: row.phone, email: row.email)
        return RunRecipient(
            client: row.clientID,
            clientName: row.clientName,
            account: row.accountID,
            channel: contact.channel,
            recipient: contact.masked,
            subjectKind: subject.rawValue,
            subject: ReminderSubject.text(row.contract, row.instalment, row.policy),
            dueDate: row.dueDate,
            outcome: row.reason == nil ? "send" : "skip",
            reason: row.reason
        )
    }

    /// Where a page begins: what it is about, for whom, which step, in one part.
    private struct Edge {
        let subject: Int64
        let account: Int64
        let step: Int

        init(_ row: PreviewRow) {
            subject = row.subjectID
            account = row.accountID?.rawValue ?? 0
            step = row.step
        }

        init?(_ key: PageKey?) {
            let numbers = key?.parts.first?.split(separator: ".").compactMap { Int64($0) } ?? []
            guard numbers.count == 3, let step = Int16(exactly: numbers[2]) else { return nil }
            (subject, account, self.step) = (numbers[0], numbers[1], Int(step))
        }

        var key: PageKey { PageKey("\(subject).\(account).\(step)") }
    }
}

/// Where an account is written to, as pages show it.
struct Contact: Sendable {
    let channel: String?
    let masked: String?

    init(_ remindBy: String?, phone: String?, email: String?) {
        switch remindBy {
        case "sms":
            channel = remindBy
            masked = phone.map { Self.masked($0, .e164) }
        case "email":
            channel = remindBy
            masked = email.map { Self.masked($0, .email) }
        default:
            channel = nil
            masked = nil
        }
    }

    /// "+48 ••• ••• 127", with the ledger's dots.
    private static func masked(_ value: String, _ kind: IdentifierKind) -> String {
        kind.masked(value).replacing("*", with: "•")
    }
}

/// The number under which a client knows what it is reminded of.
enum ReminderSubject {
    static func text(_ contract: String?, _ instalment: Int?, _ policy: String?) -> String {
        if let policy { return policy }
        return [contract, instalment.map(String.init)].compactMap { $0 }.joined(separator: " / ")
    }
}
