import DeskKit
import Foundation
import Postgres
import Secrets
import TestKit
import Testing

@testable import JobRunner
@testable import Messaging

@Suite struct JournalTroubleTests {
    private func troubles(_ desk: JournaledPost) async throws -> [String] {
        try await desk.post.column("SELECT code FROM journal_trouble")
    }

    @Test func `without its folder nothing is sent and somebody is told, and it goes on by itself`() async throws {
        let desk = try await JournaledPost.make()
        try FileManager.default.removeItem(atPath: desk.folder.path)
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        let journal = desk.journal()
        try await desk.work(journal)
        try await desk.work(journal)
        #expect(try await desk.post.states() == ["planned 0"])
        #expect(try await troubles(desk) == ["missing"])
        try desk.folder.make()
        try await desk.work(journal)
        #expect(try await desk.post.states() == ["confirmed 1"])
        #expect(try await troubles(desk) == [])
        #expect(await desk.received() == 1)
    }

    @Test func `a line that cannot be written takes the hand-over back`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        let journal = desk.journal()
        try await CompareJournal(journal: journal).run(Post.warsaw, desk.post.database.workerDatabase)
        let job = try #require(try await desk.post.claim("unlucky"))
        let sender = desk.post.sender(journal: journal)
        let id = try job.decode(SendMessage.Order.self).message
        let step = try await job.transaction { try sender.handOver(id, portal: job.portal, in: $0) }
        guard case .go(let envelope) = step else { throw JobFailure("not_handed_over") }
        try FileManager.default.removeItem(atPath: desk.folder.path)
        await #expect(throws: JournalProblem(.missing)) { try await sender.send(envelope, job) }
        #expect(try await desk.post.states() == ["planned 1"])
        #expect(try await desk.post.tries() == ["1 temporary no_journal"])
        #expect(await desk.received() == 0)
    }

    @Test func `a process that was told of no journal does not send where one is kept, unless it is told to`()
        async throws
    {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        try await desk.post.enqueue(desk.post.reminder(to: "adam"))
        try await desk.work(SendJournal(keyRing: desk.post.keys))
        #expect(try await desk.post.states() == ["confirmed 1", "planned 0"])
        #expect(try await troubles(desk) == ["not_configured"])
        try await desk.work(SendJournal("off", keyRing: desk.post.keys))
        #expect(try await desk.post.states() == ["confirmed 1", "confirmed 1"])
    }

    @Test func `files that are gone stop sending until somebody has seen it`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        try await desk.work()
        try await desk.post.database.database.transaction(.portal(Post.warsaw)) { [queue = desk.post.queue] session in
            _ = try queue.enqueue(SweepMessages.self, portal: Post.warsaw, payload: NoPayload(), in: session)
        }
        try await desk.work()
        #expect(try await desk.fences() == [])
        for file in try desk.folder.files() { try FileManager.default.removeItem(atPath: file) }
        try await desk.post.enqueue(desk.post.reminder(to: "adam"))
        try await desk.work()
        #expect(try await desk.post.states() == ["confirmed 1", "planned 0"])
        #expect(try await desk.fences() == ["1 files_missing"])
        try await desk.mark()
        try await desk.work()
        #expect(try await desk.post.states() == ["confirmed 1", "confirmed 1"])
    }

    @Test func `a file that was read late and removed for its age is not missed`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        let old = try desk.folder.files()
        let longAgo: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSinceNow: -91 * 86_400)]
        for file in old { try FileManager.default.setAttributes(longAgo, ofItemAtPath: file) }
        try await desk.post.database.sql("DELETE FROM journal_mark")
        try await desk.post.enqueue(desk.post.reminder(to: "adam"))
        try await desk.work()
        for file in old { try FileManager.default.removeItem(atPath: file) }
        try await desk.post.enqueue(desk.post.reminder(to: "ewa"))
        try await desk.work()
        #expect(try await desk.fences() == [])
        #expect(Set(try await desk.post.states()) == ["confirmed 1"])
    }

    @Test func `a database that was away for longer than files are kept stops too`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        try await desk.post.database.sql("UPDATE journal_mark SET compared_at = now() - interval '93 days'")
        try await desk.post.enqueue(desk.post.reminder(to: "adam"))
        try await desk.work()
        #expect(try await desk.fences() == ["1 too_old"])
    }

    @Test func `another installation's file and a damaged one stop sending`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        let stranger = SendJournal(desk.folder.path, keyRing: try .ephemeral())
        try await stranger.writer.ready()
        try await desk.work()
        #expect(try await troubles(desk) == ["foreign"])
        for file in try desk.folder.files() { try FileManager.default.removeItem(atPath: file) }
        _ = FileManager.default.createFile(atPath: "\(desk.folder.path)/a.journal", contents: Data("nonsense\n".utf8))
        try await desk.work()
        #expect(try await troubles(desk) == ["unreadable"])
        #expect(try await desk.post.states() == ["planned 0"])
    }

    @Test func `a mark needs a reason, a fence that stands, and the whole list`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        try await desk.forgetAttempts()
        try await desk.work()
        let fence = try await desk.fences()
        await #expect(throws: MarkFence.Refusal.reasonMissing) { try await desk.mark { $0.reason = " \n" } }
        await #expect(throws: MarkFence.Refusal.reasonTooLong) {
            try await desk.mark { $0.reason = String(repeating: "a", count: 301) }
        }
        await #expect(throws: MarkFence.Refusal.notThere) { try await desk.mark { $0.fence += 1 } }
        await #expect(throws: MarkFence.Refusal.grown) { try await desk.mark { $0.seen = 0 } }
        #expect(try await desk.fences() == fence)
        #expect(try await desk.post.column("SELECT 1 FROM audit_event WHERE action LIKE 'sending.%'") == [])
        try await desk.mark()
        await #expect(throws: MarkFence.Refusal.notThere) { try await desk.mark() }
    }
}
