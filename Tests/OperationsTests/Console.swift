import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Secrets
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import JobRunner
@testable import Operations
@testable import Portals

/// The pages of the jobs over HTTP, signed in as whoever a test needs, on a database of their own.
struct Console: Sendable {
    static let warsaw = PortalID(1)
    static let moscow = PortalID(3)

    let database: TestDatabase
    let site: DeskSite

    static func make() async throws -> Console {
        let console = Console(
            database: try await TestDatabase.make(),
            site: try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
                Array($0.reversed())
            }
        )
        try await console.database.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'warsaw', 'Warsaw', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (3, 'moscow', 'Moscow', 'RU', 'Europe/Moscow', 'RUB', '{ru}', '{}');
            INSERT INTO staff (login, name) VALUES ('eva', 'Eva'), ('ola', 'Ola');
            INSERT INTO schedule (portal_id, name, handler, queue, file_cron, cron, time_zone, file_digest, missed,
                latest_minutes, attempts, owner, runbook, next_local, next_at)
            SELECT id, 'reminders.payments', 'tests.probe', 'tests', '0 9 * * *', '0 9 * * *', time_zone, '', 'one',
                480, 3, 'scheduler', 'Look.', '2124-01-01 09:00', first_instant('2124-01-01 09:00', time_zone)
            FROM portal
            """
        )
        return console
    }

    private init(database: TestDatabase, site: DeskSite) {
        self.database = database
        self.site = site
    }

    /// What came of one request.
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
        var refresh: String
    }

    func get(
        _ path: String,
        as roles: Set<Role> = [.scheduler],
        language: Language = .english
    ) async throws -> Answer {
        try await ask(.get, path, [:], roles, language)
    }

    /// Posts a form with the page's token.
    func post(
        _ path: String,
        _ fields: [String: String] = [:],
        as roles: Set<Role> = [.scheduler]
    ) async throws -> Answer {
        try await ask(.post, path, fields, roles, .english)
    }

    func audit() async throws -> [String] {
        try await database.sql(
            "SELECT action || ' ' || actor_name || ' ' || coalesce(facts ->> 'schedule', facts ->> 'kind') "
                + "FROM audit_event ORDER BY id"
        ).compactMap { $0.first ?? nil }
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [String: String],
        _ roles: Set<Role>,
        _ language: Language
    ) async throws -> Answer {
        let router = try router(roles, language)
        let token = try csrf(language)
        var form = fields
        form["csrf"] = token
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
                    location: response.headers[.location] ?? "",
                    refresh: HTTPField.Name("Refresh").flatMap { response.headers[$0] } ?? ""
                )
            }
        }
    }

    private func csrf(_ language: Language) throws -> String {
        var state = PageState()
        state.site = site
        state.bind(session: "a session")
        return state.csrf
    }

    func feature() throws -> OperationsFeature {
        let keys = try KeyRing.ephemeral()
        let desk = Desk(
            database: database.database,
            site: site,
            keys: keys,
            audit: AuditTrail(keyRing: keys),
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        let source = Recipients()
        return OperationsFeature(desk: desk, queue: JobQueue(), previews: [source], recipients: [source])
    }

    private func router(_ roles: Set<Role>, _ language: Language) throws -> Router<DeskContext> {
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: Badge(roles: roles, language: language))
        router.add(middleware: Denial())
        router.add(middleware: FormGate())
        try feature().addRoutes(to: router)
        return router
    }
}

/// Signs in Eva with these roles at Warsaw.
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
            roles: [Console.warsaw: roles]
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

/// Knows two recipients of every run and every day.
struct Recipients: PreviewsRun, ListsRunRecipients {
    let handler = "tests.probe"

    func preview(
        portal: PortalID,
        date: CivilDate,
        page: PageRequest,
        in session: Session
    ) throws -> RunPreview {
        RunPreview(recipients: slice(date, "send", "skip", page), counts: ["send": 1, "skip": 1])
    }

    func recipients(
        of run: RunID,
        portal: PortalID,
        outcome: String?,
        page: PageRequest,
        in session: Session
    ) throws -> PageSlice<RunRecipient> {
        guard let date = CivilDate(iso: "2026-05-04") else { throw PageError.notFound }
        return slice(date, "confirmed", outcome ?? "uncertain", page)
    }

    func counts(of run: RunID, portal: PortalID, in session: Session) throws -> [String: Int] {
        ["confirmed": 41, "uncertain": 2]
    }

    private func slice(
        _ date: CivilDate,
        _ first: String,
        _ second: String,
        _ page: PageRequest
    ) -> PageSlice<RunRecipient> {
        let rows = [("Jan <Wójcik>", first, nil), ("Żak s.c.", second, "silent_gateway")].map { name, outcome, reason in
            RunRecipient(
                client: ClientID(7),
                clientName: name,
                account: nil,
                channel: "sms",
                recipient: "+48 ••• ••• 127",
                subjectKind: "instalment",
                subject: "3/2026",
                dueDate: date,
                outcome: outcome,
                reason: reason
            )
        }
        return PageSlice(fetched: rows, request: page) { PageKey($0.clientName) }
    }
}
