package import Logging

/// Brings the schema forward, as its owner, on one direct connection.
///
/// Safe when many start at once: one holds the advisory lock, the others wait and find nothing left to do.
package struct Migrator: Sendable {
    private let configuration: DatabaseConfiguration
    private let migrations: [Migration]
    private let logger: Logger
    private let patience: Duration

    /// The lock's key, "pd:migrt" in bytes.
    private static let lockKey: Int64 = 0x7064_3a6d_6967_7274

    /// The configuration is the owner's and leads straight to the server: the lock belongs to a session.
    ///
    /// Throws `.migration` when a file of the directory is malformed, missing or double.
    package init(
        configuration: DatabaseConfiguration,
        directory: String,
        logger: Logger,
        patience: Duration = .seconds(300)
    ) throws(PostgresError) {
        self.init(
            configuration: configuration,
            migrations: try Migration.load(directory: directory),
            logger: logger,
            patience: patience
        )
    }

    package init(
        configuration: DatabaseConfiguration,
        migrations: [Migration],
        logger: Logger,
        patience: Duration = .seconds(300)
    ) {
        self.configuration = configuration
        self.migrations = migrations
        self.logger = logger
        self.patience = patience
    }

    /// Applies what is missing and answers its names.
    ///
    /// Throws `.migration` when an applied file was changed or is gone, when the database is ahead of this release, and
    /// when a migration fails: then with file, line and SQLSTATE.
    @discardableResult
    package func migrate() async throws -> [String] {
        _ = try Migration.ordered(migrations)
        let connection = try MigrationConnection()
        try await connection.open(configuration)
        let deadline = ContinuousClock.now + patience
        // Asking again and again holds no snapshot; a session that waits inside the lock function does, and CREATE
        // INDEX CONCURRENTLY would wait for it for ever.
        while try await !connection.tryLock(Self.lockKey) {
            guard ContinuousClock.now < deadline else {
                throw PostgresError(.migration, reason: "another process has been migrating for \(patience)")
            }
            try await ContinuousClock().sleep(for: .milliseconds(100))
        }
        try await connection.prepareBookkeeping()
        var applied: [String] = []
        for migration in try missing(try await connection.applied()) {
            logger.info("migrating", metadata: ["migration": "\(migration.name)"])
            try await connection.apply(migration)
            applied.append(migration.name)
        }
        await connection.close()
        return applied
    }

    /// The names that a database still lacks, for `/readyz`; any role may ask.
    ///
    /// Throws as `migrate()` does when files and database do not fit together.
    package func pending(in database: Database) async throws -> [String] {
        let applied = try await database.read(.installation) { session in
            try Bookkeeping.applied(session.wire)
        }
        return try missing(applied).map(\.name)
    }

    private func missing(_ applied: [AppliedMigration]) throws(PostgresError) -> [Migration] {
        for entry in applied {
            guard let file = migrations.first(where: { $0.number == entry.number }) else {
                throw PostgresError(.migration, reason: "the database has \(entry.name), this release does not know it")
            }
            guard file.name == entry.name, file.checksum == entry.checksum else {
                throw PostgresError(
                    .migration,
                    reason: "\(file.name).sql is not the file that was applied as \(entry.name): "
                        + "restore it and put the change into a new migration"
                )
            }
            guard entry.isFinished else {
                throw PostgresError(
                    .migration,
                    reason:
                        "\(entry.name) runs outside a transaction and did not finish: undo what it left, delete its "
                        + "row from schema_migration and migrate again"
                )
            }
        }
        return migrations.filter { migration in !applied.contains { $0.number == migration.number } }
    }
}

/// One row of `schema_migration`.
struct AppliedMigration: Sendable, Hashable {
    var number: Int
    var name: String
    var checksum: String
    var isFinished: Bool
}

/// The table of what was applied.
enum Bookkeeping {
    static func applied(_ wire: Wire) throws(PostgresError) -> [AppliedMigration] {
        let exists = try wire.execute("SELECT to_regclass('schema_migration') IS NOT NULL", name: "schema_migration")
        guard exists.text(0, 0) == "t" else { return [] }
        let result = try wire.execute(
            "SELECT number, name, checksum, finished_at IS NOT NULL FROM schema_migration ORDER BY number",
            name: "schema_migration"
        )
        return (0..<result.rowCount).map { row in
            AppliedMigration(
                number: Int(result.text(row, 0)) ?? 0,
                name: result.text(row, 1),
                checksum: result.text(row, 2),
                isFinished: result.text(row, 3) == "t"
            )
        }
    }

    static let table = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number integer PRIMARY KEY,
            name text NOT NULL UNIQUE,
            checksum text NOT NULL,
            is_breaking boolean NOT NULL,
            started_at timestamptz NOT NULL DEFAULT now(),
            finished_at timestamptz
        );
        GRANT SELECT ON schema_migration TO PUBLIC;
        """
}
