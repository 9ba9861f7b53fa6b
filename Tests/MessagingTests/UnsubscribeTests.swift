import DeskKit
import Foundation
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing
import Transport

@testable import DeskWeb
@testable import Messaging

@Suite struct UnsubscribeTests {
    /// Consent is needed for reminders here.
    private struct Offers: MaySend {
        func reasonNotToSend(
            _ kind: String,
            portal: PortalID,
            client: ClientID?,
            account: AccountID?,
            in session: Session
        ) throws -> String? { nil }

        func needsConsent(_ kind: String, portal: PortalID, in session: Session) throws -> Bool {
            kind.hasPrefix("reminders.")
        }
    }

    private func send(_ post: Post, _ peer: Peer, base: String?, _ kind: String) async throws -> String {
        try await post.use(.smtp(.init(host: "127.0.0.1", port: peer.port, encryption: .none, user: "")))
        let gateways = Gateways(keyRing: post.keys, publicURL: base) { _ in ("P", "desk@example.test", "DESK") }
        let sender = SendMessage(audit: post.audit, gateways: gateways, checks: [], maySend: Offers())
        let id = try await post.enqueue(
            post.message {
                ($0.kind, $0.channel, $0.secret) = (kind, .email, false)
                $0.recipient = "zofia@example.test"
                $0.values = [
                    "portal": "eBOK", "amount": "1 zł", "contract": "U/1", "due_date": "30 lis 2026",
                    "login": "zak", "support": "22 123",
                ]
            }
        )
        let database = post.database.workerDatabase
        let step = try await database.transaction(.portal(Post.warsaw)) { session in
            try sender.handOver(id, portal: Post.warsaw, in: session)
        }
        guard case .go(let envelope) = step else { return "" }
        _ = await gateways.send(envelope)
        return try #require(try await peer.next("message").data)
    }

    @Test("an e-mail that needs consent says how to take it back, by one click where we are reached over TLS")
    func headers() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.smtp()
        let click = try await send(post, peer, base: "https://desk.example.test", "reminders.payment")
        let reference = try #require(try await post.column("SELECT reference FROM message").first)
        let address = UnsubscribeAddress(keyRing: post.keys, base: nil)
        let path = address.path(Post.warsaw, try #require(UUID(uuidString: reference)))
        // One address in one piece, whatever the lines are folded to.
        let unfolded = click.replacing("\r\n ", with: " ").replacing("\n ", with: " ")
        #expect(unfolded.contains("List-Unsubscribe: <https://desk.example.test\(path)>"))
        #expect(click.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
        for base in ["http://desk.example.test", nil] {
            let mail = try await send(post, peer, base: base, "reminders.payment")
            #expect(mail.contains("List-Unsubscribe: <mailto:desk@example.test?subject=unsubscribe>"))
            #expect(!mail.contains("List-Unsubscribe-Post"))
        }
        let owed = try await send(post, peer, base: "https://desk.example.test", "accounts.unlocked")
        #expect(!owed.contains("List-Unsubscribe"))
    }

    @Test("a look changes nothing, a click takes back, and the page speaks the message's language")
    func click() async throws {
        let console = try await Console.make()
        try await console.post.enqueue(console.post.reminder(to: "zofia"))
        let number = try #require(try await console.post.column("SELECT reference FROM message").first)
        let reference = try #require(UUID(uuidString: number))
        let path = UnsubscribeAddress(keyRing: console.post.keys, base: nil).path(Post.warsaw, reference)
        let page = try await console.get(path, as: [])
        #expect(page.status == .ok && page.body.contains("lang=\"pl\"") && page.body.contains("action=\"\(path)\""))
        #expect(try await console.trail().isEmpty)
        for _ in 1...2 { #expect(try await console.post(path, as: []).status == .ok) }
        let trail = try await console.trail()
        #expect(trail.count == 1 && trail[0].hasPrefix("message.unsubscribed "))
        #expect(trail[0].contains("reminders.payment"))
    }

    @Test("without the right address there is nothing")
    func strangers() async throws {
        let console = try await Console.make()
        let address = UnsubscribeAddress(keyRing: console.post.keys, base: nil)
        let unknown = address.path(Post.warsaw, UUID())
        for path in [unknown, String(unknown.dropLast()) + "g", unknown.replacing("/1/", with: "/2/")] {
            #expect(try await console.post(path, as: []).status == .notFound)
        }
    }
}
