import DeskKit
import Postgres
import TestKit
import Testing

@testable import JobRunner

@Suite struct ScheduleTests {
    @Test(arguments: [
        // The missing hour becomes the moment of the change, the repeated hour means its first pass.
        ("Europe/Warsaw", "2026-03-29 01:59", "2026-03-29 00:59:00"),
        ("Europe/Warsaw", "2026-03-29 02:00", "2026-03-29 01:00:00"),
        ("Europe/Warsaw", "2026-03-29 02:30", "2026-03-29 01:00:00"),
        ("Europe/Warsaw", "2026-03-29 03:00", "2026-03-29 01:00:00"),
        ("Europe/Warsaw", "2026-03-29 09:00", "2026-03-29 07:00:00"),
        ("Europe/Warsaw", "2026-10-25 01:59", "2026-10-24 23:59:00"),
        ("Europe/Warsaw", "2026-10-25 02:00", "2026-10-25 00:00:00"),
        ("Europe/Warsaw", "2026-10-25 02:30", "2026-10-25 00:30:00"),
        ("Europe/Warsaw", "2026-10-25 03:00", "2026-10-25 02:00:00"),
        ("Europe/Warsaw", "2026-10-25 09:00", "2026-10-25 08:00:00"),
        ("Europe/Budapest", "2027-03-28 02:30", "2027-03-28 01:00:00"),
        ("Europe/Budapest", "2027-10-31 02:30", "2027-10-31 00:30:00"),
        ("Europe/Moscow", "2026-03-29 02:30", "2026-03-28 23:30:00"),
        ("Europe/Moscow", "2026-10-25 02:30", "2026-10-24 23:30:00"),
    ])
    func `a wall time has one instant`(zone: String, local: String, utc: String) async throws {
        let value = try await Self.shared.value.database.value(
            "SELECT to_char(first_instant('\(local)', '\(zone)') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
        )
        #expect(value == utc)
    }

    @Test func `ten years of wall times never run backwards, and Moscow's are plain`() async throws {
        let database = try await Self.shared.value.database
        for zone in ["Europe/Warsaw", "Europe/Budapest", "Europe/Moscow"] {
            let backwards = try await database.value(
                """
                SELECT count(*) FROM (SELECT l, first_instant(l, '\(zone)') AS i,
                    lag(first_instant(l, '\(zone)')) OVER (ORDER BY l) AS before
                    FROM generate_series(timestamp '2026-01-01', '2036-01-01', '1 hour') AS l) AS s
                WHERE i < before OR (i AT TIME ZONE '\(zone)') < l
                """
            )
            #expect(backwards == "0")
        }
        let moved = try await database.value(
            "SELECT count(*) FROM generate_series(timestamp '2026-01-01', '2036-01-01', '1 hour') AS l "
                + "WHERE first_instant(l, 'Europe/Moscow') <> l AT TIME ZONE 'Europe/Moscow'"
        )
        #expect(moved == "0")
    }

    @Test func `a daily run in the missing and in the repeated hour happens once a day`() async throws {
        let bench = try await Bench.make()
        for portal in [Bench.warsaw, Bench.budapest, Bench.moscow] {
            try await bench.schedule(portal: portal, cron: "30 2 * * *", due: "2024-03-30 02:30")
        }
        try await bench.scheduler().pass()
        for portal in 1...3 {
            let odd = try await bench.database.value(
                """
                SELECT count(*) FROM generate_series(timestamp '2024-03-30 02:30', '2025-11-01', '1 day') AS d
                WHERE 1 <> (SELECT count(*) FROM run WHERE portal_id = \(portal) AND local_at = d AND state = 'waiting')
                """
            )
            #expect(odd == "0")
        }
        #expect(try await bench.database.value("SELECT count(*) FROM schedule WHERE next_at <= now()") == "0")
    }

