import DeskKit
import Foundation
import Portals
import Postgres
import TestKit
import Testing
import Transport

@testable import Audit
@testable import JobRunner
@testable import Messaging

/// A post whose mail goes to a real server, and whose workers keep a journal.
struct JournaledPost {
    let post: Post
    let peer: Peer
    let folder: JournalFolder

    static func make() async throws -> JournaledPost {
        let made = JournaledPost(post: try await Post.make(local: false), peer: try await .smtp(), folder: try .init())
        try await made.post.use(
            .smtp(.init(host: "127.0.0.1", port: made.peer.port, encryption: .none, user: ""))
        )
        return made
    }

    /// What a process that starts now has.
    func journal() -> SendJournal { SendJournal(folder.path, keyRing: post.keys) }

    /// A worker that starts, does all there is, and ends.
    func work(_ journal: SendJournal? = nil) async throws {
        try await post.hurry()
        try await post.work(journal: journal ?? self.journal())
    }

    /// Back to what a backup from before the last hand-over would hold: planned, without attempts.
    func forgetAttempts() async throws {
        try await post.database.sql(
            """
            SET session_replication_role = replica;
            DELETE FROM message_attempt;
            DELETE FROM journal_mark;
            UPDATE message SET state = 'planned', attempts = 0, handed_at = NULL, settled_at = NULL, reason = NULL;
            DELETE FROM job;
            INSERT INTO job (portal_id, kind, queue, state, unique_key, payload, max_attempts)
            SELECT portal_id, 'messaging.send', 'messaging', 'ready', id::text, jsonb_build_object('message', id), 8
            FROM message;
            SET session_replication_role = origin
            """
        )
    }

    /// Back to a backup from before the messages were written.
    func forgetMessages() async throws {
        try await post.database.sql(
            """
            SET session_replication_role = replica;
            DELETE FROM message_attempt; DELETE FROM journal_mark; DELETE FROM message; DELETE FROM job;
            SET session_replication_role = origin
            """
        )
    }

    func mark(_ change: (inout (fence: Int64, seen: Int, reason: String)) -> Void = { _ in }) async throws {
        let lines = try await post.column("SELECT count(*) FROM journal_line").first.flatMap { Int($0) }
        let fence = try await post.column("SELECT max(id) FROM sending_fence").first.flatMap { Int64($0) }
        var said = (fence: fence ?? 0, seen: lines ?? 0, reason: "seen,  all of it")
        change(&said)
        let command = MarkFence(audit: post.audit, queue: post.queue)
        let order = MarkFence.Order(
            portal: Post.warsaw,
            fence: said.fence,
            seen: said.seen,
            reason: said.reason,
            staff: StaffID(1)
        )
        try await post.database.database.transaction(.portal(Post.warsaw, staff: StaffID(1))) { session in
            try command.run(order, by: .staff(StaffID(1), name: "Eva"), in: session)
        }
    }

    func fences() async throws -> [String] {
        try await post.column(
            """
            SELECT concat_ws(' ', f.portal_id, cause, reason, s.login)
            FROM sending_fence AS f LEFT JOIN staff AS s ON s.id = f.marked_by ORDER BY f.id
            """
        )
    }

    /// How many messages the server took; it ends with the question.
    func received() async -> Int { await peer.rest().count { $0.event == "message" } }
}

