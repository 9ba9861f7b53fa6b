import DeskKit
import Foundation
import Postgres
import TestKit
import Testing

@testable import Audit
@testable import JobRunner
@testable import Messaging

@Suite struct SendingTests {
    @Test func `the built-in provider keeps it once, and the code is wiped everywhere else`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        #expect(try await post.work() == 1)
        #expect(try await post.states() == ["confirmed 1"])
        #expect(try await post.tries() == ["1 accepted"])
        let inbox = try await post.database.sql("SELECT recipient, body FROM inbox_message")
        #expect(inbox.count == 1 && inbox.first?.first == "+48600100127")
        #expect(inbox.first?.last??.contains("K7QX-99") == true)
        #expect(
            try await post.column("SELECT (content IS NULL AND wiped_at IS NOT NULL)::text FROM message") == ["true"]
        )
        for table in ["message", "message_attempt", "job", "job_history", "audit_event", "run"] {
            let dump = try await post.database.value("SELECT coalesce(string_agg(x::text, ' '), '') FROM \(table) AS x")
            #expect(dump?.contains("K7QX-99") == false, "\(table)")
        }
    }

    @Test func `what holds no secret keeps its sealed text`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work()
        #expect(try await post.column("SELECT (content IS NOT NULL)::text FROM message") == ["true"])
        #expect(
            try await post.column("SELECT subject FROM inbox_message") == ["Płatność z terminem 30 listopada 2026"]
        )
    }

    @Test func `without a provider it waits, using up no try, and goes when there is one`() async throws {
        let post = try await Post.make(local: false)
        try await post.enqueue(post.message())
        #expect(try await post.work() == 1)
        #expect(try await post.states() == ["planned 0"])
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            try Providers.installLocal(Post.warsaw, in: session)
            try Providers.installLocal(Post.warsaw, in: session)
        }
        #expect(try await post.column("SELECT channel FROM provider ORDER BY 1") == ["email", "sms"])
        try await post.hurry()
        try await post.work()
        #expect(try await post.states() == ["confirmed 1"])
    }

    @Test func `what comes too late is cancelled and its code wiped`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message { $0.notAfter = Date(timeIntervalSinceNow: -1) })
        try await post.work()
        #expect(try await post.states() == ["cancelled too_late 0"])
        #expect(try await post.column("SELECT (content IS NULL)::text FROM message") == ["true"])
        #expect(try await post.column("SELECT body FROM inbox_message").isEmpty)
    }

    @Test func `the room that sent it is asked once more`() async throws {
        let post = try await Post.make()
        let first = try await post.enqueue(post.reminder(to: "zofia"))
        try await post.enqueue(post.reminder(to: "adam"))
        try await post.enqueue(post.message())
        try await post.work([PaidMeanwhile(message: first)])
        #expect(try await post.states() == ["cancelled paid 0", "confirmed 1", "confirmed 1"])
    }

    @Test func `a contact that changed after writing is where it goes, and the trail says so`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work([Moved(to: "adam@example.test")])
        #expect(try await post.states() == ["confirmed 1"])
        #expect(try await post.column("SELECT recipient FROM inbox_message") == ["adam@example.test"])
        #expect(try await post.column("SELECT recipient_hint FROM message") == ["a•••@example.test"])
        #expect(
            try await post.column("SELECT concat_ws(' ', action, actor_kind, client_id) FROM audit_event")
                == ["message.readdressed job 5"]
        )
    }

    @Test func `a contact that stayed leaves no line, and one that no gateway could take cancels`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work([Moved(to: "zofia@example.test")])
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work([Moved(to: "adam@example.test\r\nBcc: eva@example.test")])
        #expect(try await post.states() == ["confirmed 1", "cancelled bad_recipient 0"])
        #expect(try await post.column("SELECT action FROM audit_event").isEmpty)
    }

    @Test func `a destroyed key cancels it`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        try await post.database.sql("UPDATE subject_key SET wrapped = NULL, destroyed_at = now()")
        try await post.work()
        #expect(try await post.states() == ["cancelled erased 0"])
    }

    @Test func `two workers at once send each message once`() async throws {
        let post = try await Post.make()
        for _ in 0..<20 { try await post.enqueue(post.message()) }
        async let left = post.work(name: 1)
        async let right = post.work(name: 2)
        #expect(try await left + right == 20)
        #expect(try await post.states() == Array(repeating: "confirmed 1", count: 20))
        #expect(try await post.column("SELECT count(*) FROM inbox_message") == ["20"])
    }

    @Test(arguments: [
        ("confirmed", "planned"), ("confirmed", "handed_over"), ("refused", "planned"), ("cancelled", "planned"),
        ("uncertain", "planned"), ("uncertain", "handed_over"), ("confirmed", "refused"),
    ])
    func `a state never moves backwards, whoever writes it`(from: String, to: String) async throws {
        let post = try await Post.make()
        try await post.enqueue(post.reminder(to: "zofia"))
        let path = from == "cancelled" ? [from] : ["handed_over", from]
        for state in path { try await post.database.sql("UPDATE message SET state = '\(state)'") }
        await #expect(throws: PostgresError.self) {
            try await post.database.sql("UPDATE message SET state = '\(to)'")
        }
        #expect(try await post.column("SELECT state FROM message") == [from])
    }
}

/// Says of one message that its reason is gone.
private struct PaidMeanwhile: ChecksBeforeSending {
    let kindPrefix = "reminders."
    let message: MessageID

    func reasonToCancel(_ message: CheckedMessage, in session: Session) throws -> String? {
        message.id == self.message ? "paid" : nil
    }
}

/// Says of every message that its client is reached elsewhere by now.
private struct Moved: ChecksBeforeSending {
    let kindPrefix = "reminders."
    let place: String

    init(to place: String) {
        self.place = place
    }

    func reasonToCancel(_ message: CheckedMessage, in session: Session) throws -> String? { nil }
    func newRecipient(_ message: CheckedMessage, in session: Session) throws -> String? { place }
}
