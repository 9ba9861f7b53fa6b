import DeskKit
import Postgres
import TestKit
import Testing

@testable import Reminders

/// No worker for some days: the next run on schedule makes up for what is still of use.
struct MissedDaysTests {
    /// Runs on schedule: one of the 15th, then what is given, then the one of the 20th, which is answered.
    private func bench(_ between: [String], trigger: String = "schedule") async throws -> (Bench, RunID) {
        let bench = try await Bench.make()
        try await bench.account(1)
        let rows =
            ["('2026-11-15', 'finished', NULL, 'schedule')"] + between
            + ["('2026-11-20', 'running', NULL, '\(trigger)')"]
        try await bench.test.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, reason)
            SELECT 1, 'reminders.payments', t, d::date + time '09:00', d::date, s, r
            FROM (VALUES \(rows.joined(separator: ", "))) AS v (d, s, r, t)
            """
        )
        let id = try #require(try await bench.test.value("SELECT max(id) FROM run").flatMap { Int64($0) })
        return (bench, RunID(id))
    }

    private func planned(_ bench: Bench, _ run: RunID) async throws -> [String] {
        try await bench.plan(run: run)
        return try await bench.lines("subject_id || ' ' || step || ' ' || state", "reminder", "subject_id, step")
    }

    @Test("days that no run covered are planned with the next one, those before the first run are not")
    func outage() async throws {
        let (bench, run) = try await bench([
            "('2026-11-17', 'skipped', 'superseded', 'schedule')", "('2026-11-18', 'finished', NULL, 'schedule')",
            "('2026-11-19', 'skipped', 'too_late', 'schedule')",
        ])
        for (id, day) in [(1, "19"), (2, "21"), (3, "22"), (4, "23"), (5, "24"), (6, "25")] {
            try await bench.instalment(id, due: "2026-11-\(day)")
        }
        // Five days before: of the 14th, 16th, 17th, 18th, 19th and 20th.
        #expect(try await planned(bench, run) == ["2 0 planned", "3 0 planned", "5 0 planned", "6 0 planned"])
        #expect(try await bench.test.value("SELECT count(*) FROM job WHERE kind = 'reminders.send'") == "1")
    }

    @Test("what was paused or cancelled is a person's wish, and a run by hand is about its day alone")
    func wishes() async throws {
        let reasons = ["'paused'", "'cancelled'"].enumerated()
        let rows = reasons.map { "('2026-11-\(18 + $0.offset)', 'skipped', \($0.element), 'schedule')" }
        let (bench, run) = try await bench(rows + ["('2026-11-17', 'finished', NULL, 'schedule')"])
        try await bench.instalment(1, due: "2026-11-24")
        #expect(try await planned(bench, run).isEmpty)
        let (other, byHand) = try await self.bench([], trigger: "staff")
        try await other.instalment(1, due: "2026-11-24")
        #expect(try await planned(other, byHand).isEmpty)
    }

    @Test("of several steps left over a thing has its newest one, and none whose date is past")
    func newest() async throws {
        let (bench, run) = try await bench([])
        try await bench.test.sql(
            "UPDATE rule SET days_before = '{9,6,2,-2}', steps = '{0,1,2,3}' WHERE subject = 'instalment'"
        )
        // Today: six before the 26th. Missed: two before the 19th and the 21st, nine before the 26th, two after the
        // 16th.
        for (id, day) in [(1, "26"), (2, "19"), (3, "21"), (4, "16")] {
            try await bench.instalment(id, due: "2026-11-\(day)")
        }
        #expect(try await planned(bench, run) == ["1 1 planned", "3 2 planned", "4 3 planned"])
    }
}
