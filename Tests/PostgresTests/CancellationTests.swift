import DeskKit
import Postgres
import TestKit
import Testing

@Suite struct CancellationTests {
    static let queries = """
        -- name: pid :one
        SELECT pg_backend_pid();
        -- name: sleep :exec
        SELECT pg_sleep(@seconds::float8);
        -- name: work :one
        SELECT count(*) FROM generate_series(1, 2000) AS n WHERE n % 7 = 0;
        -- name: add :exec
        INSERT INTO mark (id) VALUES (@id::int);
        """

    static let pid = Query<Int>("t.pid")
    static let work = Query<Int>("t.work")
    static let sleep = Statement("t.sleep")

    private func sleeping(_ test: TestDatabase, _ count: Int) async throws {
        while try await test.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
            != String(count)
        { await Task.yield() }
    }

    @Test func `cancelling the task ends the statement on the server and keeps the connection`() async throws {
        let test = try await makeDatabase(Self.queries)
        let task = Task {
            try await test.database.transaction(.installation) { try $0.run(Self.sleep, ["seconds": 600.0]) }
        }
        try await sleeping(test, 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await sleeping(test, 0)
        #expect(try await test.database.transaction(.installation) { try $0.one(Self.work) } == 285)
        #expect(test.database.metrics.open == 1)
        #expect(test.database.metrics.discarded == 0)
    }

    @Test func `a task cancelled before it begins runs nothing`() async throws {
        let test = try await makeDatabase(Self.queries)
        let begin = Gate()
        let ran = Shared(false)
        let task = Task {
            await begin.opened()
            try await test.database.transaction(.installation) { _ in ran.withLock { $0 = true } }
        }
        task.cancel()
        begin.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ran.withLock { $0 } == false)
    }

    @Test func `a task cancelled between two statements runs no more and undoes the first`() async throws {
        let test = try await makeDatabase(Self.queries)
        try await test.sql("CREATE TABLE mark (id int); GRANT ALL ON mark TO portaldesk_console")
        let wrote = Gate()
        let goOn = Gate()
        let task = Task {
            try await test.database.transaction(.installation) { session in
                try session.run(Statement("t.add"), ["id": 1])
                wrote.open()
                goOn.wait()
                try session.run(Statement("t.add"), ["id": 2])
            }
        }
        await wrote.opened()
        task.cancel()
        goOn.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await test.value("SELECT count(*) FROM mark") == "0")
    }

    /// Without the join, a third of the follow-ups were killed by a cancel meant for the statement before.
    @Test func `of hundreds of innocent follow-ups on the same connections none is killed`() async throws {
        let test = try await makeDatabase(Self.queries, connections: 4)
        let database = test.database
        let killed = Shared(0)
        let cancelled = Shared(0)
        try await withThrowingTaskGroup { group in
            for lane in 0..<4 {
                group.addTask {
                    for round in 0..<100 {
                        let victim = Task {
                            try await database.transaction(.installation) { session in
                                // Statements short and long, so that cancels arrive before, during and after them.
                                for _ in 0..<5 { _ = try session.one(Self.work) }
                                try session.run(Self.sleep, ["seconds": Double((lane + round) % 4) / 1_000])
                            }
                        }
                        for _ in 0..<(round % 50) { await Task.yield() }
                        victim.cancel()
                        do { try await victim.value } catch { cancelled.withLock { $0 += 1 } }
                        for _ in 0..<2 {
                            do {
                                let count = try await database.transaction(.installation) { try $0.one(Self.work) }
                                #expect(count == 285)
                            } catch {
                                killed.withLock { $0 += 1 }
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(killed.withLock { $0 } == 0)
        #expect(cancelled.withLock { $0 } > 50)
        #expect(database.metrics.discarded == 0)
    }
}