@Suite struct RestoreFenceTests {
    @Test func `each hand-over has its line, which names nobody, and the gateway's answer follows`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        let journal = desk.journal()
        try await desk.work(journal)
        try await journal.settle()
        let lines = try desk.folder.lines()
        #expect(lines.map { String($0.prefix(4)) } == ["> 1 ", "< 1 "])
        #expect(lines[0].contains(" 1 ") && lines[0].contains(" email reminders.payment "))
        #expect(lines[1].hasSuffix(" 1 accepted"))
        let reference = try #require(try await desk.post.column("SELECT reference FROM message").first)
        for secret in ["zofia", "example", "U/1", reference] {
            #expect(!lines.joined().contains(secret), "\(secret)")
        }
        #expect(try await desk.post.column("SELECT octet_length(journal) FROM message_attempt") == ["16"])
    }

    @Test func `the built-in provider leaves no line, since nothing leaves the house`() async throws {
        let post = try await Post.make()
        let folder = try JournalFolder()
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work(journal: SendJournal(folder.path, keyRing: post.keys))
        #expect(try await post.states() == ["confirmed 1"])
        #expect(try folder.lines() == [])
    }

    @Test func `a database that knows every line is not stopped, whoever starts`() async throws {
        let desk = try await JournaledPost.make()
        for person in ["zofia", "greylisted", "unknown", "silent", "adam"] {
            try await desk.post.enqueue(desk.post.reminder(to: person))
            try await desk.work()
        }
        #expect(try await desk.fences() == [])
        #expect(try await desk.post.states().filter { $0 == "confirmed 1" }.count == 2)
    }

    @Test func `a restored backup sends nothing until somebody has seen the list, and nothing of it again`()
        async throws
    {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        try await desk.forgetAttempts()
        try await desk.post.enqueue(desk.post.reminder(to: "adam"))
        try await desk.work()
        try await desk.work()
        #expect(try await desk.post.states() == ["planned 0", "planned 0"])
        #expect(try await desk.fences() == ["1 lines"])
        let listed = "SELECT concat_ws(' ', kind, channel, message_id, answer) FROM journal_line"
        let first = try await desk.post.column("SELECT min(id) FROM message")
        #expect(try await desk.post.column(listed) == ["reminders.payment email \(first[0]) accepted"])

        try await desk.mark()
        try await desk.work()
        #expect(try await desk.post.states() == ["confirmed journal 1", "confirmed 1"])
        #expect(try await desk.fences() == ["1 lines seen, all of it eva"])
        let trail =
            "SELECT concat_ws(' ', facts ->> 'count', facts ->> 'reason') FROM audit_event"
            + " WHERE action = 'sending.resumed'"
        #expect(try await desk.post.column(trail) == ["1 seen, all of it"])
        try await desk.work()
        #expect(try await desk.fences().count == 1)
        #expect(await desk.received() == 2)
    }

    @Test func `what is written anew with the same words to the same person is cancelled, once`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        try await desk.forgetMessages()
        for person in ["zofia", "adam"] { try await desk.post.enqueue(desk.post.reminder(to: person)) }
        try await desk.work()
        #expect(try await desk.fences() == ["1 lines"])
        try await desk.mark()
        try await desk.work()
        #expect(try await desk.post.states() == ["cancelled sent_before 0", "confirmed 1"])
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        #expect(try await desk.post.states() == ["cancelled sent_before 0", "confirmed 1", "confirmed 1"])
        #expect(await desk.received() == 3)
    }

    @Test func `a code that is made anew goes, since it is another one`() async throws {
        let desk = try await JournaledPost.make()
        func code() async throws {
            let message = desk.post.message { ($0.channel, $0.recipient) = (.email, "zofia@example.test") }
            try await desk.post.enqueue(message)
            try await desk.work()
        }
        try await desk.post.database.sql(
            "INSERT INTO template (portal_id, kind, channel, language, version, subject, body) VALUES"
                + " (1, 'accounts.first_code', 'email', 'pl', 9, 'Kod', '{{code}}')"
        )
        try await code()
        #expect(try desk.folder.lines().first?.hasSuffix(" -") == true)
        try await desk.forgetMessages()
        try await code()
        try await desk.mark()
        try await desk.work()
        #expect(try await desk.post.states() == ["confirmed 1"])
        #expect(await desk.received() == 2)
    }

    @Test func `what the gateway had not taken is tried again, what nobody knows waits as uncertain`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "greylisted"))
        try await desk.post.enqueue(desk.post.reminder(to: "silent"))
        try await desk.post.enqueue(desk.post.reminder(to: "unknown"))
        let journal = desk.journal()
        try await desk.work(journal)
        try await journal.settle()
        try await desk.forgetAttempts()
        try await desk.work()
        try await desk.mark()
        try await desk.work()
        #expect(
            try await desk.post.states() == ["planned 1", "uncertain journal 1", "refused journal 1"]
        )
        #expect(try await desk.post.tries() == ["1 temporary recipient_451"])
    }

    @Test func `a worker that died between its line and the gateway leaves a message that waits as uncertain`()
        async throws
    {
        let desk = try await JournaledPost.make()
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        let journal = desk.journal()
        try await CompareJournal(journal: journal).run(Post.warsaw, desk.post.database.workerDatabase)
        let job = try #require(try await desk.post.claim("dead"))
        let sender = desk.post.sender(journal: journal)
        let id = try job.decode(SendMessage.Order.self).message
        let step = try await job.transaction { try sender.handOver(id, portal: job.portal, in: $0) }
        guard case .go(let envelope) = step, let entry = envelope.entry else { throw JobFailure("not_handed_over") }
        try await journal.writer.append(.handOver(entry))
        try await desk.post.loseLeases()
        try await desk.work()
        #expect(try await desk.post.states() == ["uncertain abandoned 1"])
        #expect(try await desk.fences() == [])
        try await desk.forgetAttempts()
        try await desk.work()
        try await desk.mark()
        try await desk.work()
        #expect(try await desk.post.states() == ["uncertain journal 1"])
        #expect(await desk.received() == 0)
    }

    @Test func `letters to staff about the standstill go`() async throws {
        let desk = try await JournaledPost.make()
        try await desk.post.database.sql("INSERT INTO sending_fence (portal_id, cause) VALUES (1, 'lines')")
        try await desk.post.enqueue(
            desk.post.message {
                ($0.kind, $0.channel, $0.secret, $0.client) = ("operations.alarm", .email, false, nil)
                ($0.recipient, $0.values) = ("ola@example.test", ["what": "Sending stands still", "since": "9:00"])
            }
        )
        try await desk.post.enqueue(desk.post.reminder(to: "zofia"))
        try await desk.work()
        #expect(try await desk.post.states() == ["confirmed 1", "planned 0"])
    }
}
