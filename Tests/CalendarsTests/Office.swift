import DeskKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Secrets
import TestKit

@testable import Access
@testable import Audit
@testable import Calendars
@testable import DeskWeb
@testable import Portals

func day(_ text: String) -> CivilDate {
    guard let day = CivilDate(iso: text) else { preconditionFailure(text) }
    return day
}

/// The pages of the calendars over HTTP, at a Polish, a Hungarian and a Russian portal.
struct Office: Sendable {
    static let poland = PortalID(1)
    static let hungary = PortalID(2)
    static let russia = PortalID(3)

    let database: TestDatabase
    let site: DeskSite

    static func database() async throws -> TestDatabase {
        let database = try await TestDatabase.make()
        try await database.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'poland', 'Poland', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (2, 'hungary', 'Hungary', 'HU', 'Europe/Budapest', 'HUF', '{hu}', '{}'),
                (3, 'russia', 'Russia', 'RU', 'Europe/Moscow', 'RUB', '{ru}', '{}');
            INSERT INTO staff (login, name) VALUES ('eva', 'Eva');
            """
        )
        return database
    }

    static func make() async throws -> Office {
        Office(
            database: try await database(),
            site: try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
                Array($0.reversed())
            }
        )
    }

    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
    }

    func get(
        _ path: String,
        as roles: Set<Role> = [.administrator],
        language: Language = .english
    ) async throws -> Answer {
        try await ask(.get, path, nil, roles, language)
    }

    func post(
        _ path: String,
        _ fields: [String: String] = [:],
        as roles: Set<Role> = [.administrator]
    ) async throws -> Answer {
        var fields = fields
        fields["csrf"] = try csrf()
        let body = fields.map { "\($0.key)=\(urlEncoded($0.value))" }.joined(separator: "&")
        return try await ask(.post, path, ("application/x-www-form-urlencoded", body), roles, .english)
    }

    /// Posts a file with a form, as a browser does.
    func upload(_ path: String, _ text: String, works: String = "off") async throws -> Answer {
        var body = ""
        for (name, value) in [("csrf", try csrf()), ("file_works", works), ("year", "2026")] {
            body += "--edge\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"days.ics\"\r\n"
        body += "Content-Type: text/calendar\r\n\r\n\(text)\r\n--edge--\r\n"
        return try await ask(.post, path, ("multipart/form-data; boundary=edge", body), [.administrator], .english)
    }

    /// "action actor day" of each row of the trail.
    func audit() async throws -> [String] {
        try await database.sql(
            """
            SELECT action || ' ' || actor_name || ' ' || coalesce(facts ->> 'day', facts ->> 'count') FROM audit_event
            ORDER BY id
            """
        ).compactMap { $0.first ?? nil }
    }

    private func csrf() throws -> String {
        var state = PageState()
        state.site = site
        state.bind(session: "a session")
        return state.csrf
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ content: (type: String, body: String)?,
        _ roles: Set<Role>,
        _ language: Language
    ) async throws -> Answer {
        let keys = try KeyRing.ephemeral()
        let desk = Desk(
            database: database.database,
            site: site,
            keys: keys,
            audit: AuditTrail(keyRing: keys),
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: Badge(roles: roles, language: language))
        router.add(middleware: FormGate())
        CalendarsService(desk: desk).addRoutes(to: router)
        return try await Application(router: router).test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: content.map { [.contentType: $0.type] } ?? [:],
                body: content.map { ByteBuffer(string: $0.body) }
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

/// Signs in Eva with these roles at Poland's portal, and answers a denial the way Access does.
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
            roles: [Office.poland: roles]
        )
        context.portals = [Profiles.poland]
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }
}
