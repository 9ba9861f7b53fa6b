import DeskKit
import DeskWeb
import Portals

/// The inbox of the built-in provider.
struct InboxPage: Page {
    static let template = "messaging/inbox"
    let tabs: [Tab]
    let entries: [InboxEntry]
    let hasEntries: Bool
    let nothing: EmptyView?
    let pager: PagerView

    struct Tab: Sendable {
        let href: String
        let text: String
        let isChosen: Bool
    }

    init(_ entries: [InboxEntry], channel: Channel?, _ words: MessageWords, pager: PagerView) {
        let all = Tab(href: "/messaging/inbox", text: words.words("messaging.inbox.all"), isChosen: channel == nil)
        tabs =
            [all]
            + Channel.allCases.map {
                Tab(
                    href: "/messaging/inbox?channel=\($0.rawValue)",
                    text: words.words("messaging.inbox.\($0.rawValue)"),
                    isChosen: channel == $0
                )
            }
        self.entries = entries
        hasEntries = !entries.isEmpty
        nothing =
            entries.isEmpty
            ? EmptyView(title: words.words("messaging.inbox.none"), text: words.words("messaging.inbox.none_help"))
            : nil
        self.pager = pager
    }
}

/// One message as its recipient sees it.
struct InboxEntry: Sendable {
    let id: String
    let recipient: String
    let by: String
    let subject: String?
    let body: String
    let file: String?
    let time: String
    let datetime: String
    let portal: String

    init(_ row: InboxRow, _ profiles: [PortalProfile], _ words: MessageWords) {
        id = "m\(row.id)"
        recipient = row.recipient
        by = words.channel(row.channel)
        subject = row.subject.isEmpty ? nil : row.subject
        body = row.body
        file = row.fileName
        time = words.words.recent(row.received, today: row.today)
        datetime = row.received.iso.replacing(" ", with: "T")
        portal = profiles.first { $0.id == row.portalID }?.name ?? ""
    }
}
