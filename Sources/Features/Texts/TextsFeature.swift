package import Access
import DeskKit
package import DeskWeb
package import Hummingbird
package import JobRunner
package import Messaging
package import Postgres

/// What a portal publishes, and what its visitors and clients agree to. Tables: `portal_text`, `text_version`,
/// `text_locale`, `text_asks`, `text_notice`, `cookie_item`, `purpose`, `consent`, `consent_receipt`, `consent_budget`,
/// `public_origin`. Rights: `texts.view`, `.write`, `.approve`, `.consents`.
package struct TextsFeature: Sendable {
    let desk: Desk
    let queue: JobQueue
    private let api: PublicAPI

    /// `description` is the public API's OpenAPI document; `address` tells where a request comes from.
    package init(
        desk: Desk,
        queue: JobQueue,
        accounts: any FindsSignedInAccount,
        description: [UInt8],
        address: @escaping @Sendable (Request, DeskContext) -> String
    ) {
        self.desk = desk
        self.queue = queue
        api = PublicAPI(
            desk: desk,
            visitors: Visitors(keys: desk.keys),
            gate: PublicGate(desk: desk, address: address),
            accounts: accounts,
            description: description
        )
    }

    package static let queries: [any QueryDescribing] = TextsQueries.all

    /// The handlers, for the worker.
    package static func jobs(queue: JobQueue, outbox: Outbox, catalog: Catalog) -> [any JobHandler] {
        [TellClients(outbox: outbox, jobs: queue, catalog: catalog)]
    }

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        addTexts(to: router)
        addVersions(to: router)
        addConsents(to: router)
        api.addRoutes(to: router)
        let pages = PublicPages(desk: desk, visitors: api.visitors, gate: api.gate)
        router.get("/public/{portal}") { try await pages.show($0, $1) }
        router.get("/public/{portal}/{key}") { try await pages.show($0, $1) }
        router.post("/public/{portal}") { try await pages.decide($0, $1) }
    }

    private func addTexts(to router: some RouterMethods<DeskContext>) {
        let texts = TextsRoutes(desk: desk)
        router.get("/texts") { _, context in try await texts.list(context) }
        router.post("/texts/{portal}") { _, context in try await texts.add(context) }
        router.get("/texts/{portal}/{key}") { _, context in try await texts.show(context) }
        router.post("/texts/{portal}/{key}") { _, context in try await texts.open(context) }
        let cookies = CookieRoutes(desk: desk)
        router.get("/texts/{portal}/cookies") { _, context in try await cookies.list(context) }
        router.post("/texts/{portal}/cookies") { _, context in try await cookies.save(context, isNew: true) }
        router.get("/texts/{portal}/cookies/{id}") { _, context in try await cookies.show(context) }
        router.post("/texts/{portal}/cookies/{id}") { _, context in try await cookies.save(context, isNew: false) }
    }

    private func addVersions(to router: some RouterMethods<DeskContext>) {
        let versions = VersionRoutes(desk: desk, jobs: queue)
        let path = "/texts/{portal}/{key}/{number}"
        router.get(RouterPath(path)) { try await versions.show($0, $1) }
        router.post(RouterPath(path + "/submission")) { try await versions.submit($0, $1) }
        router.post(RouterPath(path + "/approval")) { try await versions.approve($0, $1) }
        router.post(RouterPath(path + "/return")) { try await versions.giveBack($0, $1) }
        router.post(RouterPath(path + "/withdrawal")) { try await versions.withdraw($0, $1) }
        router.post(RouterPath(path + "/discard")) { try await versions.discard($0, $1) }
        let words = WordsRoutes(desk: desk)
        router.get(RouterPath(path + "/words/{locale}")) { _, context in try await words.show(context) }
        router.post(RouterPath(path + "/words/{locale}")) { _, context in try await words.save(context) }
    }

    private func addConsents(to router: some RouterMethods<DeskContext>) {
        let consents = ConsentRoutes(desk: desk)
        router.get("/texts/{portal}/consents") { _, context in try await consents.purposes(context) }
        router.post("/texts/{portal}/consents") { _, context in try await consents.add(context) }
        router.post("/texts/{portal}/consents/origins") { _, context in try await consents.saveOrigins(context) }
        let clients = ClientConsentRoutes(desk: desk)
        router.get("/texts/{portal}/clients/{client}") { _, context in try await clients.show(context) }
        router.post("/texts/{portal}/clients/{client}") { _, context in try await clients.take(context) }
    }
}
