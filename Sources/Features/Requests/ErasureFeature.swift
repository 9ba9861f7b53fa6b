package import Access
package import DeskKit
package import Hummingbird
package import Postgres

/// Erasure of a client: plan, approval by a second person, execution with proof, certificate. Tables: `erasure`,
/// `erasure_line`, `erasure_hold`, `client_restriction`, `erasure_ledger` and the register's. Rights: `requests.erase`,
/// `requests.approve_erasure`, `requests.retained`. Job: `requests.erasures`.
package struct ErasureFeature: Sendable {
    let desk: Desk
    let ledger: ErasureLedger?

    /// `ledger` is the one outside the database; without it a restored backup brings erased clients back.
    package init(desk: Desk, ledger: ErasureLedger?) {
        self.desk = desk
        self.ledger = ledger
    }

    package static let queries: [any QueryDescribing] = ErasureQueries.all

    /// Whether the law alone keeps what is left of a client; nil for everybody else. Throws `PostgresError`.
    package static func restriction(
        of client: ClientID,
        portal: PortalID,
        in session: Session
    ) throws -> ClientRestriction? {
        try session.first(ErasureQueries.restrictionOfClient, ["portal": portal, "client": client])
    }

    package func addRoutes(to router: Router<DeskContext>) {
        let routes = ErasureRoutes(desk: desk, ledger: ledger)
        let place = "/requests/{portal}/erasures/{client}"
        router.get("\(place)") { _, context in try await routes.show(context) }
        router.get("\(place)/certificate") { _, context in try await routes.certificate(context) }
        router.post("\(place)/plan") { _, context in try await routes.plan(context) }
        router.post("\(place)/approve") { _, context in try await routes.approve(context) }
        router.post("\(place)/return") { _, context in try await routes.giveBack(context, isDropped: false) }
        router.post("\(place)/drop") { _, context in try await routes.giveBack(context, isDropped: true) }
        router.post("\(place)/execute") { _, context in try await routes.execute(context) }
        router.post("\(place)/holds") { _, context in try await routes.placeHold(context) }
        router.post("\(place)/release") { _, context in try await routes.releaseHold(context) }
    }
}
