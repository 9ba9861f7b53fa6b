import Access
import Clients
import DeskKit
import DeskWeb
import Portals
import Postgres
import Requests

/// What the client asked for, and the way to open a new request.
struct RequestsPanel: ClientPanel {
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.requestsView, client.portal.id) else { return nil }
        let words = client.words
        let mayOpen = client.staff.may(.requestsHandle, client.portal.id)
        let rows = try RequestsOfClient().rows(client.id, client.portal.id, in: session)
        return ClientPanelView(
            id: "requests",
            title: words("requests.panel"),
            columns: ["number", "kind", "due", "state"].map { .init(words("requests.column.\($0)")) },
            rows: rows.map { row in
                [
                    .init(row.number(words), href: "/requests/\(client.portal.key)/\(row.id)", keep: true),
                    .init(row.kindText(words)),
                    .init(row.isOpen ? words.relative(row.effectiveDue, to: row.today) : "–", keep: true),
                    .init(row.tag(words)),
                ]
            },
            empty: words("requests.panel_empty"),
            href: mayOpen ? "/requests/\(client.portal.key)/new?client=\(client.id)" : nil,
            action: mayOpen ? words("requests.panel_open") : nil
        )
    }
}

/// What was decided about the client and lies over the book until the main system has it; nil where nothing does.
struct PendingChangesPanel: ClientPanel {
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.requestsView, client.portal.id) else { return nil }
        let words = client.words
        let pending = try RequestsOfClient().pending(client.id, client.portal.id, in: session)
        guard !pending.isEmpty else { return nil }
        return ClientPanelView(
            id: "pending-changes",
            title: words("requests.panel_changes"),
            columns: ["field", "new", "since"].map { .init(words("requests.table.\($0)")) },
            rows: pending.map { change in
                [
                    .init(change.label(words)),
                    .init(change.shown, href: "/requests/\(client.portal.key)/\(change.requestID)"),
                    .init(words.recent(change.since, today: client.today), keep: true),
                ]
            },
            empty: words("requests.table.nothing_remains")
        )
    }
}
