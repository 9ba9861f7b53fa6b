package import Access
import Audit
package import DeskKit
import DeskWeb
package import Hummingbird
package import Postgres

/// Clients and their book of business: the search box, the client's page, the import. Tables: `client`, `contact`,
/// `contract`, `invoice`, `instalment`, `payment`, `policy`, `client_term`. Rights: `clients.view`, `clients.reveal`,
/// `clients.import`. Other rooms fill its page through `ClientPanel`; the history at its side is its own.
package struct ClientsFeature: Sendable {
    let desk: Desk
    let panels: [any ClientPanel]

    package init(desk: Desk, panels: [any ClientPanel]) {
        self.desk = desk
        self.panels = panels + [HistoryPanel(audit: desk.audit, words: AuditWords(catalog: desk.site.catalog))]
    }

    package static let queries: [any QueryDescribing] = ClientsQueries.all

    var routes: ClientsRoutes { ClientsRoutes(desk: desk, panels: panels) }

    /// Today by the portal's calendar.
    package func today(_ portal: PortalID, in session: Session) throws -> CivilDate {
        try session.one(ClientsQueries.today, ["portal": portal])
    }

    package func addRoutes(to router: Router<DeskContext>) {
        let routes = routes
        router.get("/clients", use: routes.search)
        router.get("/clients/{portal}/{id}", use: routes.show)
        router.get("/clients/{portal}/{id}/history", use: routes.history)
        router.post("/clients/{portal}/{id}/reveal", use: routes.reveal)
    }
}
