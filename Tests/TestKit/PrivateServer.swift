import Foundation

/// A server for one test alone, which may stop and start it; roles and one empty database "desk" are there.
package struct PrivateServer: Sendable {
    package let directory: String
    package let port: Int

    /// Starts it; it ends with the process at the latest.
    package static func start() async throws -> PrivateServer {
        let (directory, port) = try await ClusterProcess.start()
        let server = PrivateServer(directory: directory, port: port)
        let tool = ClusterProcess.program("createdb")
        try await ShellCommand.run(tool, ["-h", directory, "-p", String(port), "-U", "postgres", "desk"])
        try await server.makeRoles()
        return server
    }

    private func makeRoles() async throws {
        try await Cluster.makeRoles(directory: directory, port: port, database: "desk")
    }

    package func url(role: String) -> String {
        "postgresql://\(role)@/desk?host=\(directory)&port=\(port)"
    }

    /// Over TCP on loopback, with the role's password.
    package func loopbackURL(role: String) -> String {
        "postgresql://\(role):\(Cluster.password.replacing(" ", with: "%20"))@127.0.0.1:\(port)/desk"
    }

    package func stop() async throws {
        try await ClusterProcess.control("stop", directory)
    }

    package func startAgain() async throws {
        try await ClusterProcess.control("start", directory)
    }

    package func restart() async throws {
        try await ClusterProcess.control("restart", directory)
    }
}
