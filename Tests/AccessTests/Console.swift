import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskKit
@testable import DeskWeb
@testable import Portals
@testable import Secrets

/// A clock that a test moves.
final class HandClock: Sendable {
    private let seconds = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var clock: WallClock { WallClock { self.seconds.withLock { $0 } } }
    var step: Int64 { TOTP.step(at: Int64(seconds.withLock { $0 }.timeIntervalSince1970)) }

    /// To the next step of the authenticator.
    func tick() { seconds.withLock { $0 += 30 } }
}

/// The console with its gates and the pages of staff and portals, the four portals, and nobody in it yet.
struct Console: Sendable {
    static let password = "a horse that reads maps"

    let database: TestDatabase
    let desk: Desk
    var access: AccessService
    let time: HandClock

    static func make() async throws -> Console {
        let time = HandClock()
        let database = try await TestDatabase.make()
        let keys = try KeyRing.ephemeral()
        let site = try DeskSite(
            root: Repository.path("admin-web"),
            secure: true,
            isStrict: true,
            clock: time.clock
        ) { HMAC.sha256(key: [1, 2, 3], $0) }
        let desk = Desk(
            database: database.database,
            site: site,
            keys: keys,
            audit: AuditTrail(keyRing: keys),
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        for name in ["klientefl", "ebok-millennium", "legitimo", "arval"] {
            let json = try String(contentsOfFile: Repository.path("sql/demo/portals/\(name).json"), encoding: .utf8)
            _ = try await desk.database.transaction(.everyPortal) { session in
                try PortalDirectory.install(profileJSON: json, audit: desk.audit, by: .commandLine, in: session)
            }
        }
        return Console(
            database: database,
            desk: desk,
            access: AccessService(
                desk: desk,
                navigation: AccessService.navigation,
                trustedProxies: ["local"],
                cost: PasswordCost(memoryKiB: 64, passes: 1, lanes: 1)
            ),
            time: time
        )
    }

    private init(database: TestDatabase, desk: Desk, access: AccessService, time: HandClock) {
        self.database = database
        self.desk = desk
        self.access = access
        self.time = time
    }

    /// Somebody ready to sign in, with an authenticator of their own.
    @discardableResult
    func staff(_ login: String, _ roles: [PortalID: Set<Role>] = [PortalID(1): [.helpdesk]]) async throws -> Person {
        let secret = SecureRandom.bytes(20)
        try await DemoStaff(desk: desk, hasher: access.hasher).install(
            [.init(login: login, name: "Name of \(login)", language: "en", roles: roles)],
            password: Redacted(Self.password),
            totpSecret: secret,
            listensOnLoopback: true
        )
        let id = try #require(try await database.value("SELECT id FROM staff WHERE login = '\(login)'"))
        return Person(id: try #require(StaffID(id)), login: login, totp: TOTP(secret: secret))
    }

    struct Person: Sendable {
        let id: StaffID
        let login: String
        let totp: TOTP
    }

    /// The code that the authenticator shows now.
    func code(_ person: Person) -> String { person.totp.code(at: time.step) }

    func application() -> some ApplicationProtocol {
        let router = Router(context: DeskContext.self)
        router.add(middleware: PageSetup(site: desk.site))
        router.add(middleware: ErrorPages())
        access.addGates(to: router)
        access.addRoutes(to: router)
        router.get("/") { _, _ in "home" }
        router.get("/probe/{portal}") { _, context in
            let portal = try context.portal(try context.parameters.require("portal"), .accountsView)
            return portal.name
        }
        router.post("/probe") { _, context in
            _ = try context.form()
            return "posted"
        }
        return Application(router: router)
    }

    /// A new browser, without cookies.
    func browser(from address: String = "192.0.2.1") -> Browser { Browser(console: self, address: address) }

    /// A browser in which this person is signed in.
    func signedIn(_ person: Person) async throws -> Browser {
        let browser = browser()
        let answer = try await browser.signIn(person)
        #expect(answer.status == .seeOther && answer.location == "/")
        return browser
    }

    func actions(_ filter: String = "true") async throws -> [String] {
        try await database.sql("SELECT action FROM audit_event WHERE \(filter) ORDER BY id").compactMap {
            $0.first ?? nil
        }
    }
}

/// One browser with its cookies.
final class Browser: Sendable {
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var location: String
    }

    private let console: Console
    private let address: String
    private let cookies = Mutex<[String: String]>([:])

    init(console: Console, address: String) {
        self.console = console
        self.address = address
    }

    func cookie(_ name: String) -> String? { cookies.withLock { $0["__Host-desk-" + name] } }
    func set(_ name: String, _ value: String?) { cookies.withLock { $0["__Host-desk-" + name] = value } }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await ask(.get, path, nil, headers)
    }

    /// Reads the page for its token and posts the form.
    func post(
        _ path: String,
        _ fields: [(String, String)] = [],
        page: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        let shown = try await get(page ?? path).body
        return try await ask(.post, path, [("csrf", Self.token(shown))] + fields, headers)
    }

    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: [(String, String)]?,
        _ extra: [String: String] = [:]
    ) async throws -> Answer {
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"]
        headers[.cookie] = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        for (name, value) in ["X-Forwarded-For": address].merging(extra, uniquingKeysWith: { $1 }) {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let body = fields.map {
            $0.map { "\(PathText.encoded($0.0))=\(PathText.encoded($0.1))" }.joined(separator: "&")
        }
        return try await console.application().test(.router) { [headers] client in
            try await client.execute(
                uri: path,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            ) { response in
                self.keep(response.headers[values: .setCookie])
                return Answer(
                    status: response.status,
                    body: String(buffer: response.body),
                    location: response.headers[.location] ?? ""
                )
            }
        }
    }

    /// Both steps; answers what the last one came to.
    func signIn(_ person: Console.Person, password: String = Console.password) async throws -> Answer {
        let first = try await post("/sign-in", [("login", person.login), ("password", password), ("next", "/")])
        guard first.status == .seeOther else { return first }
        console.time.tick()
        return try await post("/sign-in/code", [("code", console.code(person)), ("next", "/")])
    }

    private func keep(_ headers: [String]) {
        for header in headers {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count == 2 ? String(pair[1]) : ""
            cookies.withLock { $0[String(pair[0])] = value.isEmpty ? nil : value }
        }
    }

    static func token(_ html: String) -> String {
        value(of: "csrf", in: html)
    }

    /// The value of the first hidden field of this name.
    static func value(of name: String, in html: String) -> String {
        guard let start = html.firstRange(of: "name=\"\(name)\" value=\"") else { return "" }
        return String(html[start.upperBound...].prefix { $0 != "\"" })
    }
}
