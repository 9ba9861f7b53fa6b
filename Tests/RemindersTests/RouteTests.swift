import DeskKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Portals
import Postgres
import Secrets
import TestKit
import Testing

@testable import Access
@testable import DeskWeb
@testable import Reminders

struct RouteTests {
    func ask(
        _ bench: Bench,
        _ path: String,
        post fields: [String: String]? = nil,
        as role: Role,
        session: String = "a session"
    ) async throws -> (status: HTTPResponse.Status, body: String, location: String) {
        let desk = Desk(
            database: bench.test.database,
            site: bench.site,
            keys: try KeyRing.ephemeral(),
            audit: bench.audit,
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: bench.site))
        router.add(middleware: ErrorPages())
        router.add(middleware: SignedIn(role: role, portal: try Bench.profile()))
        router.add(middleware: FormGate())
        RemindersFeature(desk: desk, queue: bench.queue).addRoutes(to: router)
        var state = PageState()
        state.site = bench.site
        state.bind(session: session)
        var form = fields ?? [:]
        form["csrf"] = state.csrf
        let body = form.map { "\($0.key)=\(urlEncoded($0.value))" }.joined(separator: "&")
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = "same-origin" }
        let sent = headers
        return try await Application(router: router).test(.router) { client in
            try await client.execute(
                uri: path,
                method: fields == nil ? .get : .post,
                headers: sent,
                body: fields == nil ? nil : ByteBuffer(string: body)
            ) { response in
                (response.status, String(buffer: response.body), response.headers[.location] ?? "")
            }
        }
    }

    private let form = [
        "subject": "policy", "name": "OC", "days": "30, 7", "active": "on", "version": "1", "day_kind": "calendar",
        "clients": "company",
    ]

    @Test func `a scheduler changes a rule over HTTP`() async throws {
        let bench = try await Bench.make()
        let answer = try await ask(bench, "/reminders/one/rules/2", post: form, as: .scheduler)
        #expect(answer.status == .seeOther)
        #expect(answer.location == "/reminders")
        #expect(
            try await bench.test.value("SELECT days_before::text FROM rule WHERE portal_id = 1 AND id = 2") == "{30,7}"
        )
        #expect(try await bench.test.value("SELECT count(*) FROM audit_event WHERE action = 'rule.changed'") == "1")
    }

    @Test func `a wrong ladder is said at its field, keeps what was typed and changes nothing`() async throws {
        let bench = try await Bench.make()
        let typed = form.merging(["days": "30, 900", "name": "Żółw <b>"]) { $1 }
        let answer = try await ask(bench, "/reminders/one/rules/2", post: typed, as: .scheduler)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains(#"value="30, 900""#))
        #expect(answer.body.contains("Żółw &lt;b&gt;"))
        #expect(answer.body.contains("between 0 and 365"))
        #expect(try await bench.test.value("SELECT sum(version) FROM rule") == "4")
    }

    @Test func `a token of an earlier session keeps what was typed and changes nothing`() async throws {
        let bench = try await Bench.make()
        let answer = try await ask(
            bench,
            "/reminders/one/rules/2",
            post: form,
            as: .scheduler,
            session: "an earlier one"
        )
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains(#"value="30, 7""#))
        #expect(try await bench.test.value("SELECT sum(version) FROM rule") == "4")
    }

    @Test func `rights and portals are asked of every route`() async throws {
        let bench = try await Bench.make()
        #expect(try await ask(bench, "/reminders", as: .helpdesk).status == .ok)
        #expect(try await ask(bench, "/reminders", as: .administrator).status == .forbidden)
        #expect(try await ask(bench, "/reminders/one/rules/2", as: .auditor).status == .ok)
        #expect(try await ask(bench, "/reminders/one/rules/2", post: form, as: .auditor).status == .forbidden)
        #expect(try await ask(bench, "/reminders/two/rules/3", as: .scheduler).status == .notFound)
        #expect(try await ask(bench, "/reminders/one/rules/3", as: .scheduler).status == .notFound)
        #expect(try await ask(bench, "/reminders/one/rules/3", post: form, as: .scheduler).status == .notFound)
        #expect(try await ask(bench, "/reminders/one/rules", post: [:], as: .helpdesk).status == .forbidden)
        #expect(try await bench.test.value("SELECT sum(version) FROM rule") == "4")
    }

    @Test func `scheduler and administrator may give a portal its first rules`() async throws {
        for (role, location) in [(Role.scheduler, "/reminders"), (.administrator, "/portals")] {
            let bench = try await Bench.make()
            try await bench.test.sql("DELETE FROM rule")
            let answer = try await ask(bench, "/reminders/one/rules", post: [:], as: role)
            #expect(answer.status == .seeOther)
            #expect(answer.location == location)
            #expect(try await bench.test.value("SELECT count(*) FROM rule WHERE portal_id = 1") == "2")
        }
    }
}

/// Signs in Ewa with one role at the first portal.
private struct SignedIn: RouterMiddleware {
    let role: Role
    let portal: PortalProfile

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = .english
        context.staff = RuleTests.staff([role])
        context.portals = [portal]
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }
}
