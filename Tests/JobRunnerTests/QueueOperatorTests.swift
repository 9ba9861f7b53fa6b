import Audit
import DeskKit
import Postgres
import Secrets
import TestKit
import Testing

@testable import JobRunner

@Suite struct QueueOperatorTests {
    private let bench: Bench
    private let queues: QueueOperator
    private let quarantine: Quarantine

    init() async throws {
        bench = try await Bench.make()
        let audit = AuditTrail(keyRing: try KeyRing.ephemeral())
        queues = QueueOperator(audit: audit, queue: bench.queue)
        quarantine = Quarantine(audit: audit, queue: bench.queue)
    }

    @discardableResult
    private func act<T: Sendable>(
        _ portal: PortalID = Bench.warsaw,
        _ body: @escaping @Sendable (QueueOperator, Session) throws -> T
    ) async throws -> T {
        let queues = queues
        return try await bench.database.database.transaction(.portal(portal)) { try body(queues, $0) }
    }

    private func claim(_ limit: Int = 10, after: LowWater = .start) async throws -> [ClaimedRow] {
        try await bench.store("w").claim(queue: "tests", kinds: ["tests.probe"], limit: limit, after: after)
    }

    private func audit() async throws -> [String] {
        try await bench.database.sql(
            "SELECT action || ' ' || coalesce(facts ->> 'reason', facts ->> 'count', '-') FROM audit_event ORDER BY id"
        ).compactMap { $0.first ?? nil }
    }

    @Test func `a paused queue of a portal gives nothing, the other portals' flows`() async throws {
        try await bench.enqueue()
        try await bench.enqueue(portal: Bench.moscow)
        try await act { try $0.pause("tests", portal: Bench.warsaw, reason: "gateway down", by: .commandLine, in: $1) }
        #expect(try await claim().map(\.portalID) == [Bench.moscow])
        try await act { try $0.resume("tests", portal: Bench.warsaw, by: .commandLine, in: $1) }
        #expect(try await claim().map(\.portalID) == [Bench.warsaw])
        #expect(try await audit() == ["queue.paused gateway down", "queue.resumed -"])
    }

