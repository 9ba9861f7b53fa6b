import Foundation
import HTTPTypes
import Hummingbird
import Postgres
import TestKit
import Testing

@testable import Access
@testable import DeskKit
@testable import DeskWeb
@testable import Secrets

struct StaffTests {
    private static let everywhere: [PortalID: Set<Role>] = Dictionary(
        uniqueKeysWithValues: (1...4).map { (PortalID($0), [.administrator]) }
    )

    @Test func `a new member of staff is added, sets up by the link once, and signs in`() async throws {
        let console = try await Console.make()
        let chief = try await console.signedIn(try await console.staff("chief", Self.everywhere))
        let fields = [("login", "nina"), ("name", "Nina Nowak"), ("language", "pl"), ("roles.1", "helpdesk")]
        let shown = try await chief.get("/access/staff/new").body
        let key = Browser.value(of: "form_key", in: shown)
        let added = try await chief.ask(
            .post,
            "/access/staff",
            fields + [("csrf", Browser.token(shown)), ("form_key", key)]
        )
        #expect(added.status == .ok)
        let path = try #require(added.body.firstMatch(of: /\/welcome\/[A-Za-z0-9_-]{43}/)).output
        let again = try await chief.ask(
            .post,
            "/access/staff",
            fields + [("csrf", Browser.token(shown)), ("form_key", key)]
        )
        #expect(again.status == .seeOther)
        #expect(try await console.database.value("SELECT count(*) FROM staff WHERE login = 'nina'") == "1")

        let nina = try await setUp(String(path), console)
        #expect(try await console.browser().get(String(path)).status == .notFound)
        let browser = try await console.signedIn(nina)
        #expect(try await browser.get("/probe/klientefl").status == .ok)
        let actions = try await console.actions("subject_id = \(nina.id) AND subject_kind = 'staff'")
        #expect(
            actions == [
                "access.staff_added", "access.role_given", "access.set_up", "access.signed_in",
            ]
        )
    }

    /// Walks through the set-up page: refused passwords and codes first, then the right ones.
    private func setUp(_ path: String, _ console: Console) async throws -> Console.Person {
        let browser = console.browser()
        let page = try await browser.get(path)
        #expect(page.status == .ok && page.body.contains("<path d=\"M"))
        let shown = try #require(page.body.firstMatch(of: /<code>([A-Z2-7 ]+)<\/code>/)).output.1
        let totp = TOTP(secret: try #require(Base32.decode(String(shown))))
        func send(_ password: String, _ repeated: String, _ code: String) async throws -> Browser.Answer {
            try await browser.post(path, [("password", password), ("password_again", repeated), ("code", code)])
        }
        let code = totp.code(at: console.time.step)
        let good = Console.password
        #expect(try await send("short", "short", code).status == .unprocessableContent)
        #expect(try await send("123456789012345", "123456789012345", code).status == .unprocessableContent)
        #expect(try await send(good, good + "x", code).status == .unprocessableContent)
        #expect(try await send(good, good, "000000").status == .unprocessableContent)
        let done = try await send(good, good, code)
        #expect(done.status == .ok)
        #expect(done.body.matches(of: /<code>[A-Z0-9]{5}-[A-Z0-9]{5}<\/code>/).count == 10)
        let id = try #require(try await console.database.value("SELECT id FROM staff WHERE login = 'nina'"))
        return Console.Person(id: try #require(StaffID(id)), login: "nina", totp: totp)
    }

    @Test func `a recovery code works once`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let codes = console.access.signIn.recovery
        try await console.desk.database.transaction(.installation) { session in
            _ = try session.run(
                AccessQueries.addRecoveryCodes,
                ["staff": eva.id, "hashes": [codes.hash(code: Redacted("CDFHJ-KMNPQ"), scope: "\(eva.id)")]]
            )
        }
        for status in [HTTPResponse.Status.seeOther, .unprocessableContent] {
            let browser = console.browser()
            _ = try await browser.post("/sign-in", [("login", "eva"), ("password", Console.password)])
            #expect(try await browser.post("/sign-in/code", [("code", "cdfhj kmnpq")]).status == status)
        }
    }

    @Test func `each refusal of a new member of staff stands at its field, and nothing is added`() async throws {
        let console = try await Console.make()
        let chief = try await console.signedIn(try await console.staff("chief", Self.everywhere))
        let cases: [([(String, String)], String)] = [
            ([("login", "Ab c"), ("name", "N"), ("language", "en"), ("roles.1", "auditor")], "at-signs"),
            (
                [("login", "chief"), ("name", "N"), ("language", "en"), ("roles.1", "auditor")],
                "has this login already"
            ),
            ([("login", "nina"), ("name", ""), ("language", "en"), ("roles.1", "auditor")], "Fill this in"),
            ([("login", "nina"), ("name", "N"), ("language", "en")], "at least one role"),
        ]
        for (fields, sentence) in cases {
            let shown = try await chief.get("/access/staff/new").body
            let key = [("csrf", Browser.token(shown)), ("form_key", Browser.value(of: "form_key", in: shown))]
            let answer = try await chief.ask(.post, "/access/staff", key + fields)
            #expect(answer.status == .unprocessableContent && answer.body.contains(sentence))
        }
        #expect(try await console.database.value("SELECT count(*) FROM staff") == "1")
    }

    @Test func `nobody changes themselves, and the last administrator stays`() async throws {
        let console = try await Console.make()
        let chief = try await console.staff("chief", Self.everywhere)
        let other = try await console.staff("other", [PortalID(1): [.administrator]])
        let browser = try await console.signedIn(chief)
        for task in ["disable", "reset", "roles"] {
            let answer = try await browser.post(
                "/access/staff/\(chief.id)/\(task)",
                page: "/access/staff/\(other.id)"
            )
            #expect(answer.status == .conflict && answer.body.contains("Nobody changes their own"))
        }
        try await console.database.sql("UPDATE staff SET state = 'disabled', disabled_at = now() WHERE login = 'chief'")
        let admin = StaffAdmin(desk: console.desk)
        await #expect(throws: StaffRefusal.lastAdministrator) {
            try await console.desk.database.transaction(.everyPortal) { session in
                try admin.disable(other.id, by: .commandLine, in: session)
            }
        }
        await #expect(throws: StaffRefusal.lastAdministrator) {
            try await console.desk.database.transaction(.everyPortal) { session in
                try admin.setRoles(other.id, [PortalID(1): []], by: .commandLine, in: session)
            }
        }
    }

    @Test func `two administrators who remove each other at once leave one`() async throws {
        let console = try await Console.make()
        let one = try await console.staff("one", [PortalID(1): [.administrator]])
        let two = try await console.staff("two", [PortalID(1): [.administrator]])
        let admin = StaffAdmin(desk: console.desk)
        let done = await withTaskGroup(of: Bool.self) { group in
            for id in [one.id, two.id] {
                group.addTask {
                    do {
                        try await console.desk.database.transaction(.everyPortal) { session in
                            try admin.disable(id, by: .commandLine, in: session)
                        }
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
    }

    @Test func `disabling ends sessions, a reset makes a new link, roles are given and taken`() async throws {
        let console = try await Console.make()
        let chief = try await console.signedIn(try await console.staff("chief", Self.everywhere))
        let eva = try await console.staff("eva")
        let victim = try await console.signedIn(eva)
        let page = "/access/staff/\(eva.id)"
        _ = try await chief.post("\(page)/roles", [("roles.1", "verifier"), ("roles.2", "auditor")], page: page)
        #expect(try await victim.get("/probe/ebok-millennium").status == .ok)
        #expect(try await chief.post("\(page)/disable", page: page).status == .seeOther)
        #expect(try await victim.get("/probe/klientefl").status == .seeOther)
        #expect(try await chief.post("\(page)/disable", page: page).status == .conflict)
        let reset = try await chief.post("\(page)/reset", page: page)
        #expect(reset.body.contains("/welcome/"))
        let actions = try await console.actions(
            "subject_id = \(eva.id) AND actor_kind = 'staff' AND actor_id <> subject_id"
        )
        #expect(
            actions == [
                "access.role_taken", "access.role_given", "access.role_given", "access.staff_disabled",
                "access.staff_reset",
            ]
        )
        #expect(try await chief.get(page).body.contains("Was given the role Verifier"))
    }

    @Test func `an administrator of one portal rules neither over another's staff nor over its roles`() async throws {
        let console = try await Console.make()
        let local = try await console.signedIn(try await console.staff("local", [PortalID(1): [.administrator]]))
        let both = try await console.staff("both", [PortalID(1): [.helpdesk], PortalID(2): [.helpdesk]])
        let far = try await console.staff("far", [PortalID(2): [.helpdesk]])
        #expect(try await local.get("/access/staff/\(far.id)").status == .notFound)
        let list = try await local.get("/access/staff").body
        #expect(list.contains("Name of both") && !list.contains("Name of far"))
        let page = "/access/staff/\(both.id)"
        #expect(try await local.post("\(page)/disable", page: page).status == .conflict)
        _ = try await local.post("\(page)/roles", [("roles.1", "auditor"), ("roles.2", "administrator")], page: page)
        #expect(
            try await console.database.sql(
                "SELECT portal_id || role FROM staff_role WHERE staff_id = \(both.id) ORDER BY 1"
            )
                == [["1auditor"], ["2helpdesk"]]
        )
    }

    @Test(arguments: [
        "/access/staff", "/access/staff/new", "/access/staff/1", "/access/rights", "/portals", "/portals/arval",
    ])
    func `pages of administrators are closed to others`(_ path: String) async throws {
        let console = try await Console.make()
        let eva = try await console.signedIn(try await console.staff("eva", [PortalID(4): [.helpdesk]]))
        #expect(try await eva.get(path).status == .forbidden)
    }

    @Test func `the command line adds, lists, resets and disables`() async throws {
        let console = try await Console.make()
        let commands = StaffCommands(desk: console.desk)
        let link = try await commands.add(
            login: "Nina",
            name: "Nina",
            portals: ["all"],
            roles: ["auditor", "scheduler"]
        )
        #expect(try await console.browser().get(link.reveal()).status == .ok)
        let line = try #require(try await commands.list().first)
        #expect(line.login == "nina" && line.state == .invited && line.roles.count == 8)
        #expect(line.roles.first == "klientefl:auditor")
        let second = try await commands.reset(login: "nina")
        #expect(try await console.browser().get(link.reveal()).status == .notFound)
        #expect(try await console.browser().get(second.reveal()).status == .ok)
        try await commands.disable(login: "nina")
        #expect(try await console.browser().get(second.reveal()).status == .notFound)
        await #expect(throws: StaffCommands.Problem.self) { try await commands.disable(login: "nobody") }
        await #expect(throws: StaffCommands.Problem.self) {
            _ = try await commands.add(login: "x1", name: "X", portals: ["nowhere"], roles: ["auditor"])
        }
        #expect(try await console.actions("actor_kind = 'command_line' AND action LIKE 'access.staff%'").count == 3)
    }

    @Test func `a QR code grows with its text, up to 213 bytes`() throws {
        let code = try #require(QRCode("PORTALDESK"))
        #expect(code.size == 21)
        #expect(QRCode(String(repeating: "x", count: 213))?.size == 57)
        #expect(QRCode(String(repeating: "x", count: 214)) == nil)
    }

    @Test func `demo staff are refused beyond loopback`() async throws {
        let console = try await Console.make()
        await #expect(throws: DemoStaff.NotOnLoopback.self) {
            try await DemoStaff(desk: console.desk, hasher: console.access.hasher).install(
                [],
                password: Redacted("x"),
                totpSecret: [],
                listensOnLoopback: false
            )
        }
    }

    @Test func `a portal's profile is edited, refused at the field, and a conflict shows both`() async throws {
        let console = try await Console.make()
        let chief = try await console.signedIn(try await console.staff("chief", Self.everywhere))
        let page = try await chief.get("/portals/arval").body
        func save(_ changes: [String: String]) async throws -> Browser.Answer {
            let fields = FormFields.read(page).filter { changes[$0.0] == nil } + changes.map { ($0.key, $0.value) }
            return try await chief.ask(.post, "/portals/arval", fields)
        }
        let wrong = try await save(["timeZone": "Europe/Moskau"])
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("no such time zone"))
        #expect(try await save(["lockAfter": "9"]).location == "/portals/arval")
        let late = try await save(["lockAfter": "4"])
        #expect(late.status == .conflict && late.body.contains("<td>9</td><td>4</td>"))
        #expect(
            try await console.database.value("SELECT profile ->> 'lockAfter' FROM portal WHERE key = 'arval'") == "9"
        )
        #expect(try await console.actions("action = 'portals.profile_changed' AND portal_id = 4").count == 1)
    }
}

/// The fields of the page's main form as a browser would send them.
enum FormFields {
    static func read(_ html: String) -> [(String, String)] {
        guard let start = html.firstRange(of: "<form method=\"post\" action=\"/portals/") else { return [] }
        let form = html[start.upperBound...].prefix { _ in true }
        let end = form.firstRange(of: "</form>")?.lowerBound ?? form.endIndex
        var fields: [(String, String)] = []
        for match in form[..<end].matches(
            of: /<input[^>]*>|<select[^>]*name="([^"]+)"[^>]*>|<option value="([^"]*)" selected>/
        ) {
            let tag = String(match.output.0)
            if let name = match.output.1 {
                fields.append((String(name), ""))
            } else if let value = match.output.2 {
                if !fields.isEmpty { fields[fields.count - 1].1 = String(value) }
            } else if !tag.contains("type=\"checkbox\"") || tag.contains("checked") {
                let name = tag.firstMatch(of: /name="([^"]*)"/)?.output.1 ?? ""
                let value = tag.firstMatch(of: /value="([^"]*)"/)?.output.1 ?? ""
                fields.append((String(name), String(value)))
            }
        }
        return fields
    }
}
