import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import Portals
import Postgres
import TestKit
import Testing
import Transport

@testable import Access
@testable import DeskWeb
@testable import Messaging

@Suite struct ReceiptTests {
    /// A message handed over to a gateway that took it, as "number, reference".
    private func sent(_ console: Console, parts: Int = 1, state: String = "confirmed") async throws -> String {
        let post = console.post
        let settings = ProviderSettings.sms(
            .init(
                gateway: .kannel(url: "http://127.0.0.1:1/", sender: ""),
                user: "",
                receipt: .kannel
            )
        )
        if try await post.column("SELECT 1 FROM provider WHERE kind = 'http_sms'").isEmpty {
            try await post.use(settings)
        }
        let id = try await post.enqueue(post.message { $0.secret = false })
        try await post.database.sql(
            """
            UPDATE message SET state = 'handed_over', handed_at = now(), parts = \(parts),
                provider_id = (SELECT id FROM provider WHERE kind = 'http_sms') WHERE id = \(id);
            UPDATE message SET state = '\(state)', settled_at = now(), provider_reference = 'k-' || id WHERE id = \(id);
            """
        )
        return try #require(try await post.column("SELECT reference FROM message WHERE id = \(id)").first)
    }

    private func path(_ console: Console) async throws -> String {
        let id = try #require(try await console.post.column("SELECT id FROM provider WHERE kind = 'http_sms'").first)
        let provider = try #require(ProviderID(id))
        let address = ReceiptAddress(keyRing: console.post.keys, base: "")
        let url = address.url(portal: Post.warsaw, provider: provider, reference: UUID(), .kannel)
        return String(url.prefix { $0 != "?" })
    }

    private func tell(_ console: Console, _ query: String) async throws -> HTTPResponse.Status {
        try await console.get(try await path(console) + "?" + query, as: []).status
    }

    private func deliveries(_ console: Console) async throws -> [String] {
        try await console.post.column("SELECT concat_ws(' ', state, delivery) FROM message ORDER BY id")
    }

    @Test("a receipt moves its message on, twice is once, and never backwards")
    func onward() async throws {
        let console = try await Console.make(local: false)
        let reference = try await sent(console)
        #expect(try await tell(console, "ref=\(reference)&status=8&id=a") == .accepted)
        #expect(try await deliveries(console) == ["confirmed"])
        for _ in 1...2 { #expect(try await tell(console, "ref=\(reference)&status=1&id=a") == .accepted) }
        #expect(try await deliveries(console) == ["confirmed delivered"])
        #expect(try await tell(console, "ref=\(reference)&status=2&id=a") == .accepted)
        #expect(try await deliveries(console) == ["confirmed delivered"])
        await #expect(throws: PostgresError.self) {
            try await console.post.database.sql("UPDATE message SET delivery = 'undelivered'")
        }
    }

    @Test("in parts: delivered when every part is, undelivered when one is not")
    func parts() async throws {
        let console = try await Console.make(local: false)
        let whole = try await sent(console, parts: 2)
        let half = try await sent(console, parts: 2)
        _ = try await tell(console, "ref=\(whole)&status=1&id=a")
        _ = try await tell(console, "ref=\(whole)&status=1&id=a")
        #expect(try await deliveries(console).first == "confirmed")
        _ = try await tell(console, "ref=\(whole)&status=1&id=b")
        _ = try await tell(console, "ref=\(half)&status=1&id=c")
        _ = try await tell(console, "ref=\(half)&status=2&id=d")
        #expect(try await deliveries(console) == ["confirmed delivered", "confirmed undelivered"])
    }

    @Test("one that comes before our own row waits and is matched later; one for nobody stays and harms nothing")
    func early() async throws {
        let console = try await Console.make(local: false)
        _ = try await sent(console)
        let early = UUID()
        #expect(try await tell(console, "ref=\(early)&status=1&id=x") == .accepted)
        #expect(try await tell(console, "id=k-99&status=1") == .accepted)
        #expect(try await deliveries(console) == ["confirmed"])
        try await console.post.database.sql("UPDATE message SET reference = '\(early)'")
        let matched = try await console.post.database.workerDatabase.transaction(.portal(Post.warsaw)) { session in
            try session.one(MessagingQueries.matchReceipts, ["portal": Post.warsaw, "receipt": nil])
        }
        #expect(matched == 1)
        #expect(try await deliveries(console) == ["confirmed delivered"])
    }

