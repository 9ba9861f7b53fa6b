import DeskKit
import Postgres
import TestKit
import Testing

/// PgBouncer as Debian 12 ships it (1.18), in transaction mode, with fewer server connections than clients.
@Suite struct PoolerTests {
    static let queries = """
        -- name: scope :one
        SELECT pg_backend_pid() AS pid, current_setting('portaldesk.portals') AS portals,
               current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style,
               current_setting('statement_timeout') AS timeout, @number::int AS number;
        -- name: stage :exec
        CREATE TEMPORARY TABLE staged (id int) ON COMMIT DROP;
        -- name: fill :exec
        COPY staged FROM STDIN;
        -- name: count :one
        SELECT count(*) FROM staged;
        -- name: sleep :exec
        SELECT pg_sleep(@seconds::float8);
        """

    struct Row: Decodable, Sendable {
        var pid: Int
        var portals: String
        var zone: String
        var style: String
        var timeout: String
        var number: Int
    }

    private func behindPooler(_ test: TestDatabase, _ pooler: Pooler) -> Database {
        Database(
            configuration: DatabaseConfiguration(
                url: pooler.url(role: "portaldesk_console", database: test),
                connections: 10,
                acquireTimeout: .seconds(30)
            ),
            catalog: test.database.catalog,
            logger: quiet
        )
    }

    @Test func `scope, zone and time-outs hold behind it, whichever server connection it hands out`() async throws {
        let test = try await makeDatabase(Self.queries)
        let pooler = try await Pooler.start(for: test, poolSize: 2)
        defer { pooler.stop() }
        let database = behindPooler(test, pooler)
        let pids = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...100 {
                group.addTask {
                    let row = try await database.transaction(.portal(PortalID(Int16(number)))) {
                        try $0.one(Query<Row>("t.scope"), ["number": number])
                    }
                    #expect(row.portals == "{0,\(number)}")
                    #expect(row.number == number)
                    #expect(row.zone == "UTC")
                    #expect(row.style == "ISO, YMD")
                    #expect(row.timeout == "15s")
                    return row.pid
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect((1...2).contains(pids.count))
        #expect(database.metrics.open > 2)
    }

    @Test func `staging by COPY and a cancel work behind it`() async throws {
        let test = try await makeDatabase(Self.queries)
        let pooler = try await Pooler.start(for: test, poolSize: 1)
        defer { pooler.stop() }
        let database = behindPooler(test, pooler)
        let count = try await database.transaction(.installation) { session in
            try session.run(Statement("t.stage"))
            var left = 1_000
            try session.copyIn(Statement("t.fill")) {
                left -= 1
                return left < 0 ? nil : Array("\(left)\n".utf8)
            }
            return try session.one(Query<Int>("t.count"))
        }
        #expect(count == 1_000)
        let sleeper = Task {
            try await database.transaction(.installation) { try $0.run(Statement("t.sleep"), ["seconds": 600.0]) }
        }
        while try await test.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        ) != "1" { await Task.yield() }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        let row = try await database.transaction(.portal(PortalID(7))) {
            try $0.one(Query<Row>("t.scope"), ["number": 1])
        }
        #expect(row.portals == "{0,7}")
    }
}
