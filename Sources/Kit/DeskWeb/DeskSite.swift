package import DeskKit
import FoundationEssentials

/// What all pages of one running console share: texts, templates, files, and how its cookies are named and signed.
package struct DeskSite: Sendable {
    /// Answers a keyed hash (HMAC-SHA-256) of a message; the key stays with whoever made the closure.
    package typealias Sign = @Sendable ([UInt8]) -> [UInt8]

    package let catalog: Catalog
    package let templates: Templates
    package let files: StaticFiles
    package let cookies: CookieJar
    package let sign: Sign
    package let clock: WallClock
    /// Whether a tag that finds nothing throws; on in tests, in operation it is logged and prints nothing.
    package let isStrict: Bool

    /// Loads everything under `admin-web`; throws `CatalogError` or `TemplateError` with file and key.
    /// `secure` is false only where the console listens without TLS on loopback.
    package init(
        root: String,
        secure: Bool,
        isStrict: Bool = false,
        clock: WallClock = .system,
        sign: @escaping Sign
    ) throws {
        catalog = try Catalog.load(from: "\(root)/locales")
        files = try StaticFiles.load(from: "\(root)/static")
        templates = try Templates.load(from: root, catalog: catalog, files: files)
        cookies = CookieJar(secure: secure)
        self.sign = sign
        self.clock = clock
        self.isStrict = isStrict
    }

    package init(
        catalog: Catalog,
        templates: Templates,
        files: StaticFiles = .none,
        secure: Bool = true,
        isStrict: Bool = true,
        clock: WallClock = .system,
        sign: @escaping Sign
    ) {
        self.catalog = catalog
        self.templates = templates
        self.files = files
        cookies = CookieJar(secure: secure)
        self.sign = sign
        self.clock = clock
        self.isStrict = isStrict
    }

    package func words(_ language: Language) -> Words {
        Words(catalog, language)
    }

    /// The HTML of a page inside its layout. Throws `TemplateError` when strict and a tag finds nothing.
    package func html(_ page: some Page, in state: PageState) throws -> (html: [UInt8], misses: [TemplateError]) {
        let name = type(of: page).template
        guard let set = templates.sets[state.language] else { throw TemplateError(.missingTemplate, template: name) }
        let content = try located(name) { () throws(TemplateError) in try TemplateValue(reflecting: page) }
        let frame = try located(name) { () throws(TemplateError) in try TemplateValue(reflecting: Frame(state, self)) }
        var renderer = TemplateRenderer(templates: set, stack: [.record(["desk": frame]), content])
        renderer.render(name)
        if isStrict, let first = renderer.misses.first { throw first.within(name) }
        return (renderer.output, renderer.misses.map { $0.within(name) })
    }

    private func located<Value>(
        _ name: String,
        _ body: () throws(TemplateError) -> Value
    ) throws(TemplateError) -> Value {
        do throws(TemplateError) {
            return try body()
        } catch {
            throw error.within(name)
        }
    }
}
