import DeskKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Portals
import Postgres
import TestKit

@testable import Access
@testable import Accounts
@testable import Clients
@testable import DeskApp
@testable import DeskWeb
@testable import Identity

/// The console's pages as members of staff see them, over HTTP without a socket.
extension House {
    struct Page: Sendable {
        let status: HTTPResponse.Status
        let body: String
        let location: String
    }

    func get(_ path: String, as roles: Set<Role> = [.helpdesk], staff: Int64 = 1) async throws -> Page {
        try await ask(.get, path, [:], roles, staff)
    }

    func post(
        _ path: String,
        _ fields: [String: String] = [:],
        as roles: Set<Role> = [.helpdesk],
        staff: Int64 = 1,
        foreign: Bool = false
    ) async throws -> Page {
        try await ask(.post, path, fields, roles, staff, foreign: foreign)
    }

    private func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [String: String],
        _ roles: Set<Role>,
        _ staff: Int64,
        foreign: Bool = false
    ) async throws -> Page {
        let portals = try await installation.desk.portals.all(installation.desk.database)
        let site = installation.desk.site
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: site))
        router.add(middleware: ErrorPages())
        router.add(middleware: StaffBadge(roles: roles, staff: StaffID(staff), portals: portals))
        router.add(middleware: DenialAudit(desk: installation.desk))
        router.add(middleware: FormGate())
        rooms.clients.addRoutes(to: router)
        rooms.accounts.addRoutes(to: router)
        var state = PageState()
        state.site = site
        state.bind(session: "a session")
        let form = fields.merging(["csrf": foreign ? "" : state.csrf]) { $1 }
        let body = form.map { "\($0.key)=\(urlEncoded($0.value))" }.joined(separator: "&")
        return try await Application(router: router).test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: [.contentType: "application/x-www-form-urlencoded"],
                body: method == .post ? ByteBuffer(string: body) : nil
            ) { response in
                Page(
                    status: response.status,
                    body: String(buffer: response.body),
                    location: response.headers[.location] ?? ""
                )
            }
        }
    }

    /// Proves who the holder is, past the pages of verification.
    func verify(_ account: AccountID, _ portal: PortalProfile, _ strength: VerificationStrength = .high) async throws {
        try await test.sql(
            """
            INSERT INTO verification (portal_id, client_id, account_id, channel, strength, valid_minutes, opened_by,
                expires_at, state, closed_at, valid_until)
            SELECT \(portal.id), x.client_id, \(account), 'counter', '\(strength.rawValue)', 30, 1, now(), 'passed',
                now(), now() + interval '30 minutes'
            FROM access AS x WHERE x.portal_id = \(portal.id) AND x.account_id = \(account)
            """
        )
    }

    /// An account that has a password, as after its first sign-in.
    func activeAccount(_ key: String = "ebok-millennium", login: String = "kowalska") async throws -> AccountID {
        try await signedIn(key, login: login).account
    }

    /// Presses the button of an action's page as it stands now.
    func act(
        _ action: String,
        on account: AccountID,
        _ key: String = "ebok-millennium",
        _ fields: [String: String] = [:],
        as roles: Set<Role> = [.helpdesk, .accountManager],
        staff: Int64 = 1
    ) async throws -> Page {
        let version = try await test.value("SELECT version FROM account WHERE id = \(account)") ?? "0"
        let standard = ["reason": "caller", "version": version]
        return try await post(
            "/accounts/\(key)/\(account)/\(action)",
            standard.merging(fields) { $1 },
            as: roles,
            staff: staff
        )
    }

    func state(_ account: AccountID) async throws -> String? {
        try await test.value("SELECT state FROM account WHERE id = \(account)")
    }

    func messages(_ kind: String) async throws -> Int {
        Int(try await test.value("SELECT count(*) FROM message WHERE kind = '\(kind)'") ?? "") ?? 0
    }

    func audited(_ action: String) async throws -> Int {
        Int(try await test.value("SELECT count(*) FROM audit_event WHERE action = '\(action)'") ?? "") ?? 0
    }
}

/// Signs in a member of staff with these roles at every portal of the list but the last.
private struct StaffBadge: RouterMiddleware {
    let roles: Set<Role>
    let staff: StaffID
    let portals: [PortalProfile]

    func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.page.bind(session: "a session")
        context.page.language = .english
        let own = portals.filter { $0.key != "arval" }
        context.staff = StaffContext(
            id: staff,
            login: "eva",
            name: "Eva",
            language: "en",
            roles: Dictionary(uniqueKeysWithValues: own.map { ($0.id, roles) })
        )
        context.portals = own
        return try await next(request, context)
    }
}
