import DeskKit
import Dispatch
import Foundation
import Synchronization

/// Writes a process's lines, one batch at a time: what comes while the disk is busy goes with the next batch, under one
/// fsync for all of it.
final class JournalWriter: Sendable {
    private struct Line {
        let bytes: [UInt8]
        /// Nil for what need not be on the disk yet.
        let written: CheckedContinuation<Result<Void, JournalProblem>, Never>?
    }

    private struct Lines {
        var waiting: [Line] = []
        var isWriting = false
    }

    private let folder: String
    private let header: String
    private let lines = Mutex(Lines())
    private let file = Mutex<JournalFile?>(nil)
    private let queue = DispatchQueue(label: "portaldesk.journal")

    init(folder: String, header: String) {
        (self.folder, self.header) = (folder, header)
    }

    deinit { leave() }

    /// Ends the file; one without a line is not left behind.
    func leave() {
        file.withLock { file in
            file?.leave()
            file = nil
        }
    }

    /// Returns when the disk has the line. Throws `JournalProblem`; then it does not count.
    func append(_ line: JournalLine) async throws(JournalProblem) {
        try await withCheckedContinuation { add(Line(bytes: Array(line.text.utf8), written: $0)) }.get()
    }

    /// Writes the line sometime; nobody waits for it.
    func note(_ line: JournalLine) {
        add(Line(bytes: Array(line.text.utf8), written: nil))
    }

    /// Whether a line could be written now. Throws `JournalProblem`.
    func ready() async throws(JournalProblem) {
        try await withCheckedContinuation { continuation in
            queue.async { [self] in
                let result = file.withLock { file in
                    attempt { () throws(JournalProblem) in try renew(&file) }
                }
                continuation.resume(returning: result)
            }
        }.get()
    }

    private func add(_ line: Line) {
        let starts = lines.withLock { lines in
            lines.waiting.append(line)
            defer { lines.isWriting = true }
            return !lines.isWriting
        }
        if starts { queue.async { [self] in write() } }
    }

    private func write() {
        while true {
            let batch = lines.withLock { lines in
                defer { lines.waiting = [] }
                if lines.waiting.isEmpty { lines.isWriting = false }
                return lines.waiting
            }
            if batch.isEmpty { return }
            let result = file.withLock { file in
                attempt { () throws(JournalProblem) in
                    try renew(&file)
                    try file?.append(batch.flatMap(\.bytes), durable: batch.contains { $0.written != nil })
                }.mapError { problem in
                    file?.close()
                    file = nil
                    return problem
                }
            }
            for line in batch { line.written?.resume(returning: result) }
        }
    }

    private func renew(_ file: inout JournalFile?) throws(JournalProblem) {
        if let old = file, old.isOver {
            old.close()
            file = nil
        }
        guard file == nil else { return }
        let process = ProcessInfo.processInfo
        let host = process.hostName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let name = "\(host)-\(process.processIdentifier)-\(UInt64.random(in: .min ... .max))"
        file = try JournalFile(folder: folder, name: name, header: header)
    }

    private func attempt(_ body: () throws(JournalProblem) -> Void) -> Result<Void, JournalProblem> {
        do throws(JournalProblem) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }
}
