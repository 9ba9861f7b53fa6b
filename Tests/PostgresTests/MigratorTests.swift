import Postgres
import TestKit
import Testing

@Suite struct MigratorTests {
    private let files = [
        "0001_first.sql": "-- breaking: no\nCREATE TABLE first (id int PRIMARY KEY);\nSELECT pg_sleep(0.05);",
        "0002_second.sql": "-- breaking: yes\n-- adds one\nINSERT INTO first VALUES (1);",
        "0003_third.sql": """
        -- breaking: no
        -- transaction: none
        CREATE INDEX CONCURRENTLY first_id ON first (id); -- with ; in it
        INSERT INTO first VALUES (2);
        """,
    ]

    private func migrations(_ files: [String: String]) throws -> [Migration] {
        try files.map { try Migration(file: $0.key, text: $0.value) }.sorted { $0.number < $1.number }
    }

    private func migrator(_ database: String, _ files: [String: String]) async throws -> Migrator {
        Migrator(
            configuration: DatabaseConfiguration(
                url: try await Cluster.shared.url(role: "portaldesk_owner", database: database)
            ),
            migrations: try migrations(files),
            logger: quiet
        )
    }

    private func ask(_ database: String, _ sql: String) async throws -> String? {
        let connection = try await DirectConnection.open(
            url: try await Cluster.shared.url(role: "postgres", database: database)
        )
        return try await connection.execute(sql).first?.first ?? nil
    }

    private func refusal(_ database: String, _ files: [String: String]) async throws -> String {
        let migrator = try await migrator(database, files)
        let error = await #expect(throws: PostgresError.self) { try await migrator.migrate() }
        #expect(error?.code == .migration)
        return error?.description ?? ""
    }

    @Test func `twenty starts at once apply each migration once`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<20 { group.addTask { try await migrator(name, files).migrate() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == ["0001_first", "0002_second", "0003_third"])
        #expect(try await ask(name, "SELECT string_agg(id::text, ',' ORDER BY id) FROM first") == "1,2")
        #expect(try await ask(name, "SELECT count(*) FROM schema_migration WHERE finished_at IS NOT NULL") == "3")
        #expect(try await ask(name, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'first_id'::regclass") == "t")
        #expect(try await migrator(name, files).migrate() == [])
    }

    @Test func `what is pending is known to a role that owns nothing`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        let console = Database(
            configuration: DatabaseConfiguration(
                url: try await Cluster.shared.url(role: "portaldesk_console", database: name)
            ),
            catalog: try QueryCatalog(entries: []),
            logger: quiet
        )
        let all = try await migrator(name, files)
        #expect(try await all.pending(in: console).count == 3)
        let first = files.filter { $0.key.hasPrefix("0001") }
        try await migrator(name, first).migrate()
        #expect(try await all.pending(in: console) == ["0002_second", "0003_third"])
        try await all.migrate()
        #expect(try await all.pending(in: console) == [])
    }

    @Test func `a changed, a missing and a renamed file are refused, each by its name`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        try await migrator(name, files).migrate()
        var changed = files
        changed["0002_second.sql", default: ""] += " "
        #expect(try await refusal(name, changed).contains("0002_second.sql is not the file that was applied"))
        var missing = files
        missing["0003_third.sql"] = nil
        #expect(try await refusal(name, missing).contains("0003_third, this release does not know it"))
        var renamed = files
        renamed["0002_other.sql"] = renamed.removeValue(forKey: "0002_second.sql")
        #expect(try await refusal(name, renamed).contains("0002_other.sql is not the file"))
    }

    @Test func `a failing migration leaves nothing and is told with file, line and state`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        var broken = files
        broken["0002_second.sql"] = "-- breaking: no\nCREATE TABLE half (id int);\n\nSELECT nonsense FROM first;"
        let words = try await refusal(name, broken)
        #expect(words.contains("0002_second.sql line 4: column \"nonsense\" does not exist"))
        #expect(words.contains("sqlstate=42703"))
        #expect(try await ask(name, "SELECT to_regclass('half') IS NULL") == "t")
        #expect(try await ask(name, "SELECT max(number) FROM schema_migration") == "1")
        try await migrator(name, files).migrate()
    }

    @Test func `a failing backfill shows no row`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        var broken = files
        broken["0002_second.sql"] = "-- breaking: no\nSELECT 'Jadwiga'::int;\n"
        let words = try await refusal(name, broken)
        #expect(words.contains("22P02"))
        #expect(!words.contains("Jadwiga"))
    }

    @Test func `a migration that ends its own transaction is refused`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        var sly = files
        sly["0002_second.sql"] = "-- breaking: no\nCREATE TABLE sly (id int);\nCOMMIT;"
        #expect(try await refusal(name, sly).contains("ends the transaction"))
    }

    @Test func `one that broke off outside a transaction is not run over`() async throws {
        let name = try await Cluster.shared.emptyDatabase()
        var broken = files
        broken["0003_third.sql"] =
            "-- breaking: no\n-- transaction: none\nCREATE TABLE third (id int);\nSELECT nonsense;"
        #expect(try await refusal(name, broken).contains("0003_third.sql line 4"))
        #expect(try await refusal(name, broken).contains("did not finish"))
    }

    @Test(arguments: [
        (["0001_a.sql", "0003_b.sql"], "where number 2 should"), (["0001_a.sql", "0001_b.sql"], "the same number"),
        (["0002_a.sql"], "where number 1 should"),
    ])
    func `gaps and doubles are refused`(names: [String], words: String) async throws {
        let name = try await Cluster.shared.emptyDatabase()
        let files = Dictionary(uniqueKeysWithValues: names.map { ($0, "-- breaking: no\nSELECT 1;") })
        #expect(try await refusal(name, files).contains(words))
    }

    @Test(arguments: [
        ("1_a.sql", "-- breaking: no"), ("0001a.sql", "-- breaking: no"), ("0001_a.sql", "SELECT 1;"),
        ("0001_a.sql", "-- breaking: maybe"), ("0001_a.sql", "-- breaking: no\n-- transaction: some"),
    ])
    func `a file with a wrong name or header is refused`(file: String, text: String) {
        let error = #expect(throws: PostgresError.self) { try Migration(file: file, text: text) }
        #expect(error?.description.contains(file) == true)
    }
}
