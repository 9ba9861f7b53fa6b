package import Access
import DeskWeb
package import Hummingbird
package import Postgres

/// What a portal publishes, and what its visitors and clients agree to. Tables: `portal_text`, `text_version`,
/// `text_locale`, `text_notice`, `cookie_item`. Rights: `texts.view`, `.write`, `.approve`, `.consents`.
package struct TextsFeature: Sendable {
    let desk: Desk

    package init(desk: Desk) {
        self.desk = desk
    }

    package static let queries: [any QueryDescribing] = TextsQueries.all

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
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
        let versions = VersionRoutes(desk: desk)
        router.get("/texts/{portal}/{key}/{number}") { request, context in try await versions.show(request, context) }
        router.post("/texts/{portal}/{key}/{number}/submission") { request, context in
            try await versions.submit(request, context)
        }
        router.post("/texts/{portal}/{key}/{number}/approval") { request, context in
            try await versions.approve(request, context)
        }
        router.post("/texts/{portal}/{key}/{number}/return") { request, context in
            try await versions.giveBack(request, context)
        }
        router.post("/texts/{portal}/{key}/{number}/withdrawal") { request, context in
            try await versions.withdraw(request, context)
        }
        router.post("/texts/{portal}/{key}/{number}/discard") { request, context in
            try await versions.discard(request, context)
        }
        let words = WordsRoutes(desk: desk)
        router.get("/texts/{portal}/{key}/{number}/words/{locale}") { _, context in try await words.show(context) }
        router.post("/texts/{portal}/{key}/{number}/words/{locale}") { _, context in try await words.save(context) }
    }
}
