import DeskKit
import DeskWeb
import Portals

/// The list of messages.
struct MessagesPage: Page {
    static let template = "messaging/list"
    let portal: FieldView
    let state: FieldView
    let channel: FieldView
    let rows: [MessageLine]
    let hasRows: Bool
    let nothing: EmptyView?
    let pager: PagerView
    let waiting: String?
    let hasInbox: Bool
    let hasLetters: Bool
    let hasHours: Bool

    init(
        _ filter: MessageFilter,
        choices: [PortalProfile],
        _ rows: [MessageLine],
        _ words: MessageWords,
        pager: PagerView,
        waiting: Int,
        hasInbox: Bool,
        hasLetters: Bool,
        hasHours: Bool
    ) {
        let fields = Fields(words.words)
        portal = filter.portalField(fields, choices)
        state = fields.options(
            "state",
            "messaging.field.state",
            MessageState.allCases.map { (value: $0.rawValue, text: words.state($0).text) },
            chosen: Set([filter.state?.rawValue].compactMap { $0 }),
            isRequired: false
        )
        channel = filter.channelField(fields, words)
        self.rows = rows
        hasRows = !rows.isEmpty
        nothing =
            rows.isEmpty
            ? EmptyView(title: words.words("messaging.none.title"), text: words.words("messaging.none.text")) : nil
        self.pager = pager
        self.waiting =
            waiting == 0
            ? nil
            : words.words(
                "messaging.waiting",
                [
                    "n": .number(min(waiting, CappedCount.limit)),
                    "count": .text(words.words.count(CappedCount(waiting))),
                ]
            )
        self.hasInbox = hasInbox
        self.hasLetters = hasLetters
        self.hasHours = hasHours
    }
}

/// Messages of which nobody knows whether they arrived, oldest first.
struct UncertainPage: Page {
    static let template = "messaging/uncertain"
    let rows: [MessageLine]
    let hasRows: Bool
    let nothing: EmptyView?
    let pager: PagerView

    init(_ rows: [MessageLine], _ words: Words, pager: PagerView) {
        self.rows = rows
        hasRows = !rows.isEmpty
        nothing =
            rows.isEmpty
            ? EmptyView(title: words("messaging.uncertain.none"), text: words("messaging.uncertain.none_help")) : nil
        self.pager = pager
    }
}

/// One message in a list.
struct MessageLine: Sendable {
    let href: String
    let time: String
    let portal: String
    let kind: String
    let by: String
    let to: String
    let client: String?
    let clientHref: String?
    let state: TagView
    let reason: String?

    init(_ row: MessageRow, _ profiles: [PortalProfile], _ words: MessageWords) {
        let profile = profiles.first { $0.id == row.portalID }
        let key = profile?.key ?? ""
        href = "/messaging/\(key)/\(row.id)"
        time = words.words.recent(row.planned, today: row.today)
        portal = profile?.name ?? ""
        kind = words.kind(row.kind)
        by = words.channel(row.channel)
        to = row.recipientHint
        client = row.client
        clientHref = row.clientID.map { "/clients/\(key)/\($0)" }
        state = words.state(row.state)
        reason = words.reason(row.reason, of: row.state == .cancelled ? row.kind : "")
    }
}
