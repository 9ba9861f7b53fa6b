import DeskKit
import Foundation
import Portals
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct BounceTests {
    /// A report of a mail server, as Postfix writes it.
    private static func report(
        _ reference: String,
        action: String = "failed",
        status: String = "5.1.1",
        returned: String = "text/rfc822-headers",
        encoding: String = "7bit"
    ) -> String {
        let fields = """
            Reporting-MTA: dns; mx.example.test
            Arrival-Date: Sat, 21 Nov 2026 09:00:00 +0100 (CET)

            Final-Recipient: rfc822; zofia@example.test
            Original-Recipient: rfc822;zofia@example.test
            Action: \(action)
            Status: \(status)
            Diagnostic-Code: smtp; 550 5.1.1 <zofia@example.test>: Recipient address
                rejected: User unknown
            """
        let body = encoding == "base64" ? Data(fields.utf8).base64EncodedString() : fields
        return """
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.test (Mail Delivery System)
            To: desk@example.test
            Subject: Undelivered Mail Returned to Sender
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status;
                boundary="7B9C/mx.example.test"

            --7B9C/mx.example.test
            Content-Type: text/plain; charset=us-ascii

            I'm sorry to have to inform you.

            --7B9C/mx.example.test
            Content-Type: message/delivery-status
            Content-Transfer-Encoding: \(encoding)

            \(body)

            --7B9C/mx.example.test
            Content-Type: \(returned)

            Received: by mx.example.test
            Message-ID: <\(reference)@example.test>
            Subject: =?utf-8?q?P=C5=82atno=C5=9B=C4=87?=

            --7B9C/mx.example.test--
            """
    }

    /// An e-mail that its server took, and its number.
    private func sent(_ post: Post, to person: String = "zofia") async throws -> String {
        let id = try await post.enqueue(post.reminder(to: person))
        try await post.work()
        return try #require(try await post.column("SELECT reference FROM message WHERE id = \(id)").first)
    }

    private func take(_ post: Post, _ text: String) async throws -> TakeBounces.Tally {
        try await TakeBounces(audit: post.audit, keyRing: post.keys).run(Data(text.utf8), in: post.database.database)
    }

    private func states(_ post: Post) async throws -> [String] {
        try await post.column("SELECT concat_ws(' ', state, delivery) FROM message ORDER BY id")
    }

    private func list(_ post: Post) async throws -> [String] {
        try await post.column("SELECT concat_ws(' ', channel, hint, reason, client_id, set_by) FROM suppression")
    }

    @Test("a mailbox that does not exist is noted at its message and not written to again, with its line in the trail")
    func unknown() async throws {
        let post = try await Post.make()
        let tally = try await take(post, Self.report(try await sent(post)))
        #expect(tally == TakeBounces.Tally(failed: 1, suppressed: 1))
        #expect(try await states(post) == ["confirmed undelivered"])
        #expect(try await list(post) == ["email z•••@example.test bounced 5"])
        #expect(
            try await post.column("SELECT concat_ws(' ', action, actor_kind, facts) FROM audit_event")
                == [#"suppression.set command_line {"reason": "bounced", "channel": "email"}"#]
        )
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work()
        #expect(try await states(post) == ["confirmed undelivered", "cancelled"])
    }

    @Test("the same report twice changes nothing more, and a later delivery is not taken back by an older failure")
    func twice() async throws {
        let post = try await Post.make()
        let reference = try await sent(post)
        let failure = Self.report(reference, status: "4.4.7")
        #expect(try await take(post, failure) == TakeBounces.Tally(failed: 1))
        #expect(try await take(post, failure).failed == 1)
        #expect(try await post.column("SELECT word FROM receipt") == ["4.4.7"])
        _ = try await take(post, Self.report(reference, action: "delivered", status: "2.0.0"))
        _ = try await take(post, Self.report(reference, status: "5.4.1"))
        #expect(try await states(post) == ["confirmed delivered"])
        #expect(try await list(post).isEmpty)
    }

    @Test(
        "only what says that there is no such mailbox keeps us from writing there",
        arguments: [
            ("failed", "5.1.1", 1), ("failed", "5.1.2", 1), ("failed", "5.1.10", 1), ("failed", "5.2.1", 1),
            ("failed", "5.1.8", 0), ("failed", "5.2.2", 0), ("failed", "5.7.1", 0), ("failed", "4.2.2", 0),
            ("delayed", "4.4.1", 0), ("relayed", "2.0.0", 0), ("expanded", "2.0.0", 0),
        ]
    )
    func reasons(action: String, status: String, suppressed: Int) async throws {
        let post = try await Post.make()
        let tally = try await take(post, Self.report(try await sent(post), action: action, status: status))
        #expect(tally.suppressed == suppressed)
        #expect(tally.failed == (action == "failed" ? 1 : 0) && tally.underway == (action == "failed" ? 0 : 1))
        #expect(try await states(post) == [action == "failed" ? "confirmed undelivered" : "confirmed"])
    }

    @Test("what was uncertain is settled by it")
    func uncertain() async throws {
        let post = try await Post.make()
        let reference = try await sent(post)
        _ = try await sent(post)
        try await post.database.sql(
            """
            ALTER TABLE message DISABLE TRIGGER message_moves_forward;
            UPDATE message SET state = 'uncertain' WHERE reference = '\(reference)'
            """
        )
        _ = try await take(post, Self.report(reference))
        #expect(try await states(post) == ["refused undelivered", "confirmed"])
    }

    @Test("a mailbox of many mails: reports, other mail, reports of nobody, and what is broken")
    func mailbox() async throws {
        let post = try await Post.make()
        let one = try await sent(post)
        let two = try await sent(post, to: "adam")
        let mails = [
            Self.report(one, returned: "message/rfc822"), "Subject: Re: payment\n\nPaid.\n\n>From Zofia",
            Self.report(two, encoding: "base64"), Self.report("nobody"), Self.report(UUID().uuidString),
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nhalf", "\u{FF}\u{0}",
            "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n--",
        ]
        let file = mails.map { "From MAILER-DAEMON Sat Nov 21 09:00:00 2026\n\($0)\n\n" }.joined()
        let tally = try await take(post, file.replacing("\n", with: "\r\n"))
        #expect(tally == TakeBounces.Tally(others: 4, forNobody: 2, failed: 2, suppressed: 2))
        #expect(try await states(post) == ["confirmed undelivered", "confirmed undelivered"])
    }

    @Test("whoever was erased is not looked up, and other portals' messages are found by their numbers")
    func erased() async throws {
        let post = try await Post.make()
        let reference = try await sent(post)
        try await post.database.sql("UPDATE subject_key SET wrapped = NULL, destroyed_at = now()")
        #expect(try await take(post, Self.report(reference)) == TakeBounces.Tally(failed: 1))
        try await post.enqueue(
            post.message {
                ($0.kind, $0.channel, $0.secret, $0.portal) = ("reminders.payment", .email, false, Post.budapest)
                ($0.recipient, $0.language) = ("akos@example.test", "hu")
                $0.values = ["portal": "P", "amount": "1 Ft", "contract": "U/1", "due_date": "2026. 11. 30."]
            }
        )
        try await post.work()
        let other = try #require(
            try await post.column("SELECT reference FROM message WHERE portal_id = 2").first
        )
        #expect(try await take(post, Self.report(other)) == TakeBounces.Tally(failed: 1, suppressed: 1))
        #expect(try await post.column("SELECT portal_id FROM suppression") == ["2"])
    }
}
