import Foundation

/// PgBouncer in transaction mode in front of a database of the cluster; it ends with the process at the latest.
package struct Pooler: Sendable {
    package let port: Int
    private let process: pid_t

    /// Throws `ShellCommand.Failure` when PgBouncer is not installed (Debian package pgbouncer).
    package static func start(for database: TestDatabase, poolSize: Int) async throws -> Pooler {
        let running = try await Cluster.shared.running()
        let directory = running.directory + "/pooler-" + database.name
        try ClusterProcess.makeDirectory(directory)
        let port = ClusterProcess.freePort()
        let users = ["portaldesk_console", "portaldesk_worker"].map { "\"\($0)\" \"\(Cluster.password)\"\n" }.joined()
        try users.write(toFile: directory + "/users", atomically: false, encoding: .utf8)
        try settings(database, running, directory, port, poolSize).write(
            toFile: directory + "/pgbouncer.ini",
            atomically: false,
            encoding: .utf8
        )
        let process = try ShellCommand.spawn(
            "/bin/sh",
            ["-c", watchdog, "watchdog", "/usr/sbin/pgbouncer", directory + "/pgbouncer.ini"],
            asServerUser: true,
            input: try ShellCommand.lifeline()
        )
        return Pooler(port: port, process: process)
    }

    private static func settings(
        _ database: TestDatabase,
        _ running: Cluster.Running,
        _ directory: String,
        _ port: Int,
        _ poolSize: Int
    ) -> String {
        """
        [databases]
        \(database.name) = host=\(running.directory) port=\(running.port) pool_size=\(poolSize)
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = \(port)
        unix_socket_dir =
        auth_type = trust
        auth_file = \(directory)/users
        pool_mode = transaction
        max_client_conn = 200

        """
    }

    package func url(role: String, database: TestDatabase) -> String {
        "postgresql://\(role)@127.0.0.1:\(port)/\(database.name)"
    }

    package func stop() {
        kill(process, SIGTERM)
    }

    /// Ends the pooler when the test process is gone or when told.
    private static let watchdog = """
        "$1" -q "$2" </dev/null & pooler=$!
        trap 'kill -TERM $pooler; exit' TERM INT
        exec 3<&0
        cat <&3 >/dev/null & wait $!
        kill -TERM $pooler
        """
}
