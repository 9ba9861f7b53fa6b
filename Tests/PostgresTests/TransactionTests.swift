import DeskKit
import Postgres
import TestKit
import Testing

@Suite struct TransactionTests {
    static let queries = """
        -- name: scope :one
        SELECT current_setting('portaldesk.portals') AS portals, current_setting('portaldesk.staff') AS staff,
               current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style,
               current_setting('statement_timeout') AS statement_timeout, current_setting('lock_timeout') AS
                   lock_timeout,
               current_setting('idle_in_transaction_session_timeout') AS idle_timeout,
               current_setting('transaction_read_only') AS read_only, current_user::text AS role;
        -- name: add :exec
        INSERT INTO note (id, text) VALUES (@id::int, @text::text);
        -- name: count :one
        SELECT count(*) FROM note;
        -- name: fail :exec
        SELECT 1 / @zero::int;
        """

    struct ScopeRow: Decodable, Sendable, Hashable {
        var portals: String
        var staff: String
        var zone: String
        var style: String
        var statementTimeout: String
        var lockTimeout: String
        var idleTimeout: String
        var readOnly: String
        var role: String
    }

    static let scope = Query<ScopeRow>("t.scope")
    static let add = Statement("t.add")
    static let count = Query<Int>("t.count")
    static let fail = Statement("t.fail")

    func database() async throws -> TestDatabase {
        let database = try await makeDatabase(Self.queries)
        try await database.sql(
            """
            CREATE TABLE note (id int CONSTRAINT note_key PRIMARY KEY, text text);
            GRANT ALL ON note TO portaldesk_console, portaldesk_worker
            """
        )
        return database
    }

    @Test func `a transaction opens with its scope, its time-outs, UTC and ISO dates`() async throws {
        let test = try await database()
        let row = try await test.database.transaction(.portals([PortalID(1), PortalID(2)], staff: StaffID(17))) {
            try $0.one(Self.scope)
        }
        #expect(row.portals == "{0,1,2}")
        #expect(row.staff == "17")
        #expect(row.zone == "UTC")
        #expect(row.style == "ISO, YMD")
        #expect(row.statementTimeout == "1min")
        #expect(row.lockTimeout == "30s")
        #expect(row.idleTimeout == "1min")
        #expect(row.readOnly == "off")
        #expect(row.role == "portaldesk_console")
    }

    @Test func `nothing of a scope is left for the next transaction on the same connection`() async throws {
        let test = try await database()
        _ = try await test.database.transaction(.portal(PortalID(1), staff: StaffID(17))) { try $0.one(Self.scope) }
        let row = try await test.database.read(.installation) { try $0.one(Self.scope) }
        #expect(row.portals == "{0}")
        #expect(row.staff == "")
        #expect(row.readOnly == "on")
        #expect(test.database.metrics.open == 1)
    }

    @Test func `what the closure throws undoes everything`() async throws {
        struct Refusal: Error {}
        let test = try await database()
        await #expect(throws: Refusal.self) {
            try await test.database.transaction(.installation) { session in
                try session.run(Self.add, ["id": 1, "text": "kept?"])
                throw Refusal()
            }
        }
        #expect(try await test.value("SELECT count(*) FROM note") == "0")
        #expect(test.database.metrics.idle == 1)
    }
}
