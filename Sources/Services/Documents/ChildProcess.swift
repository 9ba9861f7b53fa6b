import Cgnu
import Glibc

/// One run of a program: its input is a file without a name in memory, its output is collected up to a limit, and when
/// the time is over it is killed. Blocks its thread; `SandboxThread` gives it one.
struct ChildProcess {
    enum Ending: Equatable {
        case exited(code: Int32)
        case signalled
        case outOfTime
        case outputTooLarge
        case notStarted
    }

    struct Result {
        let ending: Ending
        let output: [UInt8]
        let complaint: [UInt8]
    }

    let arguments: [String]
    let outputLimit: Int
    let seconds: Int

    /// Starts the program with nothing but its three streams; every other descriptor is closed in the child.
    func run(input: borrowing MemoryFile) -> Result {
        guard let out = Pipe.make() else { return Result(ending: .notStarted, output: [], complaint: []) }
        guard let err = Pipe.make() else {
            out.close()
            return Result(ending: .notStarted, output: [], complaint: [])
        }
        input.rewind()
        guard let child = spawn(input: input.descriptor, output: out.write, complaint: err.write) else {
            out.close()
            err.close()
            return Result(ending: .notStarted, output: [], complaint: [])
        }
        Glibc.close(out.write)
        Glibc.close(err.write)
        var collector = OutputCollector(outputLimit: outputLimit, seconds: seconds)
        let early = collector.collect(output: out.read, complaint: err.read)
        Glibc.close(out.read)
        Glibc.close(err.read)
        if early != nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return Result(
            ending: early ?? Self.ending(status),
            output: collector.output,
            complaint: collector.complaint
        )
    }

    private func spawn(input: Int32, output: Int32, complaint: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaint, 2)
        guard posix_spawn_file_actions_addclosefrom_np(&actions, 3) == 0 else { return nil }
        var strings = arguments.map { strdup($0) } + [nil]
        defer {
            for string in strings { free(string) }
        }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var child: pid_t = 0
        let failure = posix_spawn(&child, arguments[0], &actions, nil, &strings, &environment)
        return failure == 0 ? child : nil
    }

    private static func ending(_ status: Int32) -> Ending {
        status & 0x7F == 0 ? .exited(code: status >> 8 & 0xFF) : .signalled
    }
}

/// A file that has no name and never reaches a disk; only its descriptor leads to it.
struct MemoryFile: ~Copyable {
    let descriptor: Int32

    init?(_ bytes: [UInt8]) {
        let descriptor = memfd_create("scan", DESK_MFD_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { rest in
                write(descriptor, rest.baseAddress?.advanced(by: written), rest.count - written)
            }
            guard count > 0 || (count < 0 && errno == EINTR) else {
                close(descriptor)
                return nil
            }
            written += max(count, 0)
        }
        self.descriptor = descriptor
    }

    func rewind() {
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }
}

struct Pipe {
    let read: Int32
    let write: Int32

    static func make() -> Pipe? {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
        return Pipe(read: ends[0], write: ends[1])
    }

    func close() {
        Glibc.close(read)
        Glibc.close(write)
    }
}
