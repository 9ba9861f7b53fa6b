import Access
import DeskKit
import Foundation
import HTTPTypes
import JobRunner
import Portals
import Postgres
import TestKit
import Testing
import Transport

@testable import Messaging

/// An e-mail that goes with a PDF.
@Suite struct FileTests {
    static let pdf = Array("%PDF-1.7 ".utf8) + (0..<3_000).map { UInt8(truncatingIfNeeded: $0 * 7) }

    private func expecting(_ post: Post, to person: String = "zofia") async throws -> MessageID {
        var message = post.reminder(to: person)
        message.fileName = "Ответ 12.pdf"
        return try await post.enqueue(message)
    }

    private func bring(
        _ post: Post,
        _ bytes: [UInt8] = FileTests.pdf,
        to messages: [MessageID],
        portal: PortalID = Post.warsaw
    ) async throws {
        let outbox = post.outbox
        try await post.database.workerDatabase.transaction(.portal(portal)) {
            try outbox.attach(bytes, to: messages, portal: portal, in: $0)
        }
    }

    private func smtp(_ post: Post) async throws -> Peer {
        let peer = try await Peer.smtp()
        try await post.use(.smtp(.init(host: "127.0.0.1", port: peer.port, encryption: .none, user: "")))
        return peer
    }

    @Test func `it waits for its file and then arrives with the very bytes, once`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await smtp(post)
        let id = try await expecting(post)
        #expect(try await post.work() == 0)
        #expect(try await post.states() == ["planned 0"])
        try await bring(post, to: [id])
        #expect(try await post.work() == 1)
        try await post.hurry()
        #expect(try await post.work() == 0)
        #expect(try await post.states() == ["confirmed 1"])
        let received = try await peer.next("message")
        let file = Peer.Enclosure(name: "Ответ 12.pdf", type: "application/pdf", content: Data(Self.pdf))
        #expect(received.files == [file])
        #expect(received.data?.contains("Content-Type: multipart/mixed") == true)
        #expect(received.data?.contains("Content-Type: text/plain; charset=utf-8") == true)
        #expect(await peer.rest().isEmpty)
    }

    @Test func `it goes out with the file after a refusal for now, still once`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await smtp(post)
        let id = try await expecting(post, to: "full")
        try await bring(post, to: [id])
        try await post.work()
        #expect(try await post.states() == ["planned 1"])
        try await post.hurry()
        try await post.work()
        let files = await peer.rest().filter { $0.event == "message" }.map(\.files?.first?.content)
        #expect(files == [Data(Self.pdf), Data(Self.pdf)])
        #expect(try await post.tries() == ["1 temporary final_452", "2 temporary final_452"])
    }

    @Test func `the file is kept sealed, and what was brought does not change`() async throws {
        let post = try await Post.make()
        let id = try await expecting(post)
        try await bring(post, to: [id])
        try await bring(post, Array("%PDF-other".utf8), to: [id])
        let stored = try await post.database.sql(
            "SELECT bytes, position('%PDF'::bytea IN content), octet_length(content) > bytes FROM message_file"
        )
        #expect(stored.first?.compactMap { $0 } == ["\(Self.pdf.count)", "0", "t"])
        await #expect(throws: PostgresError.self) {
            try await post.database.sql("UPDATE message_file SET content = 'x', bytes = 1")
        }
        try await post.work()
        #expect(try await post.states() == ["confirmed 1"])
    }

    @Test func `of two who bring a file at once one does, and the message has one job`() async throws {
        let post = try await Post.make()
        let id = try await expecting(post)
        async let one: Void = bring(post, to: [id])
        async let two: Void = bring(post, Array("%PDF-two".utf8), to: [id])
        _ = try await (one, two)
        #expect(try await post.column("SELECT count(*)::text FROM job") == ["1"])
        #expect(try await post.work() == 1)
        #expect(try await post.states() == ["confirmed 1"])
    }

    @Test func `another portal brings no file, and one too large is refused with nothing done`() async throws {
        let post = try await Post.make()
        let id = try await expecting(post)
        try await bring(post, to: [id], portal: Post.budapest)
        let large = [UInt8](repeating: 65, count: (7 << 20) + 1)
        await #expect(throws: Outbox.Refusal.fileTooLarge) { try await bring(post, large, to: [id]) }
        #expect(try await post.work() == 0)
        #expect(try await post.column("SELECT coalesce(bytes, 0)::text FROM message_file") == ["0"])
    }

    @Test func `the sweep lets it wait, and gives it up when there is no file after a day`() async throws {
        let post = try await Post.make()
        let id = try await expecting(post)
        try await post.database.sql("UPDATE message SET planned_at = now() - interval '2 hours'")
        try await sweep(post)
        #expect(try await post.column("SELECT kind FROM job WHERE kind = 'messaging.send'").isEmpty)
        try await post.database.sql("UPDATE message SET planned_at = now() - interval '25 hours'")
        try await sweep(post)
        try await post.work()
        #expect(try await post.states() == ["refused file_missing 0"])
        try await bring(post, to: [id])
        #expect(try await post.work() == 0)
        #expect(try await post.states() == ["refused file_missing 0"])
    }

    @Test func `what was given up for want of its file is not sent again by e-mail without it`() async throws {
        let console = try await Console.make()
        let id = try await expecting(console.post)
        try await console.post.database.sql("UPDATE message SET planned_at = now() - interval '25 hours'")
        try await sweep(console.post)
        try await console.post.work()
        let again = ["channel": "email", "reason": "not_arrived"]
        let refused = try await console.post("/messaging/warsaw/\(id)/again", again, as: [.helpdesk])
        #expect(refused.status == .conflict && refused.body.contains("a print that was never made"))
        #expect(try await console.post.states() == ["refused file_missing 0"])
    }

    private func sweep(_ post: Post) async throws {
        let queue = post.queue
        _ = try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            try queue.enqueue(SweepMessages.self, portal: Post.warsaw, uniqueKey: "sweep", in: session)
        }
        try await post.work()
    }

    @Test func `a copy goes with the same file, a text message without, and the page names it`() async throws {
        let console = try await Console.make(local: false)
        let (post, peer) = (console.post, try await smtp(console.post))
        let id = try await expecting(post)
        let waiting = try await console.get("/messaging/warsaw/\(id)", as: [.helpdesk])
        #expect(waiting.body.contains("Ответ 12.pdf") && !waiting.body.contains("The PDF is attached"))
        try await bring(post, to: [id])
        try await post.work()
        let page = try await console.get("/messaging/warsaw/\(id)", as: [.helpdesk])
        #expect(page.body.contains("The PDF is attached"))
        let again = "/messaging/warsaw/\(id)/again"
        #expect(
            try await console.post(again, ["channel": "email", "reason": "not_arrived"], as: [.helpdesk]).status
                == .seeOther
        )
        try await post.work()
        #expect(try await post.states() == ["confirmed 1", "confirmed 1"])
        let files = await peer.rest().filter { $0.event == "message" }.map(\.files?.first?.content)
        #expect(files == [Data(Self.pdf), Data(Self.pdf)])
    }

    @Test func `the client reads the file's name in the built-in inbox`() async throws {
        let console = try await Console.make()
        let id = try await expecting(console.post)
        try await bring(console.post, to: [id])
        try await console.post.work()
        let inbox = try await console.get("/messaging/inbox", as: [.administrator])
        #expect(inbox.body.contains("Ответ 12.pdf"))
    }
}
