import DeskKit
import Postgres
import TestKit
import Testing

@Suite struct PoolTests {
    static let queries = """
        -- name: pid :one
        SELECT pg_backend_pid();
        -- name: wait_lock :exec
        SELECT pg_advisory_xact_lock(@key::bigint);
        -- name: sleep :exec
        SELECT pg_sleep(@seconds::float8);
        """

    static let pid = Query<Int>("t.pid")

    private func pool(_ test: TestDatabase, connections: Int, patience: Duration) -> Database {
        Database(
            configuration: DatabaseConfiguration(
                url: test.urls.console,
                connections: connections,
                acquireTimeout: patience
            ),
            catalog: test.database.catalog,
            logger: quiet
        )
    }

    private func waiting(_ database: Database, _ count: Int) async {
        while database.metrics.waiting < count { await Task.yield() }
    }

    @Test func `who comes first is served first`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 1, patience: .seconds(30))
        let release = Gate()
        let order = Shared<[Int]>([])
        try await withThrowingTaskGroup { group in
            let holds = Gate()
            group.addTask {
                try await database.transaction(.installation) { _ in
                    holds.open()
                    release.wait()
                }
            }
            await holds.opened()
            for number in 1...10 {
                group.addTask {
                    try await database.transaction(.installation) { _ in order.withLock { $0.append(number) } }
                }
                await waiting(database, number)
            }
            release.open()
            try await group.waitForAll()
        }
        #expect(order.withLock { $0 } == Array(1...10))
        #expect(database.metrics.open == 1)
        #expect(database.metrics.waited == 10)
        #expect(database.metrics.longestWaitSeconds > 0)
    }

    @Test func `nobody waits past the deadline, and the pool goes on`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 1, patience: .milliseconds(100))
        let holds = Gate()
        let release = Gate()
        async let holder: Void = database.transaction(.installation) { _ in
            holds.open()
            release.wait()
        }
        await holds.opened()
        let error = await #expect(throws: PostgresError.self) { try await database.transaction(.installation) { _ in } }
        #expect(error?.code == .poolTimeout)
        #expect(database.metrics.timeouts == 1)
        #expect(database.metrics.waiting == 0)
        release.open()
        try await holder
        try await database.transaction(.installation) { _ in }
    }

    @Test func `a cancelled waiter leaves the queue`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 1, patience: .seconds(60))
        let holds = Gate()
        let release = Gate()
        async let holder: Void = database.transaction(.installation) { _ in
            holds.open()
            release.wait()
        }
        await holds.opened()
        let waiter = Task { try await database.transaction(.installation) { _ in } }
        await waiting(database, 1)
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(database.metrics.waiting == 0)
        release.open()
        try await holder
    }

    @Test func `many callers share few connections, each with a transaction of its own`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 3, patience: .seconds(60))
        let pids = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask { try await database.transaction(.installation) { try $0.one(Self.pid) } }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(pids.count <= 3)
        #expect(database.metrics.acquired == 200)
        #expect(database.metrics.open <= 3)
        #expect(database.metrics.idle == database.metrics.open)
    }

    @Test func `a backend that is ended between two transactions is replaced without a word`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 2, patience: .seconds(30))
        let first = try await database.transaction(.installation) { try $0.one(Self.pid) }
        try await test.sql("SELECT pg_terminate_backend(\(first))")
        let second = try await database.transaction(.installation) { try $0.one(Self.pid) }
        #expect(first != second)
        #expect(database.metrics.discarded == 1)
        #expect(database.metrics.open == 1)
    }

    @Test func `a backend that is ended within a transaction fails it and is thrown away`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 2, patience: .seconds(30))
        let running = Shared(0)
        let holds = Gate()
        let release = Gate()
        let failing = Task {
            try await database.transaction(.installation) { session in
                let pid = try session.one(Self.pid)
                running.withLock { $0 = pid }
                holds.open()
                release.wait()
                _ = try session.one(Self.pid)
            }
        }
        await holds.opened()
        try await test.sql("SELECT pg_terminate_backend(\(running.withLock { $0 }), 10000)")
        release.open()
        let error = await #expect(throws: PostgresError.self) { try await failing.value }
        #expect(error?.code == .connectionLost)
        #expect(database.metrics.open == 0)
        try await database.transaction(.installation) { _ in }
    }

    @Test func `a closed pool refuses, and closes what comes back`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = pool(test, connections: 2, patience: .seconds(30))
        try await database.transaction(.installation) { _ in }
        await database.close()
        let error = await #expect(throws: PostgresError.self) { try await database.transaction(.installation) { _ in } }
        #expect(error?.code == .poolClosed)
        #expect(database.metrics.open == 0)
    }

    @Test func `statement and lock time-outs end what takes too long`() async throws {
        let test = try await makeDatabase(Self.queries)
        let database = Database(
            configuration: DatabaseConfiguration(
                url: test.urls.console,
                statementTimeout: .milliseconds(300),
                lockTimeout: .milliseconds(50)
            ),
            catalog: test.database.catalog,
            logger: quiet
        )
        let slow = await #expect(throws: PostgresError.self) {
            try await database.transaction(.installation) { try $0.run(Statement("t.sleep"), ["seconds": 60.0]) }
        }
        #expect(slow?.code == .statementTimeout)
        #expect(slow?.query == "t.sleep")
        let holder = try await DirectConnection.open(url: test.urls.superuser)
        try await holder.execute("SELECT pg_advisory_lock(5)")
        let locked = await #expect(throws: PostgresError.self) {
            try await database.transaction(.installation) { try $0.run(Statement("t.wait_lock"), ["key": 5]) }
        }
        #expect(locked?.code == .lockTimeout)
        #expect(database.metrics.open == 1)
    }
}
