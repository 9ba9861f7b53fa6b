import DeskApp
import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Portals
import TestKit

@testable import Access
@testable import DeskWeb
@testable import Texts

/// A member of staff who reads and fills the pages of texts in a language of the console.
struct Reader: Sendable {
    let street: Street
    let staff: StaffContext
    var language = Language.english
    var session = "a session"

    private func application() throws -> some ApplicationProtocol {
        let site = street.bench.site
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: SignedIn(staff: staff, portal: street.bench.profile, language: language))
        router.add(middleware: FormGate(larger: ["/texts/": 16 * 1024 * 1024]))
        street.rooms.texts.addRoutes(to: router)
        return Application(router: router)
    }

    func ask(_ path: String, post fields: [String: String]? = nil) async throws -> Street.Answer {
        var state = PageState()
        state.site = street.bench.site
        state.bind(session: session)
        var form = fields ?? [:]
        form["csrf"] = state.csrf
        let body = form.map { "\($0.key)=\(urlEncoded($0.value))" }.joined(separator: "&")
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = "same-origin" }
        let sent = headers
        return try await application().test(.router) { client in
            try await client.execute(
                uri: path,
                method: fields == nil ? .get : .post,
                headers: sent,
                body: fields == nil ? nil : ByteBuffer(string: body)
            ) { response in
                Street.Answer(status: response.status, headers: response.headers, body: String(buffer: response.body))
            }
        }
    }
}

/// Signs somebody in at the first portal.
private struct SignedIn: RouterMiddleware {
    let staff: StaffContext
    let portal: PortalProfile
    let language: Language

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = language
        context.staff = staff
        context.portals = [portal]
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }
}
