import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct MessagePagesTests {
    @Test func `the list shows what was sent, newest first, with masked recipients`() async throws {
        let console = try await Console.make()
        try await console.post.enqueue(console.post.message())
        try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.work()
        let answer = try await console.get("/messaging", as: [.helpdesk])
        #expect(answer.status == .ok)
        let reminder = try #require(answer.body.firstRange(of: "Payment reminder"))
        let code = try #require(answer.body.firstRange(of: "Code for the first sign-in"))
        #expect(reminder.lowerBound < code.lowerBound)
        #expect(answer.body.contains("+48 ••• ••• 127") && answer.body.contains("z•••@example.test"))
        #expect(answer.body.contains("Delivered") && answer.body.contains("Łukasz Żak"))
        #expect(!answer.body.contains("600100127") && !answer.body.contains("K7QX"))
        #expect(answer.body.contains("/messaging/inbox\"") && !answer.body.contains("/messaging/templates\""))
        #expect(try await console.get("/messaging", as: [.scheduler]).body.contains("/messaging/templates\""))
    }

    @Test(arguments: [("state=planned", 1), ("state=confirmed", 2), ("channel=email", 1), ("portal=warsaw", 3)])
    func `each filter narrows the list`(query: String, count: Int) async throws {
        let console = try await Console.make()
        try await console.post.enqueue(console.post.message())
        try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.work()
        try await console.post.enqueue(console.post.message())
        let answer = try await console.get("/messaging?\(query)", as: [.auditor])
        #expect(answer.body.ranges(of: "href=\"/messaging/warsaw/").count == count)
    }

    @Test func `pages go on by key and back`() async throws {
        let console = try await Console.make()
        for _ in 0..<60 { try await console.post.enqueue(console.post.reminder(to: "zofia")) }
        let first = try await console.get("/messaging", as: [.auditor])
        #expect(first.body.contains("/messaging/warsaw/60\"") && !first.body.contains("/messaging/warsaw/10\""))
        let second = try await console.get("/messaging?after=\(key("after=", first.body))", as: [.auditor])
        #expect(second.body.contains("/messaging/warsaw/10\"") && second.body.contains("/messaging/warsaw/1\""))
        let back = try await console.get("/messaging?before=\(key("before=", second.body))", as: [.auditor])
        #expect(back.body.contains("/messaging/warsaw/60\"") && back.body.contains("/messaging/warsaw/11\""))
    }

    private func key(_ mark: String, _ body: String) -> Substring {
        guard let range = body.firstRange(of: mark) else { return "" }
        return body[range.upperBound...].prefix { $0 != "\"" && $0 != "&" }
    }

    @Test func `another portal's message is not there`() async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(
            console.post.message {
                $0.portal = Post.budapest
                $0.language = "hu"
            }
        )
        for path in ["/messaging/budapest/\(id)", "/messaging/warsaw/\(id)", "/messaging/nowhere/\(id)"] {
            #expect(try await console.get(path, as: [.helpdesk]).status == .notFound)
            let post = try await console.post(
                "\(path)/decide",
                ["verdict": "arrived", "grounds": "client"],
                as: [.helpdesk]
            )
            #expect(post.status == .notFound)
            let reveal = try await console.post("\(path)/reveal", ["purpose": "caller"], as: [.helpdesk])
            #expect(reveal.status == .notFound)
        }
        #expect(try await console.get("/messaging/warsaw/x", as: [.helpdesk]).status == .badRequest)
        #expect(try await console.trail().isEmpty)
        #expect(!(try await console.get("/messaging", as: [.helpdesk])).body.contains("Kis Ákos"))
    }

    @Test(arguments: [
        ("/messaging", Role.verifier), ("/messaging/uncertain", .administrator), ("/messaging/warsaw/1", .verifier),
        ("/messaging/providers", .helpdesk), ("/messaging/providers/warsaw/new?kind=smtp", .scheduler),
        ("/messaging/providers/warsaw/1", .auditor), ("/messaging/templates", .helpdesk),
    ])
    func `who lacks the right is told so`(path: String, role: Role) async throws {
        let console = try await Console.make()
        try await console.post.enqueue(console.post.message())
        #expect(try await console.get(path, as: [role]).status == .forbidden)
    }

    @Test func `a text is shown after its look was recorded, with the whole recipient`() async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.work()
        let path = "/messaging/warsaw/\(id)"
        let closed = try await console.get(path, as: [.helpdesk])
        #expect(!closed.body.contains("zofia@example.test") && !closed.body.contains("Dzień dobry"))
        let open = try await console.post("\(path)/reveal", ["purpose": "complaint"], as: [.helpdesk])
        #expect(open.status == .ok)
        #expect(open.body.contains("zofia@example.test") && open.body.contains("Dzień dobry"))
        #expect(
            try await console.trail()
                == [#"message.revealed Eva {"kind": "reminders.payment", "purpose": "complaint"}"#]
        )
        let again = try await console.get(path, as: [.helpdesk])
        #expect(again.body.contains("Text of a message read (Payment reminder): complaint"))
    }

    @Test func `a look needs a purpose and both rights`() async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        let path = "/messaging/warsaw/\(id)/reveal"
        #expect(try await console.post(path, as: [.helpdesk]).status == .unprocessableContent)
        #expect(try await console.post(path, ["purpose": "caller"], as: [.scheduler]).status == .forbidden)
        #expect(try await console.post(path, ["purpose": "caller"], as: [.verifier]).status == .forbidden)
        #expect(try await console.trail().isEmpty)
    }

    @Test(arguments: [true, false])
    func `a code is never shown, sent or not`(isSent: Bool) async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.message())
        if isSent { try await console.post.work() }
        let answer = try await console.post(
            "/messaging/warsaw/\(id)/reveal",
            ["purpose": "caller"],
            as: [.helpdesk]
        )
        #expect(answer.status == .unprocessableContent && !answer.body.contains("K7QX"))
        #expect(try await console.trail().isEmpty)
    }

    @Test func `an erased client's text says that its key is gone`() async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.work()
        try await console.post.database.sql("UPDATE subject_key SET wrapped = NULL, destroyed_at = now()")
        let answer = try await console.post(
            "/messaging/warsaw/\(id)/reveal",
            ["purpose": "checking"],
            as: [.helpdesk]
        )
        #expect(answer.status == .ok && answer.body.contains("key of this text was destroyed"))
    }

    @Test(arguments: Language.allCases)
    func `every page renders in every language`(language: Language) async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.enqueue(console.post.message())
        try await console.post.work()
        try await console.post.database.sql(
            """
            UPDATE message_attempt SET outcome = 'uncertain', code = 'answer_500';
            UPDATE provider SET version = 1;
            INSERT INTO gateway (portal_id, provider_id, failures, reason, open_until)
                VALUES (1, 1, 5, 'connect', now() + interval '1 hour')
            """
        )
        let uncertain = try await console.post.enqueue(console.post.reminder(to: "adam"))
        try await console.post.database.sql(
            """
            UPDATE message SET state = 'handed_over' WHERE id = \(uncertain);
            UPDATE message SET state = 'uncertain', reason = 'timed_out', settled_at = now() WHERE id = \(uncertain)
            """
        )
        let paths = [
            "/messaging", "/messaging/uncertain", "/messaging/warsaw/\(id)", "/messaging/warsaw/\(uncertain)",
            "/messaging/inbox", "/messaging/inbox?channel=sms", "/messaging/providers", "/messaging/templates",
            "/messaging/providers/warsaw/1", "/messaging?state=cancelled",
        ]
        let kinds = ProviderPreset.allCases.map { "/messaging/providers/warsaw/new?kind=\($0.rawValue)" }
        for path in paths + kinds {
            let answer = try await console.get(path, as: Set(Role.allCases), language: language)
            #expect(answer.status == .ok, "\(path)")
            #expect(answer.body.contains("lang=\"\(language.rawValue)\""), "\(path)")
            #expect(!answer.body.contains("messaging."), "\(path)")
        }
    }

    @Test func `the client's page gets its rows`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        try await post.enqueue(post.reminder(to: "zofia"))
        let rows = try await post.database.database.read(.portal(Post.warsaw)) { session in
            try MessagesOfClient().rows(client: Post.client, portal: Post.warsaw, limit: 10, in: session)
        }
        #expect(rows.map(\.kind) == ["reminders.payment", "accounts.first_code"])
        #expect(rows.map(\.hint) == ["z•••@example.test", "+48 ••• ••• 127"])
    }
}
