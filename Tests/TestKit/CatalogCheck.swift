package import Postgres

/// Holds `sql/queries` to the migrated schema and to the Swift side.
///
/// Each function answers its complaints in words; none is what a test wants.
package struct CatalogCheck: Sendable {
    private let catalog: QueryCatalog
    private let connection: DirectConnection
    private let database: TestDatabase

    /// Looks at the statements in this database, past all policies.
    package init(_ database: TestDatabase, catalog: QueryCatalog) async throws {
        self.catalog = catalog
        self.database = database
        connection = try await DirectConnection.open(url: database.urls.superuser)
    }

    private var entries: [CatalogEntry] { catalog.entries.values.sorted { $0.name < $1.name } }

    /// Each statement prepares, takes as many parameters as it names, is listed exactly once, and answers the columns
    /// that its row type reads, with types that fit and no NULL where Swift expects none.
    package func decoderProblems(_ listed: [any QueryDescribing]) async throws -> [String] {
        try await connection.execute("BEGIN")
        try await makeTemporaryTables()
        let facts = try await SchemaFacts.read(connection)
        var problems: [String] = []
        let byName = Dictionary(grouping: listed, by: \.name)
        problems += byName.keys.filter { catalog.entries[$0] == nil }.map { "\($0) is listed but not in sql/queries" }
        for entry in entries {
            let queries = byName[entry.name] ?? []
            if queries.count != 1 { problems.append("\(entry.name) is listed \(queries.count) times") }
            problems += try await compare(entry, queries, facts)
        }
        try await connection.execute("ROLLBACK")
        return problems.sorted()
    }

    /// Each statement prepares on the migrated schema.
    package func preparationProblems() async throws -> [String] {
        try await connection.execute("BEGIN")
        try await makeTemporaryTables()
        var problems: [String] = []
        for entry in entries {
            if case .failure(let error) = try await describe(entry) { problems.append("\(entry.name): \(error)") }
        }
        try await connection.execute("ROLLBACK")
        return problems
    }

    /// The console or the worker has the rights that each statement needs.
    package func permissionProblems() async throws -> [String] {
        var refusals: [String: Int] = [:]
        let roles = ["portaldesk_console", "portaldesk_worker"]
        for role in roles {
            try await connection.execute("BEGIN; SET LOCAL ROLE \(role)")
            try await makeTemporaryTables()
            for entry in entries {
                do {
                    _ = try await plan(entry)
                } catch let error as PostgresError where error.code == .permissionDenied {
                    refusals[entry.name, default: 0] += 1
                } catch is PostgresError {
                    // What does not prepare at all is another check's to tell.
                }
            }
            try await connection.execute("ROLLBACK")
        }
        return refusals.filter { $0.value == roles.count }.keys.sorted()
            .map { "\($0): neither the console nor the worker may run it" }
    }

    /// Each write goes to a table whose `-- owner:` in the migrations is the statement's module.
    package func ownershipProblems(_ owners: [String: String]) async throws -> [String] {
        var problems: [String] = []
        try await connection.execute("BEGIN")
        let temporary = try await makeTemporaryTables()
        for entry in entries {
            guard let lines = try? await plan(entry) else { continue }
            for table in Set(lines.compactMap(Self.writtenTable)).sorted() where !temporary.contains(table) {
                let owner = owners[table] ?? "nobody"
                if entry.module != owner, !entry.module.hasPrefix(owner + "_") {
                    problems.append("\(entry.name) writes \(table), which \(owner) owns")
                }
            }
        }
        try await connection.execute("ROLLBACK")
        return problems
    }

    /// "  ->  Insert on public.client c" is a write to client.
    private static func writtenTable(_ line: String) -> String? {
        let words = line.split { $0 == " " || $0 == ">" || $0 == "-" || $0 == "\"" }
        guard words.count >= 3, ["Insert", "Update", "Delete", "Merge"].contains(words[0]), words[1] == "on" else {
            return nil
        }
        return String(words[2].split(separator: ".").last ?? words[2])
    }

    /// Runs what makes the staging tables, so that the statements on them prepare; answers their names.
    @discardableResult
    private func makeTemporaryTables() async throws -> Set<String> {
        for entry in entries where entry.isTemporaryTable {
            _ = try await attempt { try await connection.execute(entry.sql) }
        }
        let names = try await connection.execute(
            "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r' AND pg_table_is_visible(oid)"
        )
        return Set(names.compactMap { $0.first ?? nil })
    }

    private func plan(_ entry: CatalogEntry) async throws -> [String] {
        guard entry.isPlannable else { return [] }
        let count = entry.parameters.count
        let nulls = count == 0 ? "" : "(" + Array(repeating: "NULL", count: count).joined(separator: ", ") + ")"
        let rows = try await attempt {
            try await connection.execute(
                """
                DEALLOCATE ALL; SET LOCAL plan_cache_mode = force_generic_plan; PREPARE checked AS \(entry.sql);
                EXPLAIN (COSTS off) EXECUTE checked\(nulls)
                """
            )
        }.get()
        return rows.compactMap { $0.first ?? nil }
    }

    private func describe(_ entry: CatalogEntry) async throws -> Result<StatementDescription?, any Error> {
        if entry.isTemporaryTable { return .success(nil) }
        return try await attempt { try await connection.describe(entry.sql) }.map { $0 }
    }

    /// Goes on after a failure, behind a savepoint.
    private func attempt<T>(_ body: () async throws -> T) async throws -> Result<T, any Error> {
        try await connection.execute("SAVEPOINT attempt")
        do {
            let value = try await body()
            try await connection.execute("RELEASE attempt")
            return .success(value)
        } catch {
            try await connection.execute("ROLLBACK TO attempt; RELEASE attempt")
            return .failure(error)
        }
    }

    private func compare(
        _ entry: CatalogEntry,
        _ queries: [any QueryDescribing],
        _ facts: SchemaFacts
    ) async throws -> [String] {
        switch try await describe(entry) {
        case .failure(let error): return ["\(entry.name): \(error)"]
        case .success(nil): return []
        case .success(let description?):
            var problems: [String] = []
            if description.parameters.count != entry.parameters.count {
                problems.append("\(entry.name) names \(entry.parameters.count) parameters, PostgreSQL sees others")
            }
            for query in queries {
                do {
                    let row = try query.expectedRow()
                    problems += RowCheck(entry: entry, description: description, facts: facts).problems(row)
                } catch {
                    problems.append("\(entry.name): its row cannot be read from sample values: \(error)")
                }
            }
            return problems
        }
    }
}

extension CatalogEntry {
    private var firstWords: String {
        sql.split(maxSplits: 3, whereSeparator: \.isWhitespace).prefix(2).joined(separator: " ").uppercased()
    }

    fileprivate var isTemporaryTable: Bool { ["CREATE TEMP", "CREATE TEMPORARY"].contains(firstWords) }

    /// Whether PREPARE and EXPLAIN take it.
    fileprivate var isPlannable: Bool {
        ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES"].contains { firstWords.hasPrefix($0) }
    }
}
