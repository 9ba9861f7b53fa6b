import Access
import DeskKit
import Foundation
import Postgres
import Secrets
import TestKit
import Testing

@testable import DeskApp

/// The whole demo, in a smaller size, on a real database.
struct DemoLoaderTests {
    private func configuration(_ test: TestDatabase, host: String = "127.0.0.1") throws -> DeskConfiguration {
        let keys = FileManager.default.temporaryDirectory.path + "/demo-keys-\(UUID().uuidString)"
        try KeyRing.generate(to: keys)
        return try DeskConfiguration(
            environment: [
                "DATABASE_URL": test.urls.console, "WORKER_DATABASE_URL": test.urls.worker, "PORTALDESK_KEYS": keys,
            ],
            root: Repository.path(""),
            host: host
        )
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "behind a proxy"])
    func `the console starts beside the demo's staff on loopback alone, and check names them`(
        _ place: String
    ) async throws {
        let test = try await TestDatabase.make()
        try await test.sql(
            """
            INSERT INTO staff (login, name, state, demo, password_hash, totp_secret, totp_key_id)
            VALUES ('manager', 'Marek', 'active', true, 'x', 'x', 'x')
            """
        )
        var configuration = try configuration(test, host: place == "0.0.0.0" ? place : "127.0.0.1")
        defer { try? FileManager.default.removeItem(atPath: configuration.keysFile ?? "") }
        if place == "behind a proxy" { configuration.trustedProxies = ["192.0.2.1"] }
        let stays = place == "127.0.0.1"
        #expect(configuration.staysHere == stays)
        configuration.isDemo = true
        let installation = try Installation(configuration, as: .console)
        let rooms = try Rooms(installation)
        if stays {
            try await Processes.refuseDemoStaff(installation, rooms)
        } else {
            let refusal = await #expect(throws: DeskConfiguration.Problem.self) {
                try await Processes.refuseDemoStaff(installation, rooms)
            }
            #expect(refusal?.reason.contains("staff disable") == true)
        }
        await installation.desk.database.close()
        let finding = try #require(await Upkeep.check(configuration).first { $0.subject == "demo staff" })
        #expect((finding.problem == nil) == stays)
    }

    private func load(_ test: TestDatabase) async throws -> DeskConfiguration {
        let configuration = try configuration(test)
        for _ in 1...2 {
            var loader = try DemoLoader(configuration) { _ in }
            loader.limit = 60
            try await loader.load()
            await loader.close()
        }
        return configuration
    }

    @Test func `a demo loaded twice is there once, with every state of an application and of an account`() async throws
    {
        let test = try await TestDatabase.make()
        let configuration = try await load(test)
        defer { try? FileManager.default.removeItem(atPath: configuration.keysFile ?? "") }

        #expect(try await test.sql("SELECT count(*) FROM portal") == [["4"]])
        let clients = try await test.sql("SELECT count(*) FROM client GROUP BY portal_id ORDER BY portal_id")
        #expect(clients == [["60"], ["60"], ["60"], ["60"]])
        let states = try await test.sql("SELECT DISTINCT state FROM application ORDER BY state")
        #expect(
            states == [
                ["activated"], ["approved"], ["draft"], ["refused"], ["returned"], ["submitted"], ["withdrawn"],
            ]
        )
        #expect(try await test.sql("SELECT count(DISTINCT kind) FROM application") == [["2"]])
        #expect(
            try await test.sql("SELECT DISTINCT outcome FROM call_attempt ORDER BY 1") == [["informed"], ["no_answer"]]
        )
        let accounts = try await test.sql("SELECT portal_id, state FROM account GROUP BY 1, 2 ORDER BY 1, 2")
        #expect(accounts.map { $0[1] } == Array(repeatElement(["active", "invited", "locked"], count: 4).joined()))
        #expect(try await test.sql("SELECT count(*) FROM portal_key") == [["4"]])
        let texts = "SELECT count(*) FROM text_version WHERE state = 'published' AND valid @> now()"
        #expect(try await test.sql(texts) == [["23"]])
        let messages = try await test.sql(
            """
            SELECT DISTINCT m.state, f.message_id IS NOT NULL FROM message AS m
            LEFT JOIN message_file AS f ON f.portal_id = m.portal_id AND f.message_id = m.id ORDER BY 1
            """
        )
        #expect(messages == [["confirmed", "f"], ["planned", "t"]])
        #expect(try await test.sql("SELECT count(*) FROM application WHERE decided_by = opened_by") == [["0"]])
        try await lookAtRequests(test)
        try await lookAtBook(test)
        try await lookAtStaff(test, configuration)
    }

    /// One in each state that staff meet, at every portal, and each with its receipt.
    private func lookAtRequests(_ test: TestDatabase) async throws {
        let states = try await test.sql(
            "SELECT state FROM client_request GROUP BY state HAVING count(DISTINCT portal_id) = 4 ORDER BY state"
        )
        #expect(
            Set(states.compactMap { $0.first ?? nil }).isSuperset(of: [
                "assessment", "blocked", "closed", "decision", "duplicate", "executing", "identity", "lapsed",
                "verifying", "waiting_client", "withdrawn",
            ])
        )
        #expect(
            try await test.sql(
                """
                SELECT count(*) FROM client_request AS r
                WHERE NOT EXISTS (SELECT FROM request_letter AS l
                    WHERE l.portal_id = r.portal_id AND l.request_id = r.id AND l.kind = 'receipt')
                """
            ) == [["0"]]
        )
        #expect(try await test.sql("SELECT count(*) FROM client_request WHERE statement = ''") == [["0"]])
    }

    private func lookAtBook(_ test: TestDatabase) async throws {
        let policies = try await test.sql(
            "SELECT DISTINCT policy_state(expires_on, current_date, 30) AS s FROM policy ORDER BY s"
        )
        #expect(policies == [["active"], ["expired"], ["expiring"]])
        let invoices = try await test.sql(
            """
            SELECT DISTINCT invoice_state(v.amount_minor, coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                WHERE p.portal_id = v.portal_id AND p.invoice_id = v.id), 0)::bigint, v.due_on, current_date) AS s
            FROM invoice AS v ORDER BY s
            """
        )
        #expect(Set(invoices.compactMap { $0.first ?? nil }).isSuperset(of: ["overdue", "paid", "unpaid"]))
        let kinds = try await test.sql("SELECT DISTINCT kind FROM instalment ORDER BY kind")
        #expect(kinds == [["extra_fee"], ["instalment"], ["insurance"]])
    }

    /// Each signs in with what is printed, and has the own role's rights at all four portals.
    private func lookAtStaff(_ test: TestDatabase, _ configuration: DeskConfiguration) async throws {
        let list = try DemoStaffList.load(root: configuration.root)
        let installation = try Installation(configuration, as: .console)
        let hasher = try Rooms(installation).access.hasher
        for person in list.people {
            let roles = try await test.sql(
                """
                SELECT r.portal_id, r.role FROM staff AS s JOIN staff_role AS r ON r.staff_id = s.id
                WHERE s.login = '\(person.login)' AND s.state = 'active' AND s.demo ORDER BY 1
                """
            )
            #expect(roles == (1...4).map { ["\($0)", person.role.rawValue] })
            #expect(!Roles.rights(of: [person.role]).isEmpty)
        }
        let hash = try await test.sql("SELECT password_hash FROM staff WHERE login = 'helpdesk'")
        let stored = hash.first?.first ?? nil
        guard case .right = try await hasher.verify(Redacted(list.password), against: stored) else {
            Issue.record("the printed password does not sign in")
            return
        }
        let now = Int64(Date().timeIntervalSince1970)
        let code = try list.code(at: now)
        #expect(TOTP(secret: try list.secret()).verify(Redacted(code), at: TOTP.step(at: now), lastStep: 0) != nil)
        await installation.desk.database.close()
    }

    @Test func `beyond loopback the demo is not loaded`() async throws {
        let test = try await TestDatabase.make()
        let configuration = try configuration(test, host: "192.0.2.7")
        #expect(throws: DemoLoader.NotHere.self) { _ = try DemoLoader(configuration) { _ in } }
    }
}
