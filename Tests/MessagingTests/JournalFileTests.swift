import DeskKit
import Foundation
import Portals
import Secrets
import TestKit
import Testing

@testable import Messaging

/// A folder of its own, gone with the value.
final class JournalFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID())").path

    init(isMade: Bool = true) throws {
        if isMade { try make() }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func make() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { "\(path)/\($0)" }
    }

    /// All lines but the headers.
    func lines() throws -> [String] {
        try files().flatMap { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n").dropFirst() }
            .map(String.init)
    }

    func append(_ text: String, to file: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}

extension SendJournal {
    /// Returns when everything that was noted is in the file.
    func settle() async throws { try await writer.ready() }
}

@Suite struct JournalFileTests {
    private static func entry(_ attempt: Int = 1, portal: Int16 = 1, words: [UInt8]? = nil) -> JournalEntry {
        JournalEntry(
            portal: PortalID(portal),
            hash: Array(repeating: 7, count: 16),
            attempt: attempt,
            at: 1_790_000_000,
            channel: .sms,
            kind: "reminders.payment",
            words: words
        )
    }

    @Test(arguments: [
        JournalLine.handOver(entry()), .handOver(entry(32_767, words: Array(0..<16))),
        .answer(portal: PortalID(3), hash: Array(0..<16), attempt: 2, word: "accepted"),
    ])
    func `a line reads as it was written`(line: JournalLine) {
        #expect(JournalLine(line.text.dropLast()) == line)
    }

    @Test(arguments: [
        "", ">", "> 1 00 1 1 sms a.b -", "? 1 07070707070707070707070707070707 1 accepted",
        "< 1 07070707070707070707070707070707 1 eaten", "< 1 07070707070707070707070707070707 0 accepted",
        "> 1 07070707070707070707070707070707 1 1 pigeon a.b -", "< -1 07070707070707070707070707070707 1 accepted",
        "> 1 07070707070707070707070707070707 1 1 sms a.b 07",
    ])
    func `anything else is no line`(text: String) {
        #expect(JournalLine(text) == nil)
    }

    @Test func `lines of many at once are all there when their writers go on, in one file`() async throws {
        let folder = try JournalFolder()
        let journal = SendJournal(folder.path, keyRing: try .ephemeral())
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for attempt in 1...200 {
                group.addTask {
                    let line = JournalLine.handOver(Self.entry(attempt))
                    try await journal.writer.append(line)
                    return try folder.lines().contains(String(line.text.dropLast()))
                }
            }
            for try await isThere in group { #expect(isThere) }
        }
        #expect(try folder.files().count == 1)
        #expect(try folder.lines().count == 200)
    }

    @Test func `what was not finished at a file's end does not count, and a portal reads its own lines`() async throws {
        let folder = try JournalFolder()
        let journal = SendJournal(folder.path, keyRing: try .ephemeral())
        try await journal.writer.append(.handOver(Self.entry()))
        try await journal.writer.append(.handOver(Self.entry(portal: 2)))
        let file = try #require(try folder.files().first)
        try folder.append("> 1 0707\u{0}\u{0}\u{0}", to: file)
        let name = try #require(try await journal.reader.files().first?.name)
        let found = try #require(try await journal.reader.stretch(of: name, from: 0, portal: PortalID(1)))
        #expect(found.lines == [.handOver(Self.entry())])
        #expect(try await journal.reader.stretch(of: name, from: found.next, portal: PortalID(1)) == nil)
    }

    @Test func `a damaged line and another installation's file are told with the file's name`() async throws {
        let folder = try JournalFolder()
        let journal = SendJournal(folder.path, keyRing: try .ephemeral())
        try await journal.writer.append(.handOver(Self.entry()))
        let file = try #require(try folder.files().first)
        try await journal.trial()
        await #expect(throws: JournalProblem(.foreign, file: URL(filePath: file).lastPathComponent)) {
            try await SendJournal(folder.path, keyRing: .ephemeral()).trial()
        }
        try folder.append("nonsense\n", to: file)
        await #expect(throws: JournalProblem(.unreadable, file: URL(filePath: file).lastPathComponent)) {
            try await journal.trial()
        }
    }

    @Test func `a file that is gone under its writer is followed by a new one, a folder that is gone by a refusal`()
        async throws
    {
        let folder = try JournalFolder()
        let journal = SendJournal(folder.path, keyRing: try .ephemeral())
        try await journal.writer.append(.handOver(Self.entry(1)))
        for file in try folder.files() { try FileManager.default.removeItem(atPath: file) }
        try await journal.writer.append(.handOver(Self.entry(2)))
        #expect(try folder.lines().count == 1)
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(await journal.problem() == JournalProblem(.missing))
        await #expect(throws: JournalProblem(.missing)) { try await journal.writer.append(.handOver(Self.entry(3))) }
        try folder.make()
        #expect(await journal.problem() == nil)
    }

    @Test func `a disk that takes nothing more refuses the line`() async throws {
        // A device that is always full stands in for the disk.
        var full = try JournalFile(device: "/dev/full")
        #expect(throws: JournalProblem(.full)) { try full.append([1], durable: true) }
        full.close()
    }

    @Test func `files that nobody wrote for a quarter of a year are removed`() async throws {
        let folder = try JournalFolder()
        let old = SendJournal(folder.path, keyRing: try .ephemeral())
        try await old.writer.append(.handOver(Self.entry()))
        let file = try #require(try folder.files().first)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -93 * 86_400)],
            ofItemAtPath: file
        )
        let journal = SendJournal(folder.path, keyRing: try .ephemeral())
        try await journal.writer.append(.handOver(Self.entry()))
        await journal.prune()
        #expect(try folder.files().count == 1)
        #expect(try folder.files().contains(file) == false)
    }
}
