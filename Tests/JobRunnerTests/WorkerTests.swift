import DeskKit
import Foundation
import Postgres
import ServiceLifecycle
import TestKit
import Testing

@testable import JobRunner

@Suite struct WorkerTests {
    @Test func `two workers claim disjoint sets`() async throws {
        let bench = try await Bench.make()
        for _ in 0..<40 { try await bench.enqueue() }
        let (first, second) = (bench.store("first"), bench.store("second"))
        async let left = first.claim(queue: "tests", kinds: ["tests.probe"], limit: 20)
        async let right = second.claim(queue: "tests", kinds: ["tests.probe"], limit: 20)
        let (mine, yours) = try await (Set(left.map(\.id)), Set(right.map(\.id)))
        #expect(mine.isDisjoint(with: yours))
        let rest = try await first.claim(queue: "tests", kinds: ["tests.probe"], limit: 40)
        #expect(mine.count + yours.count + rest.count == 40)
    }

    @Test func `a job that waited a hundred thousand times is claimed, waits again and is done`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue("snooze")
        try await bench.database.sql("UPDATE job SET attempt = 100000, max_attempts = 100003")
        #expect(try await bench.worker().workThrough() == 1)
        try await bench.database.sql("UPDATE job SET run_at = now(), payload = '{}' WHERE state = 'waiting'")
        #expect(try await bench.worker().workThrough() == 1)
        #expect(try await bench.history() == ["snoozed", "done"])
    }

    @Test func `whether a run is over is told by the first job that is left, not by counting them`() async throws {
        let bench = try await Bench.make()
        try await bench.database.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state)
            VALUES (1, 'tests.probe', 'staff', now(), '2026-11-20', 'running');
            INSERT INTO job (portal_id, kind, queue, state, run_id)
            SELECT 1, 'tests.probe', 'tests', 'ready', 1 FROM generate_series(1, 3000);
            ANALYZE job
            """
        )
        let settle = try #require(try TestDatabase.catalog().entries["jobs.settle_runs"])
        try await bench.database.sql("BEGIN; PREPARE settle AS \(settle.sql); EXECUTE settle('{1}', '{1}')")
        let read = try await bench.database.value(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'job'"
        )
        try await bench.database.sql("COMMIT")
        #expect(read.flatMap { Int($0) }.map { $0 < 100 } == true)
        #expect(try await bench.database.value("SELECT state FROM run") == "running")
    }

    @Test func `jobs of other kinds and queues are left alone`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue()
        let store = bench.store("first")
        #expect(try await store.claim(queue: "tests", kinds: ["tests.other"], limit: 5).isEmpty)
        #expect(try await store.claim(queue: "other", kinds: ["tests.probe"], limit: 5).isEmpty)
    }

    @Test func `a lost lease is taken over and the late worker is refused`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue()
        let (dead, heir) = (bench.store("dead"), bench.store("heir"))
        let held = try #require(try await dead.claim(queue: "tests", kinds: ["tests.probe"], limit: 1).first)
        #expect(try await heir.rescue().isEmpty)
        try await bench.database.sql("UPDATE job SET lease_until = now() - interval '1 second'")
        #expect(try await heir.rescue() == ["tests"])
        let taken = try #require(try await heir.claim(queue: "tests", kinds: ["tests.probe"], limit: 1).first)
        #expect(taken.id == held.id && taken.attempt == 2)

        let late = Lease(portal: held.portalID, id: held.id, attempt: held.attempt)
        #expect(try await dead.complete([Finished(lease: late, outcome: "done")]).isEmpty)
        #expect(try await dead.renew([late]).isEmpty)
        #expect(try await bench.states() == ["leased"])
        let mine = Lease(portal: taken.portalID, id: taken.id, attempt: taken.attempt)
        #expect(try await heir.complete([Finished(lease: mine, outcome: "done")]) == [mine])
        #expect(try await bench.states().isEmpty)
        #expect(try await bench.history() == ["lost lease_lost", "done"])
    }

    @Test func `a handler's own transaction is refused once its lease is lost`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue()
        let row = try #require(
            try await bench.store("dead").claim(queue: "tests", kinds: ["tests.probe"], limit: 1).first
        )
        let job = JobContext(
            id: row.id,
            portal: row.portalID,
            kind: row.kind,
            attempt: row.attempt,
            maxAttempts: 3,
            run: nil,
            payload: row.payload,
            database: bench.database.workerDatabase,
            logger: bench.logger,
            worker: "dead"
        )
        #expect(try await job.transaction { _ in 7 } == 7)
        try await bench.database.sql("UPDATE job SET lease_until = now() - interval '1 second'")
        _ = try await bench.store("heir").rescue()
        await #expect(throws: LeaseLost()) { try await job.transaction { _ in 7 } }
    }

    @Test func `a job that kills its worker is quarantined after three`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue()
        for attempt in 1...3 {
            let store = bench.store("victim \(attempt)")
            #expect(try await store.claim(queue: "tests", kinds: ["tests.probe"], limit: 1).first?.attempt == attempt)
            try await bench.database.sql("UPDATE job SET lease_until = now() - interval '1 second'")
            _ = try await store.rescue()
        }
        #expect(try await bench.states() == ["quarantined"])
        #expect(try await bench.store("next").claim(queue: "tests", kinds: ["tests.probe"], limit: 1).isEmpty)
    }

    @Test func `a job that fails waits longer each time and is quarantined in the end`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue("fail")
        let worker = try bench.worker()
        for _ in 1...3 {
            #expect(try await worker.workThrough() == 1)
            #expect(try await worker.workThrough() == 0)
            try await bench.database.sql("UPDATE job SET run_at = now() WHERE state = 'waiting'")
        }
        #expect(try await bench.states() == ["quarantined"])
        let retried = "retried gateway_closed"
        #expect(try await bench.history() == [retried, retried, "failed gateway_closed"])
    }

    @Test func `the wait doubles, is cut at random, and ends at the longest`() {
        var generator = SystemRandomNumberGenerator()
        let backoff = Backoff(first: .seconds(10), longest: .seconds(60))
        for (attempt, whole) in [(1, 10.0), (2, 20), (3, 40), (4, 60), (400, 60)] {
            let seconds = backoff.seconds(after: attempt, using: &generator)
            #expect(seconds >= whole / 2 && seconds <= whole)
        }
    }

    @Test func `done, cancelled and snoozed end as they say`() async throws {
        let bench = try await Bench.make()
        for word in ["", "cancel", "snooze"] { try await bench.enqueue(word) }
        #expect(try await bench.worker(slots: 1).workThrough() == 3)
        #expect(try await bench.history() == ["done", "cancelled invoice_paid", "snoozed"])
        #expect(try await bench.states() == ["waiting"])
        #expect(try await bench.database.value("SELECT max_attempts - attempt FROM job") == "3")
    }

    @Test func `a unique key admits one job until it is done`() async throws {
        let bench = try await Bench.make()
        #expect(try await bench.enqueue(uniqueKey: "a") != nil)
        #expect(try await bench.enqueue(uniqueKey: "a") == nil)
        #expect(try await bench.enqueue(portal: Bench.moscow, uniqueKey: "a") != nil)
        _ = try await bench.worker().workThrough()
        #expect(try await bench.enqueue(uniqueKey: "a") != nil)
    }

    @Test func `a transaction that fails leaves no job behind`() async throws {
        let bench = try await Bench.make()
        let queue = bench.queue
        await #expect(throws: JobFailure("no")) {
            try await bench.database.database.transaction(.portal(Bench.warsaw)) { session in
                try queue.enqueue(Probe.self, portal: Bench.warsaw, payloads: [NoPayload()], in: session)
                throw JobFailure("no")
            }
        }
        #expect(try await bench.states().isEmpty)
    }

    @Test func `at shutdown what runs is finished and nothing more is taken`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue("hold")
        try await bench.enqueue("left")
        let gate = Gate()
        let worker = try bench.worker([gate], slots: 1)
        let group = ServiceGroup(configuration: .init(services: [worker], logger: bench.logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            await gate.waitUntilEntered()
            await group.triggerGracefulShutdown()
            // The group passes the word on in its own time; before that the worker may rightly take the next job.
            while !worker.isDraining { await Task.yield() }
            gate.open()
            try await tasks.waitForAll()
        }
        #expect(try await bench.history() == ["done"])
        #expect(try await bench.states() == ["ready"])
    }

    @Test func `a worker whose task is cancelled ends, and its job is another's`() async throws {
        let bench = try await Bench.make()
        try await bench.enqueue("hold")
        let gate = Gate()
        let worker = try bench.worker([gate])
        await withTaskGroup { tasks in
            tasks.addTask { try? await worker.run() }
            await gate.waitUntilEntered()
            tasks.cancelAll()
        }
        try await bench.database.sql("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'leased'")
        _ = try await bench.store("heir").rescue()
        #expect(try await bench.states() == ["ready"])
    }
}

/// A handler that stands still until it is let go.
struct Gate: JobHandler {
    static let kind = "tests.probe"
    static let queue = "tests"

    private let entered = Doorbell()
    private let opened = Doorbell()

    func open() { opened.silence() }

    func waitUntilEntered() async {
        for await _ in entered.rings { return }
    }

    func run(_ job: JobContext) async throws -> JobOutcome {
        entered.ring()
        for await _ in opened.rings {}
        try Task.checkCancellation()
        return .done
    }
}
