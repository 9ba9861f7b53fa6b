import Audit
import DeskKit
import Postgres
import Secrets
import TestKit
import Testing

@testable import JobRunner

@Suite struct JobOperatorTests {
    private func operate(_ bench: Bench, _ handlers: [any JobHandler] = [Probe()]) throws -> JobOperator {
        JobOperator(
            database: bench.database.workerDatabase,
            registry: try JobRegistry(handlers),
            queue: bench.queue,
            audit: AuditTrail(keyRing: try KeyRing.ephemeral()),
            previews: [Forecast()],
            configuration: WorkerConfiguration(host: "line", process: 1),
            logger: bench.logger
        )
    }

    private func bench() async throws -> Bench {
        let bench = try await Bench.make()
        for portal in [Bench.warsaw, Bench.moscow] {
            try await bench.schedule(portal: portal, cron: "0 9 * * *", due: "2124-01-01 09:00")
        }
        return bench
    }

    @Test func `a run is waited for and done here when nobody else does it`() async throws {
        let bench = try await bench()
        let reports = try await operate(bench).run("tests.probe", portal: nil, on: CivilDate(iso: "2026-05-04"))
        #expect(reports.map(\.portal) == ["moscow", "warsaw"])
        #expect(reports.allSatisfy { $0.state == .finished && $0.date.iso == "2026-05-04" })
        #expect(reports.allSatisfy { $0.trigger == .commandLine })
        let audit = "SELECT count(*) FROM audit_event WHERE action = 'run.started' AND actor_kind = 'command_line'"
        #expect(try await bench.database.value(audit) == "2")
    }

    @Test func `a run that another worker has is waited for`() async throws {
        let bench = try await bench()
        let helper = try bench.worker()
        let operation = try operate(bench, [Elsewhere()])
        async let reports = operation.run("tests.probe", portal: "warsaw", on: nil)
        while try await helper.workThrough() == 0 { await Task.yield() }
        #expect(try await reports.map(\.state) == [.finished])
    }

