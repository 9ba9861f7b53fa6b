import DeskKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Portals
import Postgres
import TestKit

@testable import Access
@testable import DeskApp
@testable import DeskWeb
@testable import Requests

/// The pages of requests as a member of staff uses them, over HTTP without a socket. Everybody has their roles at every
/// portal but Arval's.
struct Counter: Sendable {
    let house: House
    let who: House.Who

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let body: String
        let location: String
    }

    /// Whose form it is that is sent.
    enum Token {
        case own, expired, foreign
    }

    func get(_ path: String) async throws -> Answer {
        try await ask(.get, path, headers: [:], body: nil)
    }

    func post(_ path: String, _ fields: [String: String] = [:], token: Token = .own) async throws -> Answer {
        var form = fields
        if token != .foreign { form["csrf"] = csrf(token == .own ? "a session" : "an earlier session") }
        let body = form.map { "\(urlEncoded($0.key))=\(urlEncoded($0.value))" }.joined(separator: "&")
        return try await ask(.post, path, headers: headers("application/x-www-form-urlencoded", token), body: body)
    }

    /// Sends one file as the browser does.
    func upload(_ path: String, _ file: String, token: Token = .own) async throws -> Answer {
        let parts = [
            ("name=\"csrf\"", token == .own ? csrf("a session") : ""),
            ("name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf", file),
        ]
        let start = "--line\r\nContent-Disposition: form-data; "
        let body = parts.map { "\(start)\($0.0)\r\n\r\n\($0.1)\r\n" }.joined() + "--line--\r\n"
        return try await ask(.post, path, headers: headers("multipart/form-data; boundary=line", token), body: body)
    }

    private func headers(_ type: String, _ token: Token) -> HTTPFields {
        var headers: HTTPFields = [.contentType: type]
        if let site = HTTPField.Name("Sec-Fetch-Site"), token != .foreign { headers[site] = "same-origin" }
        return headers
    }

    private func csrf(_ session: String) -> String {
        var state = PageState()
        state.site = house.installation.desk.site
        state.bind(session: session)
        return state.csrf
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: HTTPFields,
        body: String?
    ) async throws -> Answer {
        let desk = house.installation.desk
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: desk.site))
        router.add(middleware: ErrorPages())
        let portals = try await desk.portals.all(desk.database).filter { $0.key != "arval" }
        router.add(middleware: Badge(who: who, portals: portals))
        router.add(middleware: DenialAudit(desk: desk))
        router.add(middleware: FormGate())
        house.rooms.requests.addRoutes(to: router)
        house.rooms.erasures.addRoutes(to: router)
        return try await Application(router: router).test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
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

extension House {
    func counter(_ who: Who = House.ewa) -> Counter { Counter(house: self, who: who) }
}

private struct Badge: RouterMiddleware {
    let who: House.Who
    let portals: [PortalProfile]

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = .english
        context.staff = StaffContext(
            id: who.id,
            login: "s\(who.id)",
            name: who.name,
            language: "en",
            roles: Dictionary(uniqueKeysWithValues: portals.map { ($0.id, who.roles) })
        )
        context.portals = portals
        return try await next(request, context)
    }
}
