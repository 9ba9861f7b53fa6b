import DeskKit
import Postgres
import TestKit
import Testing

@testable import JobRunner

@Suite struct HistoryTests {
    private let bench: Bench

    init() async throws {
        bench = try await Bench.make()
    }

    private func keep(_ days: Int) async throws -> Int {
        try await bench.database.workerDatabase.transaction(.everyPortal) { session in
            try session.one(JobsQueries.keepHistory, ["days": days])
        }
    }

    private func partitions() async throws -> [String] {
        try await bench.database.sql(
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'job_history'::regclass ORDER BY 1"
        ).compactMap { $0.first ?? nil }
    }

    @Test func `this month and the next two get a partition each, once`() async throws {
        _ = try await keep(92)
        let first = try await partitions()
        #expect(first.count == 4 && first.contains("job_history_rest"))
        #expect(try await keep(92) == 0)
        #expect(try await partitions() == first)
        try await bench.enqueue()
        #expect(try await bench.worker().workThrough() == 1)
        #expect(try await bench.database.value("SELECT count(*) FROM job_history_rest") == "0")
        #expect(try await bench.history() == ["done"])
    }

    @Test func `a month that is old goes away whole, and what lies in the rest by its age`() async throws {
        try await bench.database.sql(
            """
            CREATE TABLE job_history_2024_01 PARTITION OF job_history
                FOR VALUES FROM ('2024-01-01Z') TO ('2024-02-01Z');
            ALTER TABLE job_history_2024_01 OWNER TO portaldesk_owner;
            INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, worker, finished_at) VALUES
                (1, 1, 'x', 'x', 1, 'done', 'x', '2024-01-05'), (1, 2, 'x', 'x', 1, 'lost', 'x', '2023-01-05'),
                (1, 3, 'x', 'x', 1, 'failed', 'x', now());
            """
        )
        #expect(try await keep(92) == 1)
        #expect(try await bench.history() == ["failed"])
    }

    @Test func `behind a long reader nothing is dropped before the next time, and nobody waits for it`() async throws {
        _ = try await keep(92)
        try await bench.database.sql(
            """
            CREATE TABLE job_history_2024_01 PARTITION OF job_history
                FOR VALUES FROM ('2024-01-01Z') TO ('2024-02-01Z');
            ALTER TABLE job_history_2024_01 OWNER TO portaldesk_owner
            """
        )
        try await bench.database.sql("BEGIN; SELECT count(*) FROM job_history")
        #expect(try await keep(92) == 0)
        try await bench.database.sql("COMMIT")
        #expect(try await keep(92) == 1)
    }

    @Test func `partitions are touched by nobody but the owner, and carry the wall`() async throws {
        _ = try await keep(92)
        let open = try await bench.database.value(
            """
            SELECT count(*) FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid,
                unnest(ARRAY['portaldesk_console', 'portaldesk_worker']) AS r
            WHERE i.inhparent = 'job_history'::regclass AND (NOT c.relforcerowsecurity
                OR has_table_privilege(r, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))
            """
        )
        #expect(open == "0")
        await #expect(throws: PostgresError.self) {
            try await bench.database.database.transaction(.everyPortal) { session in
                _ = try session.one(JobsQueries.keepHistory, ["days": 1])
            }
        }
    }
}
