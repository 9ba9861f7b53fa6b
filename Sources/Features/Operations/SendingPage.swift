import DeskKit
import DeskWeb
import Messaging
import Portals

struct FenceLine: Decodable, Sendable {
    let id: Int64
    let cause: String
    let raised: CivilDateTime
    let marked: CivilDateTime?
    let markedBy: String?
    let reason: String?
    let today: CivilDate
    let lines: Int
}

struct JournalRow: Decodable, Sendable {
    let id: Int64
    let kind: String
    let channel: Channel
    let handed: CivilDateTime
    let answer: String?
    let messageID: MessageID?
    let recipientHint: String?
    let clientID: ClientID?
    let client: String?
    let today: CivilDate
}

struct TroubleLine: Decodable, Sendable {
    let host: String
    let code: String
    let since: CivilDateTime
    let today: CivilDate
}

/// Where sending of a portal stands still, and why.
struct SendingPage: Page {
    static let template = "operations/sending"
    let path: String
    let portal: String
    let isStopped: Bool
    let nothing: EmptyView?
    /// What happened, in a sentence.
    let cause: String?
    let since: String?
    let count: String?
    let marked: String?
    let fence: String
    let seen: String
    let mayAct: Bool
    let problems: ProblemsView?
    let reason: FieldView
    let rows: [JournalLineView]
    let hasRows: Bool
    let troubles: [String]
    let hasTroubles: Bool
    let pager: PagerView

    struct Content: Sendable {
        let portal: PortalProfile
        let fence: FenceLine?
        let lines: [JournalRow]
        let troubles: [TroubleLine]
        let mayAct: Bool
    }

    init(_ content: Content, _ words: MessageWords, fields: Fields, pager: PagerView) {
        let text = words.words
        let line = content.fence
        path = Self.href(content.portal.key)
        portal = content.portal.name
        isStopped = line.map { $0.marked == nil } ?? false
        cause = line.map { text("operations.sending.cause.\($0.cause)") }
        since = line.map { text.recent($0.raised, today: $0.today) }
        count = line.map { text.number($0.lines) }
        marked = line.flatMap { line in
            guard let at = line.marked, let who = line.markedBy, let reason = line.reason else { return nil }
            let when = text.recent(at, today: line.today)
            return text(
                "operations.sending.marked",
                ["who": .text(who), "when": .text(when), "reason": .text(reason)]
            )
        }
        fence = line.map { String($0.id) } ?? ""
        seen = line.map { String($0.lines) } ?? ""
        mayAct = content.mayAct && isStopped
        problems = fields.problems
        reason = fields.text("reason", "operations.field.reason", hint: "operations.hint.reason", max: 300)
        rows = content.lines.map { JournalLineView($0, content.portal.key, words) }
        hasRows = !rows.isEmpty
        troubles = content.troubles.map { trouble in
            text(
                "operations.sending.trouble.\(trouble.code)",
                ["host": .text(trouble.host), "since": .text(text.recent(trouble.since, today: trouble.today))]
            )
        }
        hasTroubles = !troubles.isEmpty
        nothing =
            line == nil && troubles.isEmpty
            ? EmptyView(title: text("operations.sending.none.title"), text: text("operations.sending.none.text"))
            : nil
        self.pager = pager
    }

    static func href(_ portal: String) -> String { "/operations/sending/\(portal)" }
}

/// One hand-over that this database did not know.
struct JournalLineView: Sendable {
    let at: String
    let kind: String
    let channel: String
    let to: String?
    let messageHref: String?
    let client: String?
    let clientHref: String?
    let answer: String

    init(_ row: JournalRow, _ portal: String, _ words: MessageWords) {
        at = words.words.recent(row.handed, today: row.today)
        kind = words.kind(row.kind)
        channel = words.channel(row.channel)
        to = row.recipientHint
        messageHref = row.messageID.map { "/messaging/\(portal)/\($0)" }
        client = row.client
        clientHref = row.clientID.map { "/clients/\(portal)/\($0)" }
        answer = words.words("operations.sending.answer.\(row.answer ?? "none")")
    }
}
