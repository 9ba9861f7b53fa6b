import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// What happened to the client, from every room, in words. Personal values stay closed: opening one would be a look of
/// its own, with its own row in the trail.
struct HistoryPanel: ClientPanel {
    /// So many lines stand on the client's page; the older ones have a page of their own.
    static let size = 20

    let audit: AuditTrail
    let words: AuditWords

    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        let lines = try audit.history(
            ofClient: client.id,
            portal: client.portal.id,
            limit: Self.size + 1,
            opening: false,
            in: session
        )
        let shown = Array(lines.prefix(Self.size))
        let last = lines.count > Self.size ? shown.last : nil
        return ClientPanelView(
            id: "history",
            title: client.words("clients.history.title"),
            entries: words.entries(shown, today: client.today, client.words),
            empty: client.words("clients.history.empty"),
            href: last.map { "/clients/\(client.portal.key)/\(client.id)/history?after=\(PageKey("\($0.id)").text)" },
            action: client.words("clients.history.older")
        )
    }
}

/// The client's timeline by itself, as far back as it goes.
struct HistoryPage: Page {
    static let template = "clients/history"

    let name: String
    let back: String
    let entries: [TimelineEntry]
    let hasEntries: Bool
    let older: String?
    /// Only the law keeps these data, so that each look is recorded.
    let isRestricted: Bool
}

extension ClientsRoutes {
    /// Whoever may see the client's page may read on, by the key of the last line read.
    @Sendable func history(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .clientsView)
        let client = try context.parameters.require("id", as: ClientID.self)
        let (staff, words) = (try context.signedIn(), context.words)
        let asked = request.pageRequest(parts: 1)
        let page = try await desk.database.read(try staff.scope(.clientsView, portal.id)) { session -> HistoryPage? in
            guard let row = try find(client, portal, staff, words, in: session) else { return nil }
            let lines = try desk.audit.history(
                ofClient: client,
                portal: portal.id,
                before: asked.key.flatMap { AuditEntryID($0.parts[0]) },
                limit: asked.size + 1,
                opening: false,
                in: session
            )
            let shown = Array(lines.prefix(asked.size))
            let last = lines.count > asked.size ? shown.last : nil
            let auditWords = AuditWords(catalog: desk.site.catalog)
            return HistoryPage(
                name: row.name,
                back: "/clients/\(portal.key)/\(client)",
                entries: auditWords.entries(shown, today: row.today, words),
                hasEntries: !shown.isEmpty,
                older: last.map { request.link(setting: ["after": PageKey("\($0.id)").text], dropping: ["before"]) },
                isRestricted: row.isRestricted
            )
        }
        guard let page else { throw PageError.notFound }
        try await recordLook(client, isRestricted: page.isRestricted, portal, context)
        return try context.render(page)
    }
}
