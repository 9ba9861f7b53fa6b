import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Messaging
@testable import Transport

@Suite struct SuppressionTests {
    private func list(_ post: Post) async throws -> [String] {
        try await post.column("SELECT concat_ws(' ', channel, hint, reason, lifted_by) FROM suppression ORDER BY id")
    }

    /// Puts a number on the list, as the desk does from a message's page.
    private func suppress(
        _ console: Console,
        _ message: MessageID,
        _ reason: String = "number_refused"
    ) async throws -> Console.Answer {
        try await console.post("/messaging/warsaw/\(message)/suppress", ["suppress": reason], as: [.helpdesk])
    }

    @Test("what a person put on the list is cancelled just before the wire, whatever kind it is")
    func byHand() async throws {
        let console = try await Console.make()
        let post = console.post
        let first = try await post.enqueue(post.message())
        try await post.work()
        let answer = try await suppress(console, first)
        #expect(answer.status == .seeOther)
        #expect(try await list(post) == ["sms +48 ••• ••• 127 number_refused"])
        try await post.enqueue(post.message())
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.enqueue(post.message { $0.portal = Post.budapest })
        try await post.work()
        #expect(
            try await post.states()
                == ["confirmed 1", "cancelled number_refused 0", "confirmed 1", "confirmed 1"]
        )
        #expect(try await console.trail().last?.contains("suppression.set Eva") == true)
        #expect(try await console.trail().last?.contains("600100127") == false)
        #expect(try await suppress(console, first).status == .seeOther)
        #expect(try await list(post).count == 1)
    }

    @Test("who opted out still gets the codes they ask for")
    func optedOut() async throws {
        let console = try await Console.make()
        let post = console.post
        let first = try await post.enqueue(post.message())
        try await post.work()
        _ = try await suppress(console, first, "opted_out")
        try await post.enqueue(post.message())
        try await post.enqueue(
            post.message {
                ($0.kind, $0.secret) = ("reminders.payment", false)
                $0.values = ["portal": "eBOK", "amount": "1 zł", "contract": "U/1", "due_date": "30 lis 2026"]
            }
        )
        try await post.work()
        #expect(try await post.states() == ["confirmed 1", "confirmed 1", "cancelled opted_out 0"])
    }

    @Test("an address that its server does not know comes onto the list by itself; a policy's refusal does not")
    func bounced() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.smtp()
        try await post.use(.smtp(.init(host: "127.0.0.1", port: peer.port, encryption: .none, user: "")))
        try await post.enqueue(post.reminder(to: "unknown"))
        try await post.work()
        #expect(try await list(post) == ["email u•••@example.test bounced"])
        try await post.enqueue(post.reminder(to: "Unknown"))
        try await post.work()
        #expect(try await post.states() == ["refused recipient_550 1", "cancelled bounced 0"])
        let reply = { (text: String) in
            GatewayAnswer(.permanent(Reply(stage: .recipient, code: 550, text: text)))
        }
        #expect(reply("550 5.7.1 blocked by policy") == .permanent(code: "recipient_550"))
        #expect(reply("550 5.1.1 no such user") == .noMailbox(code: "recipient_550"))
        #expect(reply("550 no such user") == .noMailbox(code: "recipient_550"))
    }

    @Test("what goes to a closed account is cancelled, but not the word that it was closed")
    func closed() async throws {
        let post = try await Post.make()
        try await post.database.sql(
            """
            INSERT INTO account (portal_id, id, login, state, person_name, language) OVERRIDING SYSTEM VALUE
            VALUES (1, 9, 'zak', 'closed', 'Łukasz Żak', 'pl');
            INSERT INTO template (portal_id, kind, channel, language, version, body)
            VALUES (1, 'requests.closed', 'sms', 'pl', 1, 'Konto jest zamknięte.');
            """
        )
        try await post.enqueue(post.message { $0.account = AccountID(9) })
        try await post.enqueue(post.message { ($0.account, $0.kind) = (AccountID(9), "requests.closed") })
        try await post.work()
        #expect(try await post.states() == ["cancelled account_closed 0", "confirmed 1"])
    }

    @Test("a person lifts it once, and it is written to again")
    func lifted() async throws {
        let console = try await Console.make()
        let post = console.post
        let first = try await post.enqueue(post.message())
        try await post.work()
        _ = try await suppress(console, first)
        let path = "/messaging/suppressions/warsaw/1/lift"
        #expect(try await console.post(path, as: [.auditor]).status == .forbidden)
        #expect(try await console.post("/messaging/suppressions/budapest/1/lift", as: [.helpdesk]).status == .notFound)
        async let one = console.post(path, as: [.helpdesk])
        async let two = console.post(path, as: [.helpdesk], staff: 2)
        #expect(try await [one.status, two.status] == [.seeOther, .seeOther])
        #expect(try await console.trail().filter { $0.hasPrefix("suppression.lifted") }.count == 1)
        try await post.enqueue(post.message())
        try await post.work()
        #expect(try await post.states() == ["confirmed 1", "confirmed 1"])
    }

    @Test("the list says where nobody writes, in every language", arguments: Language.allCases)
    func page(language: Language) async throws {
        let console = try await Console.make()
        let first = try await console.post.enqueue(console.post.message())
        let empty = try await console.get("/messaging/suppressions", as: [.helpdesk], language: language)
        #expect(empty.status == .ok && !empty.body.contains("<table"))
        _ = try await suppress(console, first)
        let full = try await console.get("/messaging/suppressions", as: [.helpdesk], language: language)
        #expect(full.body.contains("+48 ••• ••• 127") && full.body.contains("/messaging/suppressions/warsaw/1/lift"))
        let reader = try await console.get("/messaging/suppressions", as: [.auditor], language: language)
        #expect(!reader.body.contains("/lift"))
        #expect(try await console.get("/messaging/suppressions", as: [.verifier]).status == .forbidden)
    }

    @Test("a reason has to be chosen, and a message of another portal is not found")
    func wrong() async throws {
        let console = try await Console.make()
        let first = try await console.post.enqueue(console.post.message())
        #expect(try await suppress(console, first, "because").status == .seeOther)
        #expect(try await list(console.post).isEmpty)
        #expect(
            try await console.post(
                "/messaging/warsaw/77/suppress",
                ["suppress": "bounced"],
                as: [.helpdesk]
            ).status == .notFound
        )
    }
}
