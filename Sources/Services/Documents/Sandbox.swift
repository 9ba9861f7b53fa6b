/// The closed room in which foreign files are read: no network, no file of this machine but its programs and fonts,
/// nobody's rights, a ceiling on memory, time and open files. Programs get the scan on standard input and answer on
/// standard output; they cannot name it.
struct Sandbox: Sendable {
    let limits: ScanLimits
    /// Where bubblewrap stands.
    let bubblewrap: String

    init(limits: ScanLimits, bubblewrap: String = "/usr/bin/bwrap") {
        self.limits = limits
        self.bubblewrap = bubblewrap
    }

    /// Runs a command inside. Throws what the operator has to mend, and `tooHeavy` for time, memory and output.
    func run(
        _ command: [String],
        input: borrowing MemoryFile
    ) throws(ScanRefusal) -> ChildProcess.Result {
        let time = limits.pageSeconds
        let child = ChildProcess(
            arguments: room + ceiling(time) + command,
            outputLimit: limits.imageBytes,
            seconds: time
        )
        let result = child.run(input: input)
        switch result.ending {
        case .notStarted: throw .sandboxUnavailable
        case .outOfTime, .outputTooLarge, .signalled: throw .tooHeavy
        case .exited(0): return result
        case .exited(let code):
            if let refusal = Self.refusal(code, String(decoding: result.complaint, as: UTF8.self)) { throw refusal }
            return result
        }
    }

    /// Nil where the program itself found fault with the file. Codes from 128 on stand for a signal, which here comes
    /// from a ceiling.
    private static func refusal(_ code: Int32, _ complaint: String) -> ScanRefusal? {
        if complaint.hasPrefix("bwrap: ") { return .sandboxUnavailable }
        if code >= 128 || complaint.lowercased().contains("memory") { return .tooHeavy }
        guard code == 126 || code == 127 else { return nil }
        return complaint.contains("No such file") || complaint.contains("not found") ? .converterMissing : .tooHeavy
    }

    private var room: [String] {
        [
            bubblewrap, "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL",
            "--die-with-parent", "--new-session", "--hostname", "scan", "--clearenv",
            "--setenv", "PATH", "/usr/bin", "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "HOME", "/tmp",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--symlink", "usr/bin", "/bin", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
            "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
            "--proc", "/proc", "--dev", "/dev", "--size", "67108864", "--tmpfs", "/tmp", "--chdir", "/tmp", "--",
        ]
    }

    private func ceiling(_ seconds: Int) -> [String] {
        [
            "/usr/bin/prlimit", "--as=\(limits.memory)", "--cpu=\(seconds)", "--fsize=67108864", "--nofile=64",
            "--core=0", "--",
        ]
    }
}
