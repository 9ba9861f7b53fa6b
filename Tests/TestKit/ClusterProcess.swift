import Foundation

/// Starts the server, and a watchdog beside it that stops it and removes its directory as soon as this process is gone:
/// the watchdog reads a pipe that only this process holds open, so that even SIGKILL is noticed.
enum ClusterProcess {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The newest installed version's program.
    static func program(_ name: String) -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        return newest.map { "\(root)/\($0)/bin/\(name)" } ?? name
    }

    static func start() async throws -> (directory: String, port: Int) {
        let directory = "/tmp/portaldesk-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let server = directory + "/server.conf"
        try makeDirectory(directory)
        try watch(directory)
        let data = directory + "/data"
        try await ShellCommand.run(
            program("initdb"),
            ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-A", "trust"]
        )
        try hostRules.write(toFile: data + "/pg_hba.conf", atomically: false, encoding: .utf8)
        for _ in 0..<5 {
            let port = freePort()
            try settings(directory, port).write(toFile: server, atomically: false, encoding: .utf8)
            do {
                try await control("start", directory)
                return (directory, port)
            } catch {
                continue
            }
        }
        let log = (try? String(contentsOfFile: directory + "/server.log", encoding: .utf8)) ?? "no server.log"
        throw Failure(description: "PostgreSQL did not start: \(log.suffix(2_000))")
    }

    /// `pg_ctl` start, stop or restart, waiting for its end.
    static func control(_ action: String, _ directory: String) async throws {
        var arguments = [action, "-D", directory + "/data", "-w", "-t", "60", "-s"]
        if action != "start" { arguments += ["-m", "fast"] }
        if action != "stop" {
            arguments += ["-l", directory + "/server.log", "-o", "-c config_file=\(directory)/server.conf"]
        }
        try await ShellCommand.run(program("pg_ctl"), arguments)
    }

    /// Makes a directory that belongs to the server's user.
    static func makeDirectory(_ directory: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: directory, withIntermediateDirectories: false)
        if getuid() == 0, let user = getpwnam("postgres") {
            chown(directory, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        chmod(directory, 0o755)
    }

    private static func watch(_ directory: String) throws {
        let script = """
            trap '' INT TERM HUP
            cat >/dev/null
            "$1" stop -D "$2/data" -m immediate -s >/dev/null 2>&1
            rm -rf "$2"
            """
        _ = try ShellCommand.spawn(
            "setsid",
            ["sh", "-c", script, "watchdog", program("pg_ctl"), directory],
            asServerUser: true,
            input: try ShellCommand.lifeline()
        )
    }

    private static let hostRules = """
        local all all trust
        host all all 127.0.0.1/32 scram-sha-256

        """

    /// Zone and date style are odd on purpose: what decodes here does not lean on the server's defaults.
    private static func settings(_ directory: String, _ port: Int) -> String {
        """
        data_directory = '\(directory)/data'
        hba_file = '\(directory)/data/pg_hba.conf'
        listen_addresses = '127.0.0.1'
        port = \(port)
        unix_socket_directories = '\(directory)'
        max_connections = 1000
        shared_buffers = 64MB
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        timezone = 'America/New_York'
        datestyle = 'SQL, DMY'
        lc_messages = 'C.UTF-8'

        """
    }

    static func freePort() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutableBytes(of: &address) { bytes in
            guard let pointer = bytes.bindMemory(to: sockaddr.self).baseAddress else { return 54_321 }
            bind(descriptor, pointer, length)
            getsockname(descriptor, pointer, &length)
            return Int(bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self).bigEndian)
        }
    }
}
