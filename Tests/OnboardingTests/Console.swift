import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Secrets
import TestKit

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Onboarding
@testable import Portals

/// The pages of the applications over HTTP, with everybody at eBOK.
struct Console: Sendable {
    let desk: Desktop
    let site: DeskSite

    static func make() async throws -> Console {
        let site = try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
            Array($0.reversed())
        }
        return Console(desk: try await Desktop.make(), site: site)
    }

    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
        var saved: String?
        var token: String?
    }

    /// What is sent: a form, or a form with files.
    enum Body: Sendable {
        case form([String: String])
        case files([String: String], [(name: String, bytes: [UInt8])])
    }

    func get(_ path: String, as staff: StaffContext = Desktop.anna) async throws -> Answer {
        try await ask(.get, path, nil, staff)
    }

    /// Posts with the page's token; with `stale` with that of an earlier session, as the browser's own page would.
    func post(
        _ path: String,
        _ fields: [String: String],
        as staff: StaffContext = Desktop.anna,
        stale: Bool = false,
        byItself: Bool = false
    ) async throws -> Answer {
        try await ask(.post, path, .form(fields), staff, stale: stale, byItself: byItself)
    }

    func upload(
        _ path: String,
        _ files: [(name: String, bytes: [UInt8])],
        as staff: StaffContext = Desktop.anna,
        stale: Bool = false
    ) async throws -> Answer {
        try await ask(.post, path, .files(["back": "client"], files), staff, stale: stale)
    }

    func form(_ id: ApplicationID) async throws -> [String: String] {
        let text = try await desk.test.value("SELECT form::text FROM application WHERE id = \(id)") ?? "{}"
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: Body?,
        _ staff: StaffContext,
        stale: Bool = false,
        byItself: Bool = false
    ) async throws -> Answer {
        var state = PageState()
        state.site = site
        state.bind(session: stale ? "an earlier session" : "a session")
        var headers: HTTPFields = [.accept: "text/html"]
        if let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = "same-origin" }
        if byItself, let name = HTTPField.Name("X-Desk-Autosave") { headers[name] = "1" }
        let bytes = Self.bytes(body, csrf: state.csrf, &headers)
        return try await Application(router: router(staff)).test(.router) { [headers] client in
            try await client.execute(
                uri: path,
                method: method,
                headers: headers,
                body: bytes.map { ByteBuffer(bytes: $0) }
            ) { response in
                Answer(
                    status: response.status,
                    body: String(buffer: response.body),
                    location: response.headers[.location] ?? "",
                    saved: HTTPField.Name("X-Desk-Saved").flatMap { response.headers[$0] },
                    token: HTTPField.Name(CSRF.header).flatMap { response.headers[$0] }
                )
            }
        }
    }

    private static func bytes(_ body: Body?, csrf: String, _ headers: inout HTTPFields) -> [UInt8]? {
        switch body {
        case nil: return nil
        case .form(let fields):
            headers[.contentType] = "application/x-www-form-urlencoded"
            let all = fields.merging(["csrf": csrf]) { own, _ in own }
            return Array(all.map { "\(encoded($0.key))=\(encoded($0.value))" }.joined(separator: "&").utf8)
        case .files(let fields, let files):
            let mark = "----desk-boundary"
            headers[.contentType] = "multipart/form-data; boundary=\(mark)"
            var bytes: [UInt8] = []
            for (name, value) in fields.merging(["csrf": csrf], uniquingKeysWith: { own, _ in own }) {
                bytes += Array("--\(mark)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
            }
            for file in files {
                let head = "Content-Disposition: form-data; name=\"scan\"; filename=\"\(file.name)\""
                bytes += Array("--\(mark)\r\n\(head)\r\nContent-Type: application/octet-stream\r\n\r\n".utf8)
                bytes += file.bytes + [13, 10]
            }
            return bytes + Array("--\(mark)--\r\n".utf8)
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private func router(_ staff: StaffContext) -> Router<DeskContext> {
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: Badge(staff: staff))
        router.add(middleware: FormGate())
        OnboardingFeature(
            desk: Desk(
                database: desk.test.database,
                site: site,
                keys: desk.keys,
                audit: desk.audit,
                portals: PortalDirectory(),
                logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            ),
            documents: desk.documents,
            codes: desk.neighbours,
            clients: desk.neighbours,
            accounts: desk.neighbours
        ).addRoutes(to: router)
        return router
    }
}

/// Signs somebody in at the test's portal, and answers a denial the way Access does.
private struct Badge: RouterMiddleware {
    let staff: StaffContext

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = .english
        context.staff = staff
        context.portals = [Desktop.portal()]
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }
}
