import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// What a run of a date would do; nothing is written.
struct PreviewPage: Page {
    static let template = "operations/preview"
    let back: String
    let title: String
    let portal: String
    let date: String
    let on: FieldView
    let problems: ProblemsView?
    let funnel: [FunnelRow]
    let recipients: [RecipientRow]
    let hasRecipients: Bool
    let isAnswered: Bool
    let pager: PagerView?
}

/// One recipient of a run or a preview.
struct RecipientRow: Sendable {
    let href: String
    let client: String
    let by: String
    let subject: String
    let due: String
    let outcome: TagView
    let reason: String
    /// Where the story of this client and due date is told, for those who may read it.
    let why: String?

    init(_ recipient: RunRecipient, portalKey: String, seesWhy: Bool, _ words: JobWords) {
        href = "/clients/\(portalKey)/\(recipient.client)"
        client = recipient.clientName
        let channel = recipient.channel.map { words.said("operations.channel.\($0)", else: $0) }
        by = [channel, recipient.recipient].compactMap { $0 }.joined(separator: " ")
        let kind = words.said("operations.subject.\(recipient.subjectKind)", else: recipient.subjectKind)
        subject = "\(kind) \(recipient.subject)"
        due = words.words.shortDate(recipient.dueDate)
        outcome = words.outcome(recipient.outcome)
        reason = words.recipientReason(recipient.reason)
        why = seesWhy ? "/reminders/\(portalKey)/why/\(recipient.client)?due=\(recipient.dueDate.iso)" : nil
    }
}

/// Counts by outcome as bars, the largest first; reasons of skipping stand under "skip".
enum Funnel {
    private static let order = [
        "send", "planned", "sent", "handed_over", "confirmed", "refused", "uncertain", "cancelled", "skip", "skipped",
    ]

    static func rows(_ counts: [String: Int], _ words: JobWords) -> [FunnelRow] {
        let maximum = counts.values.max() ?? 1
        return counts.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }.map { name, count in
            FunnelRow(
                label: label(name, words),
                count: count,
                of: maximum,
                tone: words.outcome(name).tone,
                words: words.words
            )
        }
    }

    private static func rank(_ name: String) -> Int {
        let head = String(name.prefix { $0 != "." })
        return (order.firstIndex(of: head) ?? order.count) * 2 + (head == name ? 0 : 1)
    }

    private static func label(_ name: String, _ words: JobWords) -> String {
        guard let dot = name.firstIndex(of: ".") else { return words.outcome(name).text }
        return words.recipientReason(String(name[name.index(after: dot)...]))
    }
}

/// `/operations/jobs/{portal}/{schedule}/preview?on=DATE`.
struct PreviewRoutes: Sendable {
    let feature: OperationsFeature

    func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .operationsView)
        let name = try context.parameters.require("schedule")
        let staff = try context.signedIn()
        var read = FormReader(Form([("on", request.query("on") ?? "")]))
        let date = request.query("on").flatMap { _ in read.date("on") }
        let ask = request.pageRequest(parts: 1)
        let feature = feature
        let (line, preview) = try await feature.desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            let line = try session.all(OperationsQueries.schedules, ["portals": [portal.id], "name": name]).first
            guard let line, let source = feature.preview(of: line.handler) else { throw PageError.notFound }
            let preview = try date.map { try source.preview(portal: portal.id, date: $0, page: ask, in: session) }
            return (line, preview)
        }
        let words = JobWords(context.words)
        let fields = Fields(context.words, form: read.form, errors: read.errors)
        let page = PreviewPage(
            back: ScheduleCard.href(line),
            title: words.title(name),
            portal: portal.name,
            date: date.map { context.words.fullDate($0) } ?? "",
            on: fields.date("on", "operations.field.preview_date", line.today),
            problems: fields.problems,
            funnel: preview.map { Funnel.rows($0.counts, words) } ?? [],
            recipients: preview?.recipients.rows.map {
                RecipientRow($0, portalKey: portal.key, seesWhy: staff.may(.remindersView, portal.id), words)
            } ?? [],
            hasRecipients: preview?.recipients.rows.isEmpty == false,
            isAnswered: preview != nil,
            pager: preview.map { PagerView($0.recipients, request) }
        )
        return try context.render(page, status: read.errors.isEmpty ? .ok : .unprocessableContent)
    }
}