    @Test func `a pause needs a reason and a queue, and happens once`() async throws {
        try await bench.enqueue()
        let refusals: [(String, String, QueueOperator.Refusal)] = [
            ("tests", " ", .reasonMissing), ("tests", String(repeating: "x", count: 301), .reasonTooLong),
            ("nobody", "why", .unknownQueue),
        ]
        for (name, reason, refusal) in refusals {
            await #expect(throws: refusal) {
                try await act { try $0.pause(name, portal: Bench.warsaw, reason: reason, by: .commandLine, in: $1) }
            }
        }
        await #expect(throws: QueueOperator.Refusal.notPaused) {
            try await act { try $0.resume("tests", portal: Bench.warsaw, by: .commandLine, in: $1) }
        }
        let pause: @Sendable (QueueOperator, Session) throws -> Void = {
            try $0.pause("tests", portal: Bench.warsaw, reason: "x", by: .commandLine, in: $1)
        }
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask { (try? await self.act(Bench.warsaw, pause)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(successes == 1)
        #expect(try await audit() == ["queue.paused x"])
        #expect(
            try await act(Bench.moscow) { _, session in
                try session.one(
                    JobsQueries.queueIsKnown,
                    [
                        "portal": Bench.moscow, "queue": "tests",
                    ]
                )
            } == false
        )
    }

    @Test func `a claim after a key takes only what lies beyond it`() async throws {
        for _ in 0..<6 { try await bench.enqueue() }
        let first = try await claim(3)
        let last = try #require(
            first.map { LowWater(priority: $0.priority, readyAt: $0.readyAt, id: $0.id.rawValue) }.max()
        )
        try await bench.database.sql("UPDATE job SET priority = 1 WHERE id = 6")
        #expect(try await claim(after: last).map(\.id.rawValue).sorted() == [4, 5])
        #expect(try await claim().map(\.id.rawValue) == [6])
    }

    @Test func `keys compare as their instants do`() {
        let texts = [
            "-infinity", "2026-11-21 09:00:00+00", "2026-11-21 09:00:00.000001+00", "2026-11-21 09:00:00.1+00",
            "2026-11-21 09:00:00.10001+00", "2026-11-21 09:00:01+00",
        ]
        let keys = texts.map { LowWater(priority: 5, readyAt: $0, id: 1) }
        #expect(keys.sorted() == keys)
        #expect(LowWater(priority: -1, readyAt: texts[5], id: 9) < keys[0])
    }

    @Test func `a worker finds urgent work and retries that lie before its mark`() async throws {
        for _ in 0..<4 { try await bench.enqueue() }
        try await bench.database.sql(
            "UPDATE job SET priority = 200; INSERT INTO job (portal_id, kind, queue, state, priority) "
                + "SELECT 1, 'tests.probe', 'tests', 'ready', n FROM generate_series(1, 4) AS n"
        )
        #expect(try await bench.worker(slots: 2).workThrough() == 8)
        #expect(try await bench.states().isEmpty)
    }

    @Test func `a cancelled run loses what waits and what works, and its worker may not report`() async throws {
        try await bench.schedule(cron: "0 9 * * *", due: "2124-01-01 09:00")
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
        for _ in 0..<3 { try await bench.enqueue(run: run) }
        let held = try #require(try await claim(1).first)
        let gone = try await act { try $0.cancel(run, portal: Bench.warsaw, by: .commandLine, in: $1) }
        #expect(gone == 4)
        #expect(try await bench.states().isEmpty)
        #expect(try await bench.runs().first?.hasSuffix("skipped cancelled") == true)
        let lease = Lease(portal: held.portalID, id: held.id, attempt: held.attempt)
        #expect(try await bench.store("w").complete([Finished(lease: lease, outcome: "done")]).isEmpty)
        #expect(try await bench.history() == Array(repeating: "cancelled run_cancelled", count: 4))
        #expect(try await audit() == ["run.cancelled 4"])
        await #expect(throws: QueueOperator.Refusal.runIsOver) {
            try await act { try $0.cancel(run, portal: Bench.warsaw, by: .commandLine, in: $1) }
        }
        await #expect(throws: QueueOperator.Refusal.runIsOver) {
            try await act(Bench.moscow) { try $0.cancel(run, portal: Bench.moscow, by: .commandLine, in: $1) }
        }
    }

    @Test func `what failed for one reason tries again or goes away together`() async throws {
        for _ in 0..<6 { try await bench.enqueue("fail") }
        try await bench.enqueue("fail", portal: Bench.moscow)
        try await bench.database.sql(
            """
            UPDATE job SET state = 'quarantined', attempt = 3,
                error_code = CASE WHEN id <= 3 THEN 'timeout' ELSE 'gateway_closed' END
            """
        )
        let quarantine = quarantine
        let redriven = try await act { _, session in
            try quarantine.redriveAll(
                "tests.probe",
                code: "timeout",
                portal: Bench.warsaw,
                by: .commandLine,
                in: session
            )
        }
        let discarded = try await act { _, session in
            try quarantine.discardAll("tests.probe", code: nil, portal: Bench.warsaw, by: .commandLine, in: session)
        }
        #expect((redriven, discarded) == (3, 3))
        #expect(try await bench.states() == ["ready", "ready", "ready", "quarantined"])
        await #expect(throws: Quarantine.Refusal.notThere) {
            try await act { _, session in
                try quarantine.discardAll("tests.none", code: nil, portal: Bench.warsaw, by: .commandLine, in: session)
            }
        }
        #expect(try await audit() == ["job.redriven_many 3", "job.discarded_many 3"])
    }
}
