import DeskKit
import HTTPTypes
package import Hummingbird
import Logging

/// Prepares `context.page`: site, language (cookie, then Accept-Language), theme, flash and, until somebody signs in,
/// a visitor's token for forms. Access replaces language and token by those of the session.
package struct PageSetup<Context: PageContext>: RouterMiddleware {
    let site: DeskSite

    package init(site: DeskSite) {
        self.site = site
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.site = site
        context.page.reference = Reference.issue()
        context.logger[metadataKey: "reference"] = "\(context.page.reference)"
        context.page.path = localPath(request.head.path ?? "/")
        context.page.language =
            site.cookies.value("language", in: request).flatMap(Language.init(rawValue:))
            ?? Language.preferred(by: request.headers[.acceptLanguage]) ?? .english
        context.page.theme = site.cookies.value("theme", in: request).flatMap(Theme.init(rawValue:)) ?? .system
        context.page.hasShortcuts = site.cookies.value("shortcuts", in: request) != "off"
        context.page.portal = site.cookies.value("portal", in: request).flatMap { .init($0) }
        let carried = site.cookies.value("flash", in: request)
        context.page.flash = carried.flatMap { Flash.read($0, site) }.map { [$0] } ?? []
        let known = site.cookies.value("visitor", in: request).flatMap { bytes(base64url: $0)?.count == 32 ? $0 : nil }
        let visitor = known ?? base64url(randomBytes(32))
        context.page.bind(session: "visitor:\(visitor)")

        var response = try await next(request, context)
        guard response.headers[.contentType]?.hasPrefix("text/html") == true else { return response }
        if carried != nil { site.cookies.clear("flash", on: &response) }
        if known == nil { site.cookies.set("visitor", to: visitor, on: &response) }
        return response
    }
}

/// The number by which a reader and the log speak of the same request.
enum Reference {
    /// Eight characters without those that look alike, as two groups: `K7QF-29XM`.
    static func issue() -> String {
        let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        let characters = randomBytes(8).map { alphabet[Int($0) % alphabet.count] }
        return String(characters[..<4]) + "-" + String(characters[4...])
    }
}
