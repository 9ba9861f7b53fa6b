import DeskKit
import Foundation
import Postgres
import TestKit
import Testing

@testable import JobRunner

@Suite struct TimetableTests {
    private static let zones = ["Europe/Warsaw", "Europe/Budapest", "Europe/Moscow", "America/New_York"]

    @Test(arguments: [
        ("Europe/Warsaw", "2026-10-25 02:30", "2026-10-25 01:30"),
        ("Europe/Warsaw", "2026-10-25 02:00", "2026-10-25 01:00"),
        ("Europe/Warsaw", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("Europe/Warsaw", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 15:15"),
        ("Europe/Moscow", "2026-10-25 02:30", "2026-10-24 23:30"),
    ])
    func `the last pass of a repeated hour is found`(zone: String, local: String, utc: String) async throws {
        let database = try await ScheduleTests.shared.value.database
        let value = try await database.value(
            "SELECT to_char(wall_instant('\(local)', '\(zone)', 'last') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
        )
        #expect(value == utc)
    }

    @Test func `each half hour of ten years comes once and in order, whichever pass counts`() async throws {
        let database = try await ScheduleTests.shared.value.database
        for zone in Self.zones {
            for pass in RepeatedHour.allCases {
                let wrong = try await database.value(
                    """
                    SELECT count(*) FROM (
                        SELECT l, i, lag(i) OVER (ORDER BY l) AS before
                        FROM (SELECT l, wall_instant(l, '\(zone)', '\(pass.rawValue)') AS i
                            FROM generate_series(0, 9) AS y, unnest(ARRAY[3, 4, 10, 11]) AS m, generate_series(
                                make_timestamp(2026 + y, m, 1, 0, 0, 0),
                                make_timestamp(2026 + y, m, 1, 0, 0, 0) + interval '1 month', '30 min') AS l) AS g) AS s
                    WHERE i < before OR (i AT TIME ZONE '\(zone)') < l
                    """
                )
                #expect(wrong == "0", "\(zone) \(pass)")
            }
        }
    }

    @Test func `a time that no clock shows is left out where the file says so`() async throws {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "*/30 1-3 30 3 *", due: "2025-03-30 01:30")
        try await bench.database.sql("UPDATE schedule SET missing_hour = 'skip'")
        try await bench.scheduler().pass()
        let night = try await bench.runs().filter { $0.hasPrefix("2025-03-30") }
        #expect(
            night == [
                "2025-03-30 01:30 waiting", "2025-03-30 02:00 skipped missing_hour",
                "2025-03-30 02:30 skipped missing_hour", "2025-03-30 03:00 waiting", "2025-03-30 03:30 waiting",
            ]
        )
    }

    @Test func `in the repeated hour a schedule runs once, in the pass that its file names`() async throws {
        for pass in RepeatedHour.allCases {
            let bench = try await Bench.make()
            try await bench.schedule(cron: "30 2 * * *", due: "2025-10-26 02:30")
            try await bench.database.sql("UPDATE schedule SET repeated_hour = '\(pass.rawValue)'")
            try await bench.scheduler().pass()
            #expect(try await bench.runs().filter { $0.hasPrefix("2025-10-26") } == ["2025-10-26 02:30 waiting"])
        }
    }

    @Test func `an interval counts from midnight of 1970`() throws {
        let start = try #require(CivilDateTime(iso: "2026-11-21 09:07:30"))
        let next = { (text: String) in try CronExpression(text).next(after: start)?.iso }
        #expect(try next("every 15m") == "2026-11-21 09:15:00")
        #expect(try next("every 6h") == "2026-11-21 12:00:00")
        #expect(try next("every 24h") == "2026-11-22 00:00:00")
        #expect(try CronExpression("EVERY 15 m").text == "every 15m")
        let end = try #require(CivilDateTime(iso: "2026-11-21 10:00:00"))
        #expect(try CronExpression("every 20m").times(after: start, through: end, limit: 9).count == 3)
    }

    @Test(arguments: ["every", "every 0m", "every m", "every 15", "every 15s", "every 11000m", "every -5m", "every ٥m"])
    func `an interval that is none is refused`(text: String) {
        #expect(throws: CronFault.self) { try CronExpression(text) }
    }

    private func file(_ more: String, cron: String = "cron: \"0 9 * * *\"") throws -> JobFile {
        let text = JobFileTests.good.replacing("cron: \"0 9 * * *\"", with: cron) + more
        return try JobFile(name: "tests.probe", text: text, registry: try JobRegistry([Probe()]))
    }

