import DeskKit
import Postgres
import TestKit
import Testing

/// The walls in the database: which rows whom, held by the catalogue and not by good intentions.
@Suite struct DatabaseWallTests {
    /// Tables of the installation: what they hold belongs to no portal, and why.
    static let withoutPortal: Set<String> = [
        "portal",  // the list of portals itself
        "schema_migration",  // the migrator's book
        "country_day",  // days that decrees move, the same for all portals of a country
        "staff", "staff_session", "staff_link", "staff_recovery_code", "staff_device",  // staff
        "sign_in_budget",  // counted before anybody is known
        "form_key",  // one-use keys of forms, bound to a staff session
        "register_table", "register_column", "retention_period",  // the register of personal data, and countries' law
        "clock_rule",  // deadlines of the law, per country
        "request_view",  // views of the queue that members of staff keep
    ]

    private func rows(_ sql: String) async throws -> [String] {
        let database = try await TestDatabase.make()
        return try await database.sql(sql).map { $0.map { $0 ?? "NULL" }.joined(separator: " ") }
    }

    @Test func `each table with portal_id has row security, enabled and forced, and policies for every role`()
        async throws
    {
        let found = try await rows(
            """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
              AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'portal_id' AND
                  NOT a.attisdropped)
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND 'portaldesk_owner' =
                    ANY (p.roles))
                AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND 'portaldesk_console' =
                    ANY (p.roles)
                            AND p.qual LIKE '%scope_%')
                AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND 'portaldesk_worker' =
                    ANY (p.roles)
                            AND p.qual LIKE '%scope_%'))
            """
        )
        #expect(found == [])
    }

    @Test func `no policy lets everybody through`() async throws {
        let found = try await rows(
            """
            SELECT tablename, policyname FROM pg_policies
            WHERE schemaname = 'public' AND policyname <> 'owner'
              AND (coalesce(qual, 'true') = 'true' OR 'public' = ANY (roles)) AND cmd <> 'INSERT'
            """
        )
        #expect(found == [])
    }

    @Test func `the tables without portal_id are those of the list`() async throws {
        let found = try await rows(
            """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'portal_id' AND NOT a.attisdropped)
            """
        )
        #expect(Set(found) == Self.withoutPortal)
    }

    @Test func `portal_id is a smallint, never NULL, and first in each primary key`() async throws {
        let found = try await rows(
            """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'portal_id' AND NOT a.attisdropped
            LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
              AND (k.conkey[1] IS DISTINCT FROM a.attnum OR NOT a.attnotnull OR a.atttypid <> 'smallint'::regtype)
            """
        )
        #expect(found == [])
    }

    @Test func `each foreign key between tables of a portal begins with portal_id on both sides`() async throws {
        let found = try await rows(
            """
            SELECT k.conname, k.conrelid::regclass, k.confrelid::regclass FROM pg_constraint k
            JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attname = 'portal_id'
            JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attname = 'portal_id'
            WHERE k.contype = 'f' AND (k.conkey[1] <> here.attnum OR k.confkey[1] <> there.attnum)
            """
        )
        #expect(found == [])
    }

    @Test func `the console and the worker own nothing and may create nothing`() async throws {
        let found = try await rows(
            """
            SELECT c.oid::regclass::text, c.relowner::regrole::text FROM pg_class c
            WHERE c.relowner::regrole::text IN ('portaldesk_console', 'portaldesk_worker', 'portaldesk_backup')
            UNION ALL
            SELECT p.oid::regprocedure::text, p.proowner::regrole::text FROM pg_proc p
            WHERE p.proowner::regrole::text IN ('portaldesk_console', 'portaldesk_worker', 'portaldesk_backup')
            UNION ALL
            SELECT n.nspname, r FROM pg_namespace n,
                unnest(ARRAY['portaldesk_console', 'portaldesk_worker', 'portaldesk_backup']) AS r
            WHERE has_schema_privilege(r, n.oid, 'CREATE') AND n.nspname NOT LIKE 'pg_temp%'
            """
        )
        #expect(found == [])
    }

    @Test func `roles neither bypass row security nor rule others, the backup's reading aside`() async throws {
        let found = try await rows(
            """
            SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles
            WHERE rolname LIKE 'portaldesk%' ORDER BY rolname
            """
        )
        #expect(
            found == [
                "portaldesk_backup f t f f f", "portaldesk_console f f f f t", "portaldesk_owner f f f f t",
                "portaldesk_worker f f f f t",
            ]
        )
    }

    @Test func `a scope shows its own portals' rows and refuses to write another's`() async throws {
        let catalog = try QueryCatalog(sources: [
            "wall": """
            -- name: count :one
            SELECT count(*) FROM subject_key;
            -- name: add :exec
            INSERT INTO subject_key (portal_id, subject_kind, subject_id, class, key_id, wrapped)
            VALUES (@portal_id::smallint, 'client', 9, 'contact', 'k', '\\x00');
            """
        ])
        let test = try await TestDatabase.make(catalog: catalog)
        try await test.sql(
            """
            INSERT INTO subject_key (portal_id, subject_kind, subject_id, class, key_id, wrapped)
            VALUES (1, 'client', 1, 'contact', 'k', '\\x00'), (2, 'client', 1, 'contact', 'k', '\\x00')
            """
        )
        let count = Query<Int>("wall.count")
        #expect(try await test.database.read(.portal(PortalID(1))) { try $0.one(count) } == 1)
        #expect(try await test.workerDatabase.read(.portals([PortalID(1), PortalID(2)])) { try $0.one(count) } == 2)
        #expect(try await test.database.read(.installation) { try $0.one(count) } == 0)
        #expect(try await test.ownerDatabase.read(.installation) { try $0.one(count) } == 2)
        let refusal = await #expect(throws: PostgresError.self) {
            try await test.database.transaction(.portal(PortalID(1))) { session in
                try session.run(Statement("wall.add"), ["portal_id": PortalID(2)])
            }
        }
        #expect(refusal?.code == .permissionDenied)
    }
}
