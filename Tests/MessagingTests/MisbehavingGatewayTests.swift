import DeskKit
import Foundation
import Portals
import TestKit
import Testing
import Transport

@testable import JobRunner
@testable import Messaging

/// Everything that a gateway can do but what it should.
@Suite struct MisbehavingGatewayTests {
    struct Way: Sendable, CustomTestStringConvertible {
        let path: String
        /// "state reason attempts" of its message, "attempt outcome code" of its try.
        let state: String
        let tried: String

        init(_ path: String, _ state: String, _ tried: String) {
            (self.path, self.state, self.tried) = (path, state, tried)
        }

        var testDescription: String { path }
    }

    private func provider(_ peer: Peer, _ path: String) -> ProviderSettings {
        let gateway = SMSGateway(
            url: "http://127.0.0.1:\(peer.port)/\(path)",
            placement: .query,
            parameters: [.init("to", "{to}"), .init("text", "{text}"), .init("ref", "{reference}")],
            successPattern: "^OK",
            idPattern: "id=(.*)",
            permanentPattern: "ERROR 21",
            temporaryPattern: "ERROR 12"
        )
        return .sms(.init(gateway: gateway, user: ""))
    }

    /// Works through with little patience.
    private func work(_ post: Post) async throws {
        let deadlines = SendDeadlines(connect: .seconds(2), total: .seconds(2))
        let gateways = Gateways(keyRing: post.keys, deadlines: deadlines) { _ in ("P", "desk@example.test", "DESK") }
        let worker = Worker(
            database: post.database.workerDatabase,
            registry: try JobRegistry([SendMessage(audit: post.audit, gateways: gateways, checks: [])]),
            configuration: WorkerConfiguration(host: "test", process: 1),
            logger: post.logger
        )
        try await worker.workThrough()
    }

    @Test(
        "whatever it does, the worker lives, neighbours get theirs, and the message is where the policy puts it",
        arguments: [
            Way("credit", "planned 1", "1 temporary answer_200"),
            Way("number", "refused answer_200 1", "1 permanent answer_200"),
            Way("error", "uncertain not_understood 1", "1 uncertain not_understood"),
            Way("html", "uncertain not_understood 1", "1 uncertain not_understood"),
            Way("empty", "uncertain not_understood 1", "1 uncertain not_understood"),
            Way("late", "uncertain timed_out 1", "1 uncertain timed_out"),
            Way("reset", "uncertain closed 1", "1 uncertain closed"),
            Way("midway", "uncertain closed 1", "1 uncertain closed"),
            Way("broken", "uncertain not_understood 1", "1 uncertain not_understood"),
            Way("away", "planned 1", "1 temporary answer_503"),
            Way("redirect", "planned 1", "1 temporary answer_302"),
            Way("cut", "confirmed 1", "1 accepted"),
            Way("badid", "confirmed 1", "1 accepted"),
            Way("bytes", "uncertain not_understood 1", "1 uncertain not_understood"),
        ]
    )
    func policy(way: Way) async throws {
        let post = try await Post.make()
        let peer = try await Peer.http()
        try await post.use(provider(peer, way.path))
        try await post.enqueue(post.message())
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.enqueue(
            post.message { ($0.portal, $0.recipient, $0.language) = (Post.budapest, "+36201234567", "hu") }
        )
        try await work(post)
        #expect(try await post.states() == [way.state, "confirmed 1", "confirmed 1"])
        #expect(try await post.tries().contains(way.tried))
        #expect(try await post.column("SELECT provider_reference FROM message").isEmpty)
        #expect(try await post.column("SELECT error_code FROM job WHERE state = 'quarantined'").isEmpty)
        let reason = try await post.column("SELECT reason FROM gateway WHERE failures > 0")
        #expect(reason.isEmpty == ["number", "cut", "badid"].contains(way.path))
    }

    @Test("a late answer is nobody else's: the next message gets its own")
    func late() async throws {
        let post = try await Post.make()
        let peer = try await Peer.http()
        try await post.use(provider(peer, "late"))
        try await post.enqueue(post.message())
        try await work(post)
        try await post.use(provider(peer, "after"))
        try await post.enqueue(post.message())
        try await work(post)
        #expect(try await post.states() == ["uncertain timed_out 1", "confirmed 1"])
        let numbers = try await post.column("SELECT coalesce(provider_reference, '-') FROM message ORDER BY id")
        #expect(numbers == ["-", "ABC-77"])
        #expect(Set(await peer.rest().map(\.connection)).count == 2)
    }
}
