import DeskKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres

@testable import Access
@testable import DeskWeb
@testable import Identity
@testable import Portals

/// The pages over HTTP, signed in as a member of staff with these roles.
extension Fixture {
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
    }

    func get(_ path: String, as roles: Set<Role> = [.helpdesk]) async throws -> Answer {
        try await ask(.get, path, [:], roles)
    }

    func post(
        _ path: String,
        _ fields: [String: String] = [:],
        as roles: Set<Role> = [.helpdesk],
        foreign: Bool = false
    ) async throws -> Answer {
        try await ask(.post, path, fields, roles, foreign: foreign)
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [String: String],
        _ roles: Set<Role>,
        foreign: Bool = false
    ) async throws -> Answer {
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: desk.site))
        router.add(middleware: ErrorPages())
        router.add(middleware: Badge(roles: roles, portal: portal))
        router.add(middleware: DenialAudit(desk: desk))
        router.add(middleware: FormGate())
        IdentityService(desk: desk).addRoutes(to: router)
        var state = PageState()
        state.site = desk.site
        state.bind(session: "a session")
        let form = fields.merging(["csrf": foreign ? "" : state.csrf]) { $1 }
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
}

/// Signs in Eva with these roles at the portal.
private struct Badge: RouterMiddleware {
    let roles: Set<Role>
    let portal: PortalProfile

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = .english
        context.staff = StaffContext(
            id: StaffID(1),
            login: "eva",
            name: "Eva",
            language: "en",
            roles: [portal.id: roles]
        )
        context.portals = [portal]
        return try await next(request, context)
    }
}
