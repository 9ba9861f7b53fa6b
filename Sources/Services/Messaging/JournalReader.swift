import DeskKit
import Dispatch
import Foundation

/// Reads the files of all workers. A last line without its break was never durable, and nothing was sent on it: it is
/// left alone, as are the zeros that a power cut leaves behind.
struct JournalReader: Sendable {
    struct Listed: Sendable, Hashable {
        let name: String
        let size: Int
        let changed: Date
    }

    /// One portal's lines of a stretch of a file, and where the next stretch begins.
    struct Stretch: Sendable {
        let lines: [JournalLine]
        let next: Int
    }

    let folder: String
    /// The headers of files that were written under keys of this installation.
    let headers: Set<String>
    private let queue = DispatchQueue(label: "portaldesk.journal-reader")

    init(folder: String, headers: [String]) {
        (self.folder, self.headers) = (folder, Set(headers))
    }

    /// By name. Throws `JournalProblem`.
    func files() async throws(JournalProblem) -> [Listed] {
        try await work { () throws(JournalProblem) in try list() }
    }

    /// Nil at the file's end. Throws `JournalProblem`.
    func stretch(of file: String, from offset: Int, portal: PortalID) async throws(JournalProblem) -> Stretch? {
        try await work { () throws(JournalProblem) in try read(file, from: offset, portal: portal) }
    }

    /// Removes files that nobody has written for so long; they are older than any backup that may be restored.
    func prune(days: Int) async {
        let queue = queue
        await withCheckedContinuation { continuation in
            queue.async {
                let limit = Date(timeIntervalSinceNow: -86_400 * Double(days))
                for file in (try? list()) ?? [] where file.changed < limit {
                    try? FileManager.default.removeItem(atPath: "\(folder)/\(file.name)")
                }
                continuation.resume()
            }
        }
    }

    private func work<T: Sendable>(
        _ body: @escaping @Sendable () throws(JournalProblem) -> T
    ) async throws(JournalProblem) -> T {
        let queue = queue
        let result: Result<T, JournalProblem> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(JournalProblem) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private func list() throws(JournalProblem) -> [Listed] {
        let manager = FileManager.default
        let names: [String]
        do {
            names = try manager.contentsOfDirectory(atPath: folder)
        } catch {
            throw JournalProblem(manager.fileExists(atPath: folder) ? .notWritable : .missing)
        }
        return names.filter { $0.hasSuffix(JournalFile.suffix) }.sorted().compactMap { name in
            guard let about = try? manager.attributesOfItem(atPath: "\(folder)/\(name)"),
                let size = about[.size] as? NSNumber, let changed = about[.modificationDate] as? Date
            else { return nil }
            return Listed(name: name, size: size.intValue, changed: changed)
        }
    }

    private func read(_ name: String, from offset: Int, portal: PortalID) throws(JournalProblem) -> Stretch? {
        let length = 1 << 20
        guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(name)") else {
            throw JournalProblem(.unreadable, file: name)
        }
        defer { try? handle.close() }
        let bytes: [UInt8]
        do {
            try handle.seek(toOffset: UInt64(offset))
            bytes = Array(try handle.read(upToCount: length) ?? Data())
        } catch {
            throw JournalProblem(.unreadable, file: name)
        }
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count == length, bytes.contains(where: { $0 != 0 }) else { return nil }
            throw JournalProblem(.unreadable, file: name)
        }
        var lines: [JournalLine] = []
        for (number, line) in bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let text = String(decoding: line, as: UTF8.self)
            if number == 0, offset == 0 {
                guard text.hasPrefix("# portaldesk journal ") else { throw JournalProblem(.unreadable, file: name) }
                guard headers.contains(text) else { throw JournalProblem(.foreign, file: name) }
                continue
            }
            guard let line = JournalLine(text) else { throw JournalProblem(.unreadable, file: name) }
            if line.portal == portal { lines.append(line) }
        }
        // A file without a line goes with its writer, and is not to be missed.
        if offset == 0, !bytes[..<end].contains(UInt8(ascii: "\n")) { return nil }
        return Stretch(lines: lines, next: offset + end + 1)
    }
}
