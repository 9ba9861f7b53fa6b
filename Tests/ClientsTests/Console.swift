import DeskKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Secrets
import TestKit

@testable import Access
@testable import Clients
@testable import DeskWeb
@testable import Portals

/// The clients' pages over HTTP, signed in as whoever a test needs.
struct Console: Sendable {
    let book: Book
    private let site: DeskSite

    init(_ book: Book) async throws {
        self.book = book
        site = try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) { Array($0.reversed()) }
        try await book.test.sql("INSERT INTO staff (login, name) VALUES ('eva', 'Eva')")
    }

    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
    }

    func get(_ path: String, as roles: Set<Role> = [.helpdesk], _ language: Language = .english) async throws -> Answer
    {
        try await ask(.get, path, [:], roles, language)
    }

    /// What a search answers: the names in its list, or where it leads when one client is found.
    func search(_ text: String) async throws -> String {
        let answer = try await get("/clients?q=" + urlEncoded(text))
        if answer.status == .seeOther { return answer.location }
        let parts = answer.body.split(separator: "<td><a href=\"").dropFirst()
        return parts.map { $0.prefix { $0 != "\"" } }.joined(separator: " ")
    }

    func post(_ path: String, _ fields: [String: String], as roles: Set<Role> = [.helpdesk]) async throws -> Answer {
        try await ask(.post, path, fields, roles, .english)
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [String: String],
        _ roles: Set<Role>,
        _ language: Language
    ) async throws -> Answer {
        var state = PageState()
        state.site = site
        state.bind(session: "a session")
        let form = fields.merging(["csrf": state.csrf]) { $1 }
        let body = form.map { "\($0.key)=\(urlEncoded($0.value))" }.joined(separator: "&")
        return try await Application(router: router(roles, language)).test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: [.contentType: "application/x-www-form-urlencoded"],
                body: method == .post ? ByteBuffer(string: body) : nil
            ) { response in
                Answer(
                    status: response.status,
                    body: String(buffer: response.body),
                    location: response.headers[.location] ?? ""
                )
            }
        }
    }

    var words: Words { site.words(.english) }

    func feature() throws -> ClientsFeature {
        let desk = Desk(
            database: book.test.database,
            site: site,
            keys: try KeyRing.ephemeral(),
            audit: book.audit,
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        return ClientsFeature(desk: desk, panels: [])
    }

    private func router(_ roles: Set<Role>, _ language: Language) throws -> Router<DeskContext> {
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: Badge(roles: roles, language: language))
        router.add(middleware: FormGate())
        try feature().addRoutes(to: router)
        return router
    }
}

/// Signs in Eva with these roles at Warsaw, and answers a denial the way Access does.
private struct Badge: RouterMiddleware {
    let roles: Set<Role>
    let language: Language

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = language
        context.staff = StaffContext(
            id: StaffID(1),
            login: "eva",
            name: "Eva",
            language: "en",
            roles: [PortalID(1): roles]
        )
        context.portals = [Fixture.portal]
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }
}