    @Test func `a refusal at one portal starts nothing at any`() async throws {
        let bench = try await bench()
        try await bench.database.sql(
            "INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state) "
                + "VALUES (1, 'tests.probe', 'staff', now(), '2026-05-04', 'running')"
        )
        let operation = try operate(bench)
        await #expect(throws: Runs.Refusal.underWay) {
            try await operation.run("tests.probe", portal: nil, on: CivilDate(iso: "2026-05-04"))
        }
        #expect(try await bench.states().isEmpty)
        await #expect(throws: JobOperator.Refusal.unknownSchedule) {
            try await operation.run("tests.nothing", portal: nil, on: nil)
        }
    }

    @Test func `a dry run answers every recipient and writes nothing`() async throws {
        let bench = try await bench()
        let reports = try await operate(bench).dryRun("tests.probe", portal: "warsaw", on: CivilDate(iso: "2026-05-04"))
        #expect(reports.count == 1 && reports[0].recipients.count == 1_201 && reports[0].counts == ["send": 1_201])
        #expect(try await bench.runs().isEmpty)
    }

    @Test func `a dry run of a schedule that no worker has made yet makes none`() async throws {
        let bench = try await Bench.make()
        let file = try JobFile(
            name: "tests.probe",
            text: """
                handler: tests.probe
                cron: '0 9 * * *'
                zone: portal
                missed: one
                latest: 60
                portals: [warsaw]
                owner: scheduler
                runbook: none
                """,
            registry: try JobRegistry([Probe()])
        )
        let operation = try operate(bench)
        let reports = try await operation.dryRun("tests.probe", portal: nil, on: nil, files: [file])
        #expect(reports.map(\.portal) == ["warsaw"] && reports[0].recipients.count == 1_201)
        #expect(try await operation.list(portal: nil).isEmpty)
        await #expect(throws: JobOperator.Refusal.unknownSchedule) {
            _ = try await operation.dryRun("tests.typo", portal: nil, on: nil, files: [file])
        }
    }

    @Test func `reports are printed as lines and as JSON`() async throws {
        let bench = try await bench()
        let operation = try operate(bench)
        let date = CivilDate(iso: "2026-05-04")
        let runs = try await operation.run("tests.probe", portal: "warsaw", on: date)
        let run = try #require(runs.first)
        #expect(JobLines.text(run) == "\(run.id)\ttests.probe\twarsaw\t2026-05-04\tcommand_line\tfinished")
        #expect(try JobLines.json(runs).contains("\"date\" : \"2026-05-04\""))
        let schedule = try #require(try await operation.list(portal: "warsaw").first)
        #expect(
            JobLines.text(schedule) == "tests.probe\twarsaw\t0 9 * * *\tEurope/Warsaw\tnext 2124-01-01 09:00:00"
        )
        let preview = try #require(try await operation.dryRun("tests.probe", portal: "warsaw", on: date).first)
        let lines = JobLines.text(preview).split(separator: "\n")
        #expect(lines.first == "tests.probe\twarsaw\t2026-05-04\tsend=1201" && lines.count == 1_202)
        #expect(try JobLines.json([preview]).contains("\"due_date\" : \"2026-05-04\""))
    }

    @Test func `old runs without a result go away, the last ten and those with counts stay`() async throws {
        let bench = try await bench()
        try await bench.database.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, finished_at, counts)
            SELECT 1, 'tests.probe', 'schedule', timestamp '2024-01-01' + n * interval '1 minute', '2024-01-01',
                'finished', now() - interval '8 days', CASE WHEN n = 1 THEN '{"sent": 1}'::jsonb ELSE '{}' END
            FROM generate_series(1, 30) AS n;
            INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, worker, finished_at)
            SELECT 1, n, 'x', 'x', 1, 'done', 'x', now() - n * interval '50 days' FROM generate_series(1, 2) AS n
            """
        )
        let queue = bench.queue
        _ = try await bench.database.database.transaction(.portal(Bench.warsaw)) { session in
            try queue.enqueue(PruneJobs.self, portal: Bench.warsaw, in: session)
        }
        #expect(try await bench.worker([PruneJobs()]).workThrough() == 1)
        #expect(try await bench.database.value("SELECT count(*) FROM run") == "11")
        #expect(try await bench.history() == ["done", "done"])
    }

    @Test func `pausing, resuming and listing go by portal`() async throws {
        let bench = try await bench()
        let operation = try operate(bench)
        try await operation.pause("tests.probe", portal: "moscow", reason: "holidays")
        #expect(try await operation.list(portal: nil).map(\.pausedReason) == ["holidays", nil])
        await #expect(throws: Schedules.Refusal.alreadyPaused) {
            try await operation.pause("tests.probe", portal: nil, reason: "all of them")
        }
        #expect(try await operation.list(portal: "warsaw").map(\.pausedReason) == [nil])
        try await operation.resume("tests.probe", portal: "moscow")
        #expect(try await operation.list(portal: "moscow").map(\.pausedReason) == [nil])
        _ = try await operation.run("tests.probe", portal: "warsaw", on: nil)
        #expect(try await operation.history(portal: nil, name: "tests.probe").map(\.portal) == ["warsaw"])
    }
}

/// A handler of another kind: this process does not know the schedule's own.
private struct Elsewhere: JobHandler {
    static let kind = "tests.elsewhere"
    static let queue = "tests"

    func run(_ job: JobContext) async throws -> JobOutcome { .done }
}

/// Foresees 1,201 recipients for every day.
private struct Forecast: PreviewsRun {
    let handler = "tests.probe"

    func preview(portal: PortalID, date: CivilDate, page: PageRequest, in session: Session) throws -> RunPreview {
        let start = page.key.flatMap { Int($0.parts[0]) } ?? 0
        let rows = (start..<min(1_201, start + page.limit)).map { number in
            RunRecipient(
                client: ClientID(Int64(number + 1)),
                clientName: "\(number)",
                account: nil,
                channel: nil,
                recipient: nil,
                subjectKind: "instalment",
                subject: "",
                dueDate: date,
                outcome: "send",
                reason: nil
            )
        }
        let slice = PageSlice(fetched: rows, request: page) { PageKey("\($0.client)") }
        return RunPreview(recipients: slice, counts: ["send": 1_201])
    }
}
