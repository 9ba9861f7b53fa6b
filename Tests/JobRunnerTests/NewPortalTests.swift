import DeskKit
import Postgres
import Synchronization
import TestKit
import Testing

@testable import JobRunner

/// A portal that comes while a scheduler runs.
struct NewPortalTests {
    private static let text = """
        handler: tests.probe
        cron: "0 9 1 1 *"
        zone: portal
        missed: skip
        latest: 60
        owner: nobody
        runbook: none
        """

    private func make(_ bench: Bench, portals: String = "") throws -> (Scheduler, Tally) {
        let registry = try JobRegistry([Probe()])
        let file = try JobFile(name: "tests.probe", text: Self.text + portals, registry: registry)
        let looks = Tally()
        let scheduler = Scheduler(
            database: bench.database.workerDatabase,
            registry: registry,
            queue: bench.queue,
            files: [file],
            onPortals: { _ in looks.add() },
            logger: bench.logger
        )
        return (scheduler, looks)
    }

    private func add(_ bench: Bench) async throws {
        try await bench.database.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile)
            VALUES (4, 'wien', 'Wien', 'AT', 'Europe/Vienna', 'EUR', '{en}', '{}')
            """
        )
    }

    private func schedules(_ bench: Bench) async throws -> [String] {
        try await bench.database.sql(
            "SELECT portal_id || ' ' || time_zone || ' ' || (next_at IS NOT NULL) FROM schedule ORDER BY portal_id"
        ).compactMap { $0.first ?? nil }
    }

    @Test func `it gets its schedules with the next look, and nothing is looked at twice`() async throws {
        let bench = try await Bench.make()
        let (scheduler, looks) = try make(bench)
        try await scheduler.pass()
        try await scheduler.pass()
        #expect(try await schedules(bench).count == 3)
        #expect(looks.count == 1)
        try await add(bench)
        try await scheduler.pass()
        #expect(try await schedules(bench).last == "4 Europe/Vienna true")
        #expect(looks.count == 2)
    }

    @Test func `a portal that moves to another time zone has its schedules there`() async throws {
        let bench = try await Bench.make()
        let (scheduler, _) = try make(bench)
        try await scheduler.pass()
        try await bench.database.sql("UPDATE portal SET time_zone = 'Europe/Lisbon' WHERE id = 1")
        try await scheduler.pass()
        #expect(try await schedules(bench).first == "1 Europe/Lisbon true")
    }

    @Test func `a file that names no portal keeps what is due from waiting`() async throws {
        let bench = try await Bench.make()
        let (scheduler, _) = try make(bench, portals: "\nportals: [nowhere]")
        try await bench.schedule("tests.other", cron: "0 9 * * *", due: "2026-01-01 09:00", missed: .one)
        try await scheduler.pass()
        #expect(try await !bench.runs().isEmpty)
    }

    @Test func `one portal's schedules are made within its own scope, and nobody else's touched`() async throws {
        let bench = try await Bench.make()
        let file = try JobFile(name: "tests.probe", text: Self.text, registry: try JobRegistry([Probe()]))
        let sync = ScheduleSync(queue: bench.queue)
        try await bench.database.database.transaction(.portal(Bench.budapest)) { session in
            try sync.sync([file], only: Bench.budapest, in: session)
        }
        #expect(try await schedules(bench) == ["2 Europe/Budapest true"])
    }
}

/// Counts from any thread.
final class Tally: Sendable {
    private let number = Mutex(0)

    func add() { number.withLock { $0 += 1 } }
    var count: Int { number.withLock { $0 } }
}
