import Clibpq

/// The migrator's connection, on its own thread.
actor MigrationConnection {
    private nonisolated let thread: ConnectionThread
    private var wire: Wire?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init() throws(PostgresError) {
        thread = try ConnectionThread(name: "pg-migrate")
    }

    deinit {
        thread.stop()
    }

    func open(_ configuration: DatabaseConfiguration) throws(PostgresError) {
        let wire = try Wire(url: configuration.url, applicationName: configuration.applicationName + " migrate")
        try wire.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET client_min_messages = warning")
        // Building an index takes what it takes; a lock that readers queue behind may not.
        try wire.execute("SET statement_timeout = 0; SET lock_timeout = '30s'")
        self.wire = wire
    }

    func close() {
        wire = nil
    }

    func tryLock(_ key: Int64) throws(PostgresError) -> Bool {
        try open().execute("SELECT pg_try_advisory_lock(\(key))", name: "migration lock").text(0, 0) == "t"
    }

    func prepareBookkeeping() throws(PostgresError) {
        try open().execute(Bookkeeping.table, name: "schema_migration")
    }

    func applied() throws(PostgresError) -> [AppliedMigration] {
        try Bookkeeping.applied(try open())
    }

    /// Writes the row first, so that a second runner fails on its key before it touches anything.
    func apply(_ migration: Migration) throws(PostgresError) {
        let wire = try open()
        if migration.isTransactional {
            do throws(PostgresError) {
                try wire.execute("BEGIN", name: migration.name)
                try insert(migration, wire)
                try run(migration.sql, migration, line: 1, wire)
                guard wire.transactionStatus == PQTRANS_INTRANS else {
                    throw PostgresError(.migration, reason: "\(migration.name) ends the transaction it runs in")
                }
                try finish(migration, wire)
                try wire.execute("COMMIT", name: migration.name)
            } catch {
                if !wire.isBroken { _ = try? wire.execute("ROLLBACK") }
                throw error
            }
        } else {
            try insert(migration, wire)
            for (line, statement) in Self.statements(migration.sql) { try run(statement, migration, line: line, wire) }
            try finish(migration, wire)
        }
    }

    private func open() throws(PostgresError) -> Wire {
        guard let wire else { throw PostgresError(.connectionLost, reason: "the migrator is not connected") }
        return wire
    }

    private func insert(_ migration: Migration, _ wire: Wire) throws(PostgresError) {
        _ = try wire.execute(
            """
            INSERT INTO schema_migration (number, name, checksum, is_breaking) VALUES ($1::integer, $2, $3,
            $4::boolean)
            """,
            [
                .text(String(migration.number)), .text(migration.name), .text(migration.checksum),
                .text(migration.isBreaking ? "t" : "f"),
            ],
            name: migration.name
        )
    }

    private func finish(_ migration: Migration, _ wire: Wire) throws(PostgresError) {
        _ = try wire.execute(
            "UPDATE schema_migration SET finished_at = clock_timestamp() WHERE number = $1::integer",
            [.text(String(migration.number))],
            name: migration.name
        )
    }

    private func run(_ sql: String, _ migration: Migration, line: Int, _ wire: Wire) throws(PostgresError) {
        guard let pointer = PQexec(wire.pointer, sql) else { throw wire.lost(migration.name) }
        let result = QueryResult(pointer)
        if result.status == PGRES_COMMAND_OK || result.status == PGRES_TUPLES_OK { return }
        // Messages of class 42 speak of the file's own words; others may quote rows that a backfill met.
        var error = result.error(query: nil, keepsMessage: false)
        let isOurs = error.sqlState?.hasPrefix("42") ?? false
        let words = isOurs ? result.error(query: nil, keepsMessage: true).reason : nil
        let position = result.errorPosition.map { " line \(line + Self.line(of: $0, in: sql))" } ?? ""
        error.code = .migration
        error.reason = "\(migration.name).sql\(position)\(words.map { ": " + $0 } ?? "")"
        throw error
    }

    private static func line(of position: Int, in sql: String) -> Int {
        sql.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" }
    }

    /// The statements of a file with the line each begins on, for running one by one.
    private static func statements(_ sql: String) -> [(line: Int, sql: String)] {
        var statements: [(Int, String)] = []
        var current = ""
        var line = 1
        for piece in SQLLexer.pieces(of: sql) {
            current += piece.text
            guard piece == .semicolon else { continue }
            statements.append((line, current))
            line += current.count { $0 == "\n" }
            current = ""
        }
        if current.contains(where: { !$0.isWhitespace }) { statements.append((line, current)) }
        return statements
    }
}

extension SQLLexer.Piece {
    /// The piece as it stood in the file.
    var text: String {
        switch self {
        case .code(let text), .quoted(let text), .comment(let text): text
        case .parameter(let name): "@" + name
        case .semicolon: ";"
        }
    }
}
