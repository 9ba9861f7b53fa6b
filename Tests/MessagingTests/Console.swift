import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Secrets
import Synchronization
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Messaging
@testable import Portals

/// The pages of the messages over HTTP, signed in at Warsaw as whoever a test needs.
struct Console: Sendable {
    let post: Post
    let site: DeskSite
    let consents = NotedConsents()

    static func make(local: Bool = true) async throws -> Console {
        Console(
            post: try await Post.make(local: local),
            site: try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
                Array($0.reversed())
            }
        )
    }

    /// What came of one request.
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
    }

    func get(_ path: String, as roles: Set<Role>, language: Language = .english) async throws -> Answer {
        try await ask(.get, path, [:], roles, language, staff: 1)
    }

    /// Posts a form with the page's token.
    func post(
        _ path: String,
        _ fields: [String: String] = [:],
        as roles: Set<Role>,
        staff: Int64 = 1
    ) async throws -> Answer {
        try await ask(.post, path, fields, roles, .english, staff: staff)
    }

    /// "action actor facts" of each line of the trail.
    func trail() async throws -> [String] {
        try await post.column("SELECT action || ' ' || actor_name || ' ' || facts::text FROM audit_event ORDER BY id")
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [String: String],
        _ roles: Set<Role>,
        _ language: Language,
        staff: Int64
    ) async throws -> Answer {
        let router = router(Badge(roles: roles, language: language, staff: StaffID(staff)))
        var state = PageState()
        state.site = site
        state.bind(session: "a session")
        var form = fields
        form["csrf"] = state.csrf
        form[FormKey.field] = form[FormKey.field] ?? FormKey.issue().rawValue
        let body = form.map { "\($0.key)=\(urlEncoded($0.value))" }.joined(separator: "&")
        let type: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        return try await Application(router: router).test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: type,
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

    private func router(_ badge: Badge) -> Router<DeskContext> {
        let desk = Desk(
            database: post.database.database,
            site: site,
            keys: post.keys,
            audit: post.audit,
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: badge)
        router.add(middleware: Denial())
        router.add(middleware: FormGate())
        MessagingService(desk: desk, consents: consents).addRoutes(to: router)
        return router
    }
}

/// Takes back once for each message.
final class NotedConsents: TakesBackConsent {
    private let taken = Mutex<Set<String>>([])

    func takeBack(
        _ kind: String,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        once: String,
        in session: Session
    ) throws -> Bool {
        taken.withLock { $0.insert(once).inserted }
    }
}

/// Signs somebody in with these roles at Warsaw.
private struct Badge: RouterMiddleware {
    let roles: Set<Role>
    let language: Language
    let staff: StaffID

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = language
        let name = staff == StaffID(1) ? "Eva" : "Ola"
        context.staff = StaffContext(
            id: staff,
            login: name.lowercased(),
            name: name,
            language: "en",
            roles: [Post.warsaw: roles]
        )
        context.portals = [Fixture.portal]
        return try await next(request, context)
    }
}

/// Answers a denial the way Access does.
private struct Denial: RouterMiddleware {
    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }
}