    @Test("by the gateway's own number where it knows no other; what was uncertain is settled by it")
    func ownNumber() async throws {
        let console = try await Console.make(local: false)
        _ = try await sent(console, state: "uncertain")
        _ = try await sent(console, state: "uncertain")
        #expect(try await tell(console, "id=k-1&status=1") == .accepted)
        #expect(try await tell(console, "id=k-2&status=16") == .accepted)
        #expect(try await deliveries(console) == ["confirmed delivered", "refused undelivered"])
        let page = try await console.get("/messaging/warsaw/1", as: [.helpdesk])
        #expect(
            page.body.contains("Delivered to the phone") && page.body.contains("A receipt of the gateway settled it.")
        )
    }

    @Test("without the right address nothing is taken, and what names no message or status is refused")
    func strangers() async throws {
        let console = try await Console.make(local: false)
        let reference = try await sent(console)
        let right = try await path(console)
        for wrong in [
            right + "0", String(right.dropLast()) + "g", right.replacing("/1/", with: "/2/"), "/api/receipts/1/x/y",
        ] {
            #expect(try await console.get("\(wrong)?ref=\(reference)&status=1", as: []).status == .notFound, "\(wrong)")
        }
        #expect(try await tell(console, "status=1") == .badRequest)
        #expect(try await tell(console, "ref=\(reference)") == .badRequest)
        #expect(try await tell(console, "ref=nobody&status=1") == .badRequest)
        #expect(try await console.post.column("SELECT id FROM receipt").isEmpty)
    }

    @Test("a receipt is read by the words of its gateway and keeps nothing personal")
    func read() {
        let words = ReceiptWords(
            reference: "ref",
            id: "msgid",
            status: "state",
            delivered: "(?i)^deliv",
            failed: "UNDEL"
        )
        let reference = UUID()
        let receipt = Receipt(
            ["ref": "\(reference)", "msgid": "7", "state": "DELIVRD to +48600100127", "text": "Kod K7QX-99"],
            words
        )
        #expect(receipt?.outcome == .delivered && receipt?.reference == reference)
        #expect(receipt?.providerReference == "7")
        #expect(receipt?.word.contains("600100127") == false)
        #expect(Receipt(["msgid": "7", "state": "UNDELIV"], words)?.outcome == .failed)
        #expect(Receipt(["msgid": "7", "state": "ENROUTE"], words)?.outcome == .underway)
    }

    @Test("Kannel is asked for receipts where this installation can be reached, and not asked where it cannot")
    func asked() async throws {
        let console = try await Console.make(local: false)
        let peer = try await Peer.http()
        var gateway = SMSGateway.kannel(url: "http://127.0.0.1:\(peer.port)/kannel", sender: "")
        gateway.parameters.append(.init("dlr-url", "{receipt_url}&status=%d&id=%F"))
        try await console.post.use(.sms(.init(gateway: gateway, user: "", receipt: .kannel)), secret: "x")
        for base in ["https://desk.example.test", nil] {
            let gateways = Gateways(keyRing: console.post.keys, publicURL: base) { _ in ("A", "a@example.test", "A") }
            let envelope = Envelope(
                portal: Post.warsaw,
                message: MessageID(1),
                client: nil,
                attempt: 1,
                reference: UUID(),
                channel: .sms,
                kind: "x",
                recipient: "+48600100127",
                content: MessageContent(subject: "", body: "x"),
                provider: try #require(
                    try await console.post.database.database.read(.portal(Post.warsaw)) { session in
                        try session.first(
                            MessagingQueries.activeProvider,
                            ["portal": Post.warsaw, "channel": "sms"]
                        )
                    }
                )
            )
            _ = await gateways.send(envelope)
            let query = try #require(try await peer.next("request").query)
            #expect(query.contains("dlr-url=https%3A%2F%2Fdesk.example.test%2Fapi%2Freceipts%2F1%2F") == (base != nil))
            #expect(query.contains("dlr-url") == (base != nil))
        }
    }
}