    @Test func `a file names interval, both hours of clock change and its version`() throws {
        let file = try file("\nmissing_hour: skip\nrepeated_hour: last\nversion: 7", cron: "every: 15m")
        #expect(file.cron.every == 15 && file.missingHour == .skip && file.repeatedHour == .last && file.version == 7)
        let plain = try self.file("")
        #expect(plain.missingHour == .shift && plain.repeatedHour == .first && plain.version == 1)
        #expect(throws: JobFileFaults.self) { try self.file("\nevery: 15m") }
        #expect(throws: JobFileFaults.self) { try self.file("\nmissing_hour: never") }
        #expect(throws: JobFileFaults.self) { try self.file("", cron: "every: often") }
    }

    @Test func `an interval without a zone counts by clocks that are never changed`() throws {
        let text = JobFileTests.good.replacing("cron: \"0 9 * * *\"", with: "every: 1h")
            .replacing("zone: portal\n", with: "")
        let file = try JobFile(name: "tests.probe", text: text, registry: try JobRegistry([Probe()]))
        #expect(file.zone == "UTC")
    }

    @Test func `a worker that holds an older file changes nothing of a newer one`() async throws {
        let bench = try await Bench.make()
        let sync = ScheduleSync(queue: bench.queue)
        for (version, cron) in [(2, "cron: \"0 10 * * *\""), (1, "cron: \"0 8 * * *\""), (2, "cron: \"0 11 * * *\"")] {
            let file = try file("\nversion: \(version)", cron: cron)
            try await sync.sync([file], database: bench.database.workerDatabase)
            let now = try await bench.database.value("SELECT cron FROM schedule WHERE portal_id = 1")
            #expect(now == (version == 1 ? "0 10 * * *" : file.cron.text))
        }
    }

    @Test func `a worker of an older release neither changes nor retires what a newer one brought, nor brings back`()
        async throws
    {
        let bench = try await Bench.make()
        let sync = ScheduleSync(queue: bench.queue)
        let registry = try JobRegistry([Probe()])
        func start(_ release: Int, _ files: [String: String]) async throws {
            let files = try files.map { name, cron in
                let text = JobFileTests.good.replacing("0 9 * * *", with: cron)
                var file = try JobFile(name: name, text: text, registry: registry)
                file.release = release
                return file
            }
            try await sync.sync(files, database: bench.database.workerDatabase)
        }
        let rows = """
            SELECT concat_ws(' ', name, cron, CASE WHEN present THEN 'present' END) FROM schedule
            WHERE portal_id = 1 ORDER BY name
            """
        try await start(1, ["tests.kept": "0 8 * * *", "tests.old": "0 8 * * *"])
        try await start(2, ["tests.kept": "0 9 * * *", "tests.new": "0 9 * * *"])
        let newer = ["tests.kept 0 9 * * * present", "tests.new 0 9 * * * present", "tests.old 0 8 * * *"]
        #expect(try await bench.database.sql(rows).map { $0[0] } == newer)
        try await start(1, ["tests.kept": "0 8 * * *", "tests.old": "0 8 * * *"])
        #expect(try await bench.database.sql(rows).map { $0[0] } == newer)
        try await start(3, ["tests.old": "0 7 * * *"])
        #expect(
            try await bench.database.sql(rows).map { $0[0] }
                == ["tests.kept 0 9 * * *", "tests.new 0 9 * * *", "tests.old 0 7 * * * present"]
        )
    }
}

/// No worker for three days: what becomes of the days missed.
@Suite struct OutageTests {
    private func runs(_ policy: MissedRuns, latest: Int = 100_000) async throws -> [String] {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "0 0 * * *", due: "2024-01-01 00:00", missed: policy, latest: latest)
        try await bench.database.sql(
            """
            UPDATE schedule SET next_local = date_trunc('day', now() AT TIME ZONE time_zone) - interval '3 days';
            UPDATE schedule SET next_at = first_instant(next_local, time_zone)
            """
        )
        // Seconds after midnight today's own run counts as punctual, which every policy makes.
        try await bench.scheduler().pass()
        #expect(try await bench.runs().count == 4)
        try await bench.scheduler().pass()
        let made = try await bench.database.sql(
            "SELECT state || coalesce(' ' || reason, '') FROM run ORDER BY local_at"
        )
        #expect(try await bench.states().count == made.count { $0[0] == "waiting" })
        return made.prefix(3).compactMap { $0[0] }
    }

    @Test func `with skip none of them is made up for`() async throws {
        #expect(try await runs(.skip) == Array(repeating: "skipped missed", count: 3))
    }

    @Test func `with one only the newest is`() async throws {
        #expect(try await runs(.one) == Array(repeating: "skipped superseded", count: 3))
    }

    @Test func `with all each is, unless it is too late by then`() async throws {
        #expect(try await runs(.all) == Array(repeating: "waiting", count: 3))
        // Three days ago is between 72 and 96 hours back, two days ago between 48 and 72.
        #expect(try await runs(.all, latest: 72 * 60) == ["skipped too_late", "waiting", "waiting"])
    }
}
