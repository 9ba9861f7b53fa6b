import DeskKit
import Glibc

/// Why the journal cannot be used; nothing is sent meanwhile. The codes stand in tables and pages.
package struct JournalProblem: LoggableError, Hashable {
    package enum Code: String, Sendable, CaseIterable {
        /// The folder is not there.
        case missing
        case full
        case notWritable = "not_writable"
        /// The disk failed in some other way.
        case failed
        /// A line in the middle of a file is none.
        case unreadable
        /// A file was written under keys that this installation does not have.
        case foreign
        /// This process was told of no journal, and the installation keeps one.
        case notConfigured = "not_configured"
    }

    package let code: Code
    /// The name of the file it is about, without its folder.
    package let file: String?

    init(_ code: Code, file: String? = nil) {
        (self.code, self.file) = (code, file)
    }

    /// By what the system said last.
    static func last() -> JournalProblem {
        switch errno {
        case ENOENT, ENOTDIR: JournalProblem(.missing)
        case ENOSPC, EDQUOT, EFBIG: JournalProblem(.full)
        case EACCES, EPERM, EROFS: JournalProblem(.notWritable)
        default: JournalProblem(.failed)
        }
    }

    package var description: String {
        let what =
            switch code {
            case .missing: "the folder of the journal is not there"
            case .full: "the disk of the journal is full"
            case .notWritable: "the folder of the journal cannot be written"
            case .failed: "the disk of the journal fails"
            case .unreadable: "a file of the journal cannot be read"
            case .foreign: "a file of the journal was written under other keys"
            case .notConfigured: "PORTALDESK_JOURNAL is not set, and this installation keeps a journal"
            }
        return file.map { "\(what) (\($0))" } ?? what
    }
}

/// A file of one process: only ever appended to, and on the disk when `append` returns. Blocks its thread.
struct JournalFile {
    static let suffix = ".journal"
    static let largest = 64 << 20

    private let path: String
    let descriptor: Int32
    private let header: Int
    private(set) var size: Int
    let made: Int

    /// Makes a file that nobody else has, with its header. Throws `JournalProblem`.
    init(folder: String, name: String, header: String) throws(JournalProblem) {
        path = "\(folder)/\(name)\(Self.suffix)"
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last() }
        (size, made, self.header) = (0, time(nil), header.utf8.count + 1)
        do throws(JournalProblem) {
            try append(Array((header + "\n").utf8), durable: true)
            try Self.keepName(folder)
        } catch {
            unlink(path)
            close()
            throw error
        }
    }

    /// What is there already, as it is; for tests.
    init(device: String) throws(JournalProblem) {
        descriptor = open(device, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last() }
        (size, made, path, header) = (0, time(nil), device, -1)
    }

    /// A name is on the disk when its folder is.
    private static func keepName(_ folder: String) throws(JournalProblem) {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .last() }
        defer { Glibc.close(directory) }
        guard fsync(directory) == 0 else { throw .last() }
    }

    /// Whether the next line belongs into a file of its own: this one is large, a day old, or its name is gone.
    var isOver: Bool {
        var about = stat()
        return size >= Self.largest || time(nil) - made > 86_400 || fstat(descriptor, &about) != 0
            || about.st_nlink == 0
    }

    /// After a failure the file must not be written again: what the disk has of it is not known.
    mutating func append(_ bytes: [UInt8], durable: Bool) throws(JournalProblem) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { rest in
                write(descriptor, rest.baseAddress?.advanced(by: written), rest.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let problem = JournalProblem.last()
                ftruncate(descriptor, size)
                throw problem
            }
            written += count
        }
        if durable, fdatasync(descriptor) != 0 { throw .last() }
        size += bytes.count
    }

    func close() { Glibc.close(descriptor) }

    /// Ends it; a file without a line is not left behind.
    func leave() {
        if size <= header { unlink(path) }
        close()
    }
}
