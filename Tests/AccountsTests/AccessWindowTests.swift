import DeskKit
import JobRunner
import Logging
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts
@testable import DeskApp
@testable import Portals

/// Access after the last contract (K12).
struct AccessWindowTests {
    private let house: House
    private let portal: PortalProfile
    private let account: AccountID

    init() async throws {
        house = try await House.make()
        portal = try await house.portal("klientefl")
        account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.test.sql("UPDATE access SET since = now() - interval '2 years'")
    }

    private func contract(ended: String?, key: String = "k1") async throws {
        try await house.test.sql(
            """
            INSERT INTO contract (portal_id, client_id, external_key, number, kind, signed_on, starts_on, ends_on,
                currency)
            SELECT portal_id, client_id, '\(key)', '\(key)', 'finance', '2020-01-01', '2020-01-01',
                \(ended.map { "'\($0)'" } ?? "NULL"), 'PLN' FROM access LIMIT 1
            """
        )
    }

    private func run(_ day: String, portal: PortalProfile? = nil) async throws {
        let today = try #require(CivilDate(iso: day))
        let job = AccessWindow(
            portals: house.installation.desk.portals,
            notices: house.rooms.accounts.room.notices,
            trail: house.rooms.accounts.room.trail
        )
        let portal = portal ?? self.portal
        _ = try await house.test.workerDatabase.transaction(.portal(portal.id)) { session in
            try job.step(portal, on: today, in: session)
        }
    }

    private func ended() async throws -> Bool {
        try await house.test.value("SELECT ended_at IS NOT NULL FROM access") == "t"
    }

    @Test func `the client is warned once, and the access ends on its day, ninety days after the contract`()
        async throws
    {
        try await contract(ended: "2026-01-10")
        try await run("2026-03-26")
        #expect(try await house.messages("accounts.access_ends") == 0)
        for _ in 0..<2 { try await run("2026-03-27") }
        #expect(try await house.messages("accounts.access_ends") == 1)
        #expect(try await !ended())
        try await run("2026-04-09")
        #expect(try await !ended())
        for _ in 0..<2 { try await run("2026-04-10") }
        #expect(try await ended())
        #expect(try await house.messages("accounts.access_ended") == 1)
        #expect(try await house.audited("access.window_ended") == 1)
        #expect(try await house.audited("account.access_ends") == 1)
        #expect(try await house.state(account) == "active")
    }

    @Test func `where the warning came late the access ends so many days after it, never unwarned`() async throws {
        // The end was imported late, or the job was down: the day of the window is long past.
        try await contract(ended: "2025-01-10")
        try await run("2026-04-01")
        #expect(try await house.messages("accounts.access_ends") == 1)
        #expect(try await house.audited("access.window_ended") == 0)
        #expect(
            try await house.test.value("SELECT facts ->> 'day' FROM audit_event WHERE action = 'account.access_ends'")
                == "2026-04-15"
        )
        try await run("2026-04-14")
        #expect(try await !ended())
        // A further contract was imported meanwhile: what was announced is void.
        try await contract(ended: "2026-01-10", key: "k2")
        try await run("2026-04-15")
        #expect(try await !ended())
        #expect(try await house.messages("accounts.access_ends") == 2)
        try await run("2026-04-28")
        #expect(try await !ended())
        try await run("2026-04-29")
        #expect(try await ended())
        #expect(
            try await house.test.value("SELECT facts ->> 'day' FROM audit_event WHERE action = 'access.window_ended'")
                == "2026-04-29"
        )
    }

    @Test(arguments: [("2026-01-10", "2026-02-01"), ("2026-02-01", "2026-01-10")])
    func `a contract ends at its end or when it was ended, whichever came first, for warnings and reminders alike`(
        end: String,
        ended: String
    ) async throws {
        try await contract(ended: end)
        try await house.test.sql("UPDATE contract SET ended_on = '\(ended)'")
        let days = try await house.test.sql(
            """
            SELECT to_char(access_ends_on(portal_id, client_id, 90), 'YYYY-MM-DD'),
                to_char(access_ends_on(portal_id, client_id), 'YYYY-MM-DD') FROM contract
            """
        )
        #expect(days == [["2026-04-10", "2026-04-10"]])
    }

    @Test func `whoever has a new contract, or never had one, is spared`() async throws {
        try await run("2026-04-10")
        #expect(try await !ended())
        try await contract(ended: "2026-01-10")
        try await contract(ended: nil, key: "k2")
        try await run("2026-04-10")
        #expect(try await !ended())
        #expect(try await house.messages("accounts.access_ends") == 0)
    }

    @Test func `an access given after the contract ended has the same time`() async throws {
        try await contract(ended: "2026-01-10")
        try await house.test.sql("UPDATE access SET since = now() - interval '5 days'")
        try await run("2026-04-10")
        #expect(try await !ended())
    }

    @Test func `a portal without a window, and another portal's run, end nothing`() async throws {
        try await contract(ended: "2020-01-10")
        var open = portal
        open.rules.accessWindowDays = nil
        try await run("2026-04-10", portal: open)
        try await run("2026-04-10", portal: try await house.portal("ebok-millennium"))
        #expect(try await !ended())
    }

    private func work() async throws {
        try await house.test.sql("UPDATE job SET run_at = now() WHERE state = 'waiting'")
        let worker = Worker(
            database: house.test.workerDatabase,
            registry: try JobRegistry(house.rooms.handlers),
            configuration: WorkerConfiguration(host: "test", process: 1),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        try await worker.workThrough()
    }

    @Test func `the warning keeps the portal's sending hours`() async throws {
        try await house.test.sql(
            """
            INSERT INTO provider (portal_id, name, channel, kind)
            SELECT p.id, 'local', c, 'local' FROM portal AS p, unnest('{sms,email}'::text[]) AS c
            ON CONFLICT DO NOTHING;
            INSERT INTO sending_hours (portal_id, opens, closes, spread_minutes)
            SELECT p.id, CASE WHEN n THEN '13:00'::time ELSE '01:00' END,
                CASE WHEN n THEN '14:00'::time ELSE '02:00' END, 0
            FROM portal AS p
            CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE p.time_zone)::time < '12:00') AS w (n)
            """
        )
        try await contract(ended: "2026-01-10")
        try await run("2026-03-27")
        try await work()
        let state = "SELECT state FROM message WHERE kind = 'accounts.access_ends'"
        #expect(try await house.test.value(state) == "planned")
        try await house.test.sql("DELETE FROM sending_hours")
        try await work()
        #expect(try await house.test.value(state) == "confirmed")
    }

    @Test func `nobody without an access signs in`() async throws {
        try await contract(ended: "2020-01-10")
        for day in ["2026-04-10", "2026-04-24"] { try await run(day) }
        let client = try await house.test.value("SELECT client_id FROM access") ?? ""
        let page = try await house.get("/clients/klientefl/\(client)")
        #expect(page.body.contains("no access to any client"))
    }
}
