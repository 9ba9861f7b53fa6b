import Foundation

/// Runs programs, as user postgres when the tests run as root, because PostgreSQL refuses root.
///
/// Not Foundation's `Process`: that takes a program for running as long as a daemon it started holds the descriptors it
/// inherited.
package enum ShellCommand {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Runs a program to its end and answers what it wrote.
    ///
    /// Throws `Failure` with that when it ends with another code than 0.
    @discardableResult
    package static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        asServerUser: Bool = true
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try finish(program, arguments, environment: environment, asServerUser: asServerUser)
                    }
                )
            }
        }
    }

    private static func finish(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        asServerUser: Bool
    ) throws -> String {
        let output = try pipe()
        let process = try spawn(
            program,
            arguments,
            environment: environment,
            asServerUser: asServerUser,
            output: output.write
        )
        close(output.write)
        let text = read(output.read)
        var status: CInt = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        guard status == 0 else { throw Failure(description: "\(program) ended with status \(status): \(text)") }
        return text
    }

    /// Starts a program; its output goes to the descriptor, or nowhere; its input comes from one, which is closed here,
    /// or is empty.
    static func spawn(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        asServerUser: Bool,
        input: CInt? = nil,
        output: CInt? = nil
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [(CInt(0), input), (1, output), (2, output)] {
            if let source {
                posix_spawn_file_actions_adddup2(&actions, source, target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A thread of the concurrency pool blocks signals, and a child would inherit that.
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, CShort(POSIX_SPAWN_SETSIGMASK))
        let wrapper = asServerUser && getuid() == 0 ? serverUser : []
        let line = ["/usr/bin/env", "-C", "/"] + wrapper + [program] + arguments
        let kept = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        let variables = kept.merging(environment) { _, given in given }.map { "\($0.key)=\($0.value)" }
        var process = pid_t()
        let code = withPointers(line) { line in
            withPointers(variables) { posix_spawn(&process, "/usr/bin/env", &actions, &attributes, line, $0) }
        }
        if let input { close(input) }
        guard code == 0 else { throw Failure(description: "\(program) cannot be started: error \(code)") }
        return process
    }

    /// A pipe that no other program inherits.
    static func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Failure(description: "no pipe: error \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// The reading end of a pipe whose writing end stays open until this process ends, and nobody inherits that.
    static func lifeline() throws -> CInt { try pipe().read }

    private static func read(_ descriptor: CInt) -> String {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    private static func withPointers<R>(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(&pointers)
    }

    private static let serverUser = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
}