    @Test func `of the times inside the missing hour only the moment of the change remains`() async throws {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "*/30 1-3 30 3 *", due: "2025-03-30 01:30")
        try await bench.scheduler().pass()
        let night = try await bench.runs().filter { $0.hasPrefix("2025-03-30") }
        #expect(
            night == [
                "2025-03-30 01:30 waiting", "2025-03-30 02:00 skipped clock_change",
                "2025-03-30 02:30 skipped clock_change", "2025-03-30 03:00 waiting", "2025-03-30 03:30 waiting",
            ]
        )
    }

    @Test func `several schedulers at once fire each occurrence once`() async throws {
        let bench = try await Bench.make()
        for number in 1...12 {
            try await bench.schedule("tests.n\(number)", cron: "0 9 1 * *", due: "2026-01-01 09:00")
        }
        let scheduler = try bench.scheduler()
        try await withThrowingTaskGroup { group in
            for _ in 1...5 { group.addTask { _ = try await scheduler.pass() } }
            try await group.waitForAll()
        }
        let doubled = try await bench.database.value(
            "SELECT count(*) FROM (SELECT FROM run GROUP BY portal_id, schedule, local_at HAVING count(*) > 1) AS d"
        )
        #expect(doubled == "0")
        let orphans = "SELECT count(*) FROM run AS r WHERE 1 <> (SELECT count(*) FROM job AS j WHERE j.run_id = r.id)"
        #expect(try await bench.database.value(orphans) == "0")
    }

    @Test func `an occurrence that stands already is not made again`() async throws {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "0 9 1 1 *", due: "2026-01-01 09:00")
        try await bench.scheduler().pass()
        try await bench.database.sql(
            """
            UPDATE schedule SET next_local = '2026-01-01 09:00', next_at = first_instant('2026-01-01 09:00',
            time_zone)
            """
        )
        try await bench.scheduler().pass()
        #expect(try await bench.runs().filter { $0.hasPrefix("2026-01-01") }.count == 1)
        #expect(try await bench.states().count == bench.runs().count)
    }

    @Test(arguments: [
        (MissedRuns.skip, [MissedRuns.Decision.skip("missed"), .skip("missed"), .run]),
        (.one, [.skip("superseded"), .skip("superseded"), .run]),
        (.all, [.skip("too_late"), .run, .run]),
    ])
    func `a missed run follows its policy`(policy: MissedRuns, expected: [MissedRuns.Decision]) {
        #expect(policy.decide(lateness: [90_000, 3_600, 100], isEnd: true, latest: 60, paused: false) == expected)
    }

    @Test func `the newest missed run is made up for only while it is useful`() {
        let late: [Double] = [7_200, 3_600]
        #expect(MissedRuns.one.decide(lateness: late, isEnd: true, latest: 60, paused: false).last == .run)
        #expect(MissedRuns.one.decide(lateness: late, isEnd: true, latest: 59, paused: false).last == .skip("too_late"))
        #expect(
            MissedRuns.one.decide(lateness: late, isEnd: false, latest: 60, paused: false).last == .skip("superseded")
        )
    }

    @Test func `what was due during a pause is written down and not run`() async throws {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "0 9 1 1 *", due: "2026-01-01 09:00")
        try await bench.database.sql("UPDATE schedule SET paused_at = now(), paused_reason = 'audit'")
        try await bench.scheduler().pass()
        #expect(try await bench.runs().first == "2026-01-01 09:00 skipped paused")
        #expect(try await bench.states().isEmpty)
    }

    @Test func `what the console changed outlives a deployment, what it did not follows the file`() async throws {
        let bench = try await Bench.make()
        let registry = try JobRegistry([Probe()])
        let sync = ScheduleSync(queue: bench.queue)
        func deploy(_ cron: String, _ more: String = "") async throws {
            let text = JobFileTests.good.replacing("0 9 * * *", with: cron) + more
            let file = try JobFile(name: "tests.probe", text: text, registry: registry)
            try await sync.sync([file], database: bench.database.workerDatabase)
        }
        try await deploy("0 9 * * *")
        try await bench.database.sql(
            """
            UPDATE schedule SET cron = '15 7 * * *', changed_in_console = true, paused_at = now(),
            paused_reason = 'x' 
            """
                + "WHERE portal_id = 1; UPDATE schedule SET next_at = NULL, next_local = NULL WHERE portal_id = 1"
        )
        try await deploy("30 10 * * *", "\nportals: [warsaw, budapest]")
        let rows = try await bench.database.sql(
            """
            SELECT portal_id || ' ' || cron || ' ' || file_cron || ' ' || present || ' ' || (paused_at IS NOT NULL)
                || ' ' || coalesce(to_char(next_at AT TIME ZONE time_zone, 'HH24:MI'), '-')
            FROM schedule ORDER BY portal_id
            """
        )
        #expect(
            rows.map { $0.first ?? nil } == [
                "1 15 7 * * * 30 10 * * * true true 07:15", "2 30 10 * * * 30 10 * * * true false 10:30",
                "3 0 9 * * * 0 9 * * * false false -",
            ]
        )
    }

    @Test func `a run ends with its last job, and a quarantined one makes it failed`() async throws {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "0 9 1 1 *", due: "2026-01-01 09:00")
        let queue = bench.queue
        let run = try await bench.database.database.transaction(.portal(Bench.warsaw)) { session in
            try Runs().start(
                "tests.probe",
                portal: Bench.warsaw,
                forDate: nil,
                trigger: .commandLine,
                askedBy: nil,
                queue: queue,
                in: session
            )
        }
        try await bench.enqueue("fail", run: run)
        let worker = try bench.worker()
        #expect(try await worker.workThrough(run: run) == 2)
        #expect(try await bench.database.value("SELECT state FROM run") == "running")
        for _ in 1...2 {
            try await bench.database.sql("UPDATE job SET run_at = now() WHERE state = 'waiting'")
            _ = try await worker.workThrough(run: run)
        }
        #expect(try await bench.database.value("SELECT state || ' ' || reason FROM run") == "failed quarantined")
    }

    @Test func `a second run of a date that still works is refused`() async throws {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "0 9 1 1 *", due: "2026-01-01 09:00")
        let queue = bench.queue
        @Sendable func start() async throws -> RunID {
            try await bench.database.database.transaction(.portal(Bench.warsaw)) { session in
                try Runs().start(
                    "tests.probe",
                    portal: Bench.warsaw,
                    forDate: CivilDate(iso: "2026-05-04"),
                    trigger: .commandLine,
                    askedBy: nil,
                    queue: queue,
                    in: session
                )
            }
        }
        _ = try await start()
        await #expect(throws: Runs.Refusal.underWay) { try await start() }
        #expect(try await bench.worker().workThrough() == 1)
        #expect(try await bench.database.value("SELECT state FROM run") == "finished")
        _ = try await start()
    }

    /// One database for the tests that only ask.
    static let shared = SharedBench()
}

/// A bench that is made once.
actor SharedBench {
    private var making: Task<Bench, any Error>?

    var value: Bench {
        get async throws {
            let task = making ?? Task { try await Bench.make() }
            making = task
            return try await task.value
        }
    }
}
