import TestKit
import Testing

@testable import Requests

/// The register of personal data against the migrated schema: whoever adds a column says what it means and what becomes
/// of it when a client is erased.
@Suite struct RegisterTests {
    private let register: Register
    private let entries: [String: RegisterColumn]
    private let database: TestDatabase

    init() async throws {
        register = try Register.load(root: Repository.root)
        var entries: [String: RegisterColumn] = [:]
        for table in register.tables {
            for column in table.columns { entries["\(table.name).\(column.name)"] = column }
        }
        self.entries = entries
        database = try await TestDatabase.make()
    }

    private func rows(_ sql: String) async throws -> [[String]] {
        try await database.sql(sql).map { $0.map { $0 ?? "" } }
    }

    private static let columns = """
        SELECT c.relname, a.attname, a.attnotnull::text, format_type(a.atttypid, NULL)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        ORDER BY c.relname, a.attnum
        """

    @Test func `each column of the schema has its meaning and fate in sql/register`() async throws {
        let columns = try await rows(Self.columns).map { "\($0[0]).\($0[1])" }
        #expect(columns.count > 400)
        #expect(columns.filter { entries[$0] == nil } == [], "add them to sql/register/<module>.yml")
    }

    @Test func `each entry of the register is a column of the schema`() async throws {
        let columns = Set(try await rows(Self.columns).map { "\($0[0]).\($0[1])" })
        #expect(entries.keys.filter { !columns.contains($0) }.sorted() == [])
    }

    @Test func `each table stands in the file of the module that owns it`() throws {
        let owners = try TableOwners.read().modules
        let strangers = register.tables.filter { (owners[$0.name] ?? "postgres") != $0.module }
        #expect(strangers.map(\.name) == [])
    }

    @Test func `what refers to rows that are deleted goes before them, or lets go of them`() async throws {
        let keys = try await rows(
            """
            SELECT k.conrelid::regclass, k.confrelid::regclass, string_agg(a.attname, ' ')
            FROM pg_constraint AS k JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
            WHERE k.contype = 'f' AND k.conrelid <> k.confrelid GROUP BY k.oid, k.conrelid, k.confrelid
            """
        )
        let tables = Dictionary(uniqueKeysWithValues: register.tables.map { ($0.name, $0) })
        var found: [String] = []
        for key in keys {
            guard let parent = tables[key[1]], parent.isDeleted else { continue }
            let child = tables[key[0]]
            let goesToo = child?.isDeleted == true && child?.retention == parent.retention
            let letsGo = key[2].split(separator: " ").contains { entries["\(key[0]).\($0)"]?.fate == .erase }
            if !goesToo, !letsGo { found.append("\(key[0]) (\(key[2])) keeps rows of \(key[1])") }
        }
        #expect(found == [])
        #expect(keys.count > 40)
    }

    @Test func `each table that points to a client is a client's`() async throws {
        let pointing = try await rows(
            """
            SELECT DISTINCT k.conrelid::regclass::text FROM pg_constraint AS k
            WHERE k.contype = 'f' AND k.confrelid = 'client'::regclass
            """
        ).map { $0[0] }
        let clients = Set(register.clientTables.map(\.name))
        #expect(pointing.filter { !clients.contains($0) } == [])
        #expect(register.clientTables.count == register.tables.count { $0.owner == .client }, "a circle of keys")
    }

    @Test func `a pseudonym fits its column, and ciphertext is bytes`() async throws {
        var found: [String] = []
        for column in try await rows(Self.columns) {
            let type = column[3]
            switch entries["\(column[0]).\(column[1])"]?.fate {
            case .pseudonymise where type != "text": found.append("\(column[0]).\(column[1]) is \(type)")
            case .sealed where type != "bytea": found.append("\(column[0]).\(column[1]) is \(type)")
            case .erase where column[2] == "true" && !["text", "jsonb"].contains(type):
                found.append("\(column[0]).\(column[1]) cannot be emptied")
            default: break
            }
        }
        #expect(found == [])
    }

    @Test func `the ways to a client's rows, their exceptions and the starts of their clocks are sound SQL`()
        async throws
    {
        for table in register.clientTables {
            let starts = table.starts.values.sorted().map { ", max(\($0))" }.joined()
            try await database.sql(
                """
                DEALLOCATE ALL; PREPARE way (smallint, bigint, jsonb) AS
                SELECT count(*)\(starts) FROM \(table.name) AS t
                WHERE t.portal_id = $1 AND (\(table.rows?.sql ?? "")) AND NOT (\(table.exception ?? "false"));
                EXECUTE way (1, 1, '{}')
                """
            )
        }
    }

    @Test func `each class with a start has a period in each country, and each period is a class's`() throws {
        let classes = Set(
            register.tables.flatMap { table in table.columns.compactMap(\.retention) + [table.retention ?? ""] }
        )
        let started = Set(register.tables.flatMap { $0.starts.keys })
        for (country, periods) in Dictionary(grouping: register.periods, by: \.country) {
            let there = Set(periods.map(\.retention))
            #expect(started.isSubset(of: there), "\(country)")
            #expect(there.subtracting(["letter"]).isSubset(of: classes), "\(country)")
        }
    }
}
