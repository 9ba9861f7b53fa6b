import DeskKit
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import DeskWeb

/// What the tests of pages share: the console's own texts and templates, strict, and a router with all gates.
enum Frames {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "admin-web").path

    static let sign: DeskSite.Sign = { bytes in Array(contentHash([7] + bytes).utf8) }

    static func site() throws -> DeskSite {
        try DeskSite(root: root, secure: true, isStrict: true, sign: sign)
    }

    static func words(_ language: Language) throws -> Words {
        Words(try Catalog.load(from: "\(root)/locales"), language)
    }

    /// A site whose only templates are those given.
    static func site(_ sources: [String: String]) throws -> DeskSite {
        let catalog = try Catalog.load(from: "\(root)/locales")
        return DeskSite(catalog: catalog, templates: try Templates(sources: sources, catalog: catalog), sign: sign)
    }

    static func html(_ page: some Page, _ sources: [String: String], _ language: Language = .english) throws -> String {
        let site = try site(sources)
        var state = PageState()
        state.site = site
        state.language = language
        return String(decoding: try site.html(page, in: state).html, as: UTF8.self)
    }

    static func router(_ site: DeskSite) -> Router<VisitorContext> {
        let router = Router(context: VisitorContext.self)
        router.add(middleware: SecurityHeaders(secure: true))
        router.add(middleware: StaticFileMiddleware(files: site.files))
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: FormGate(limit: 2000))
        Preferences.add(to: router)
        return router
    }
}
