import Audit
import DeskWeb
import Portals
import Postgres

/// What happened to the client, from every room, in words. Personal values stay closed: opening one would be a look of
/// its own, with its own row in the trail.
struct HistoryPanel: ClientPanel {
    let audit: AuditTrail
    let words: AuditWords

    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        let lines = try audit.history(
            ofClient: client.id,
            portal: client.portal.id,
            limit: 20,
            opening: false,
            in: session
        )
        return ClientPanelView(
            id: "history",
            title: client.words("clients.history.title"),
            entries: words.entries(lines, today: client.today, client.words),
            empty: client.words("clients.history.empty")
        )
    }
}
