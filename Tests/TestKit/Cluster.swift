import Foundation
import Logging
import Postgres

/// The private PostgreSQL of this test process: started with the first database a test asks for, stopped when the
/// process ends, however it ends.
package actor Cluster {
    /// The one cluster of the process.
    package static let shared = Cluster()

    private var starting: Task<Running, any Error>?

    struct Running: Sendable {
        var directory: String
        var port: Int
        var admin: DirectConnection
    }

    /// Directory, port and administrator's connection of the running cluster; starts it when need be.
    func running() async throws -> Running {
        if let starting { return try await starting.value }
        let task = Task { try await Self.start() }
        starting = task
        return try await task.value
    }

    /// A libpq URL of this cluster, over its Unix socket or loopback.
    package func url(role: String, database: String, overLoopback: Bool = false) async throws -> String {
        let running = try await running()
        return Self.url(running, role: role, database: database, overLoopback: overLoopback)
    }

    /// Makes one more database out of the migrated template and answers its name.
    func cloneTemplate() async throws -> String {
        let admin = try await running().admin
        number += 1
        let name = "test_\(number)"
        try await admin.execute("CREATE DATABASE \(name) TEMPLATE \(Self.template)")
        // A template's own grants do not come along.
        try await admin.execute(
            """
            REVOKE ALL ON DATABASE \(name) FROM PUBLIC;
            GRANT CONNECT, CREATE, TEMPORARY ON DATABASE \(name) TO portaldesk_owner;
            GRANT CONNECT, TEMPORARY ON DATABASE \(name) TO portaldesk_console, portaldesk_worker;
            GRANT CONNECT ON DATABASE \(name) TO portaldesk_backup;
            """
        )
        return name
    }

    /// Makes an empty database, with the roles' grants but without a schema, and answers its name.
    package func emptyDatabase() async throws -> String {
        let running = try await running()
        number += 1
        let name = "empty_\(number)"
        try await running.admin.execute("CREATE DATABASE \(name) TEMPLATE template0")
        try await Self.makeRoles(running, database: name)
        return name
    }

    /// Drops what no test holds any more, as soon as nobody is connected: a pool may outlive its `TestDatabase`.
    func retire(_ database: String) async throws {
        retired.append(database)
        let admin = try await running().admin
        let busy = try await admin.execute("SELECT DISTINCT datname FROM pg_stat_activity WHERE datname IS NOT NULL")
        let names = Set(busy.compactMap { $0.first ?? nil })
        for name in retired where !names.contains(name) {
            retired.removeAll { $0 == name }
            try await admin.execute("DROP DATABASE IF EXISTS \(name)")
        }
    }

    /// So many databases are in use at once: each brings up to three pools, and the server's connections are finite.
    private static let places = 16
    private var taken = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits for a place, first come first served.
    func enter() async {
        if taken < Self.places {
            taken += 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands the place on.
    func leave() {
        if waiting.isEmpty {
            taken -= 1
        } else {
            waiting.removeFirst().resume()
        }
    }

    private var number = 0
    private var retired: [String] = []

    static let template = "portaldesk_template"
    package static let password = "a test's password"

    static func url(_ running: Running, role: String, database: String, overLoopback: Bool) -> String {
        let secret = password.replacing(" ", with: "%20")
        return overLoopback
            ? "postgresql://\(role):\(secret)@127.0.0.1:\(running.port)/\(database)"
            : "postgresql://\(role)@/\(database)?host=\(running.directory)&port=\(running.port)"
    }

    private static func start() async throws -> Running {
        let (directory, port) = try await ClusterProcess.start()
        let bootstrap = Running(
            directory: directory,
            port: port,
            admin: try await DirectConnection.open(
                url: "postgresql://postgres@/postgres?host=\(directory)&port=\(port)"
            )
        )
        try await bootstrap.admin.execute("CREATE DATABASE \(template) TEMPLATE template0")
        try await makeRoles(bootstrap, database: template)
        let migrator = try Migrator(
            configuration: DatabaseConfiguration(
                url: url(bootstrap, role: "portaldesk_owner", database: template, overLoopback: false)
            ),
            directory: Repository.path("sql/migrations"),
            logger: Logger(label: "testkit") { _ in SwiftLogNoOpLogHandler() }
        )
        try await migrator.migrate()
        try await bootstrap.admin.execute("ALTER DATABASE \(template) ALLOW_CONNECTIONS false")
        return bootstrap
    }

    private static func makeRoles(_ running: Running, database: String) async throws {
        try await makeRoles(directory: running.directory, port: running.port, database: database)
    }

    /// Runs `sql/roles.sql` as an administrator would, with psql.
    static func makeRoles(directory: String, port: Int, database: String) async throws {
        let script = try String(contentsOfFile: Repository.path("sql/roles.sql"), encoding: .utf8)
        let copy = directory + "/roles.sql"
        try script.write(toFile: copy, atomically: false, encoding: .utf8)
        try await ShellCommand.run(
            ClusterProcess.program("psql"),
            [
                "-X", "-v", "ON_ERROR_STOP=1", "-v", "owner_password=\(password)", "-v", "console_password=\(password)",
                "-v", "worker_password=\(password)", "-f", copy, "-h", directory, "-p", String(port),
                "-U", "postgres", "-d", database,
            ]
        )
    }
}
