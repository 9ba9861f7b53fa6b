import DeskKit
import Foundation
import TestKit
import Testing
import Transport

@testable import Messaging

@Suite struct GatewayTests {
    private func mail(_ peer: Peer) -> ProviderSettings {
        .smtp(.init(host: "127.0.0.1", port: peer.port, encryption: .none, user: ""))
    }

    private func kannel(_ peer: Peer, _ path: String = "kannel") -> ProviderSettings {
        .sms(.init(gateway: .kannel(url: "http://127.0.0.1:\(peer.port)/\(path)", sender: ""), user: "desk"))
    }

    @Test func `an e-mail reaches the server as it was written, under our own number`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.smtp()
        try await post.use(mail(peer))
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work()
        #expect(try await post.states() == ["confirmed 1"])
        let received = try await peer.next("message")
        #expect(received.recipients == ["zofia@example.test"] && received.sender == "desk@example.test")
        let reference = try #require(try await post.column("SELECT reference FROM message").first)
        #expect(received.data?.contains("Message-ID: <\(reference)@example.test>") == true)
        #expect(await peer.rest().isEmpty)
    }

    @Test(arguments: [
        ("unknown", "refused recipient_550 1", "1 permanent recipient_550"),
        ("spam", "refused final_554 1", "1 permanent final_554"),
        ("silent", "uncertain closed 1", "1 uncertain closed"),
    ])
    func `a server's refusal is final, its silence uncertain`(person: String, state: String, tried: String) async throws
    {
        let post = try await Post.make(local: false)
        let peer = try await Peer.smtp()
        try await post.use(mail(peer))
        try await post.enqueue(post.reminder(to: person))
        try await post.work()
        try await post.hurry()
        #expect(try await post.work() == 0)
        #expect(try await post.states() == [state])
        #expect(try await post.tries() == [tried])
        #expect(await peer.rest().count { $0.event == "message" } <= 1)
    }

    @Test func `a server's refusal for now is tried again`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.smtp()
        try await post.use(mail(peer))
        try await post.enqueue(post.reminder(to: "greylisted"))
        try await post.work()
        #expect(try await post.states() == ["planned 1"])
        try await post.hurry()
        try await post.work()
        #expect(try await post.tries() == ["1 temporary recipient_451", "2 temporary recipient_451"])
        try await post.database.sql("UPDATE job SET max_attempts = attempt + 1")
        try await post.hurry()
        try await post.work()
        #expect(try await post.states() == ["refused recipient_451 3"])
    }

    @Test func `Kannel gets the text as Unicode, the portal's sender, and the stored password`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.http()
        try await post.use(kannel(peer), secret: "p&w")
        #expect(try await post.column("SELECT (position('p&w'::bytea IN secret))::text FROM provider") == ["0"])
        try await post.enqueue(post.message())
        try await post.work()
        #expect(try await post.states() == ["confirmed 1"])
        let query = try #require(try await peer.next("request").query)
        #expect(query.contains("username=desk&password=p%26w&from=DESK&to=%2B48600100127"))
        #expect(query.contains("K7QX-99") && query.contains("si%C4%99"))
        #expect(query.hasSuffix("charset=UTF-8&coding=2"))
        #expect(await peer.rest().isEmpty)
        #expect(try await post.column("SELECT (content IS NULL)::text FROM message") == ["true"])
    }

    @Test func `a gateway that is away is tried again and takes it then, once`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.http()
        try await post.use(kannel(peer, "away"))
        try await post.enqueue(post.message())
        try await post.work()
        #expect(try await post.states() == ["planned 1"])
        #expect(try await post.column("SELECT (content IS NOT NULL)::text FROM message") == ["true"])
        try await post.use(kannel(peer))
        try await post.hurry()
        try await post.work()
        #expect(try await post.states() == ["confirmed 2"])
        #expect(try await post.tries() == ["1 temporary answer_503", "2 accepted"])
        #expect(await peer.rest().map(\.path) == ["/away", "/kannel"])
    }

    @Test(arguments: [
        ("wrong", "refused answer_400 1"), ("broken", "uncertain not_understood 1"), ("drop", "uncertain closed 1"),
        ("midway", "uncertain closed 1"),
    ])
    func `a gateway's refusal is final, a riddle uncertain, and neither goes out twice`(
        path: String,
        state: String
    ) async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.http()
        try await post.use(kannel(peer, path))
        try await post.enqueue(post.message())
        try await post.work()
        try await post.hurry()
        try await post.work()
        #expect(try await post.states() == [state])
        #expect(await peer.rest().count == 1)
    }

    @Test func `the gateway's own number is kept`() async throws {
        let post = try await Post.make(local: false)
        let peer = try await Peer.http()
        let gateway = SMSGateway(
            url: "http://127.0.0.1:\(peer.port)/id",
            placement: .json,
            parameters: [.init("to", "{to}"), .init("text", "{text}"), .init("ref", "{reference}")],
            successPattern: "^OK",
            idPattern: "id=([A-Z0-9-]+)"
        )
        try await post.use(.sms(.init(gateway: gateway, user: "")))
        try await post.enqueue(post.message())
        try await post.work()
        #expect(try await post.column("SELECT provider_reference FROM message") == ["ABC-77"])
        let reference = try #require(try await post.column("SELECT reference FROM message").first)
        #expect(try await peer.next("request").body?.contains(reference) == true)
    }

    @Test func `settings that cannot be used keep the message`() async throws {
        let post = try await Post.make(local: false)
        try await post.database.sql(
            "INSERT INTO provider (portal_id, name, channel, kind, settings) VALUES (1, 'x', 'sms', 'http_sms', '{}')"
        )
        try await post.enqueue(post.message())
        try await post.work()
        #expect(try await post.states() == ["planned 1"])
        #expect(try await post.tries() == ["1 temporary settings"])
    }
}
