import Audit
import DeskKit
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct GatewayGuardTests {
    private let post: Post
    private let sms: ProviderID
    private let email: ProviderID

    init() async throws {
        post = try await Post.make()
        let rows = try await post.database.sql(
            "SELECT id FROM provider WHERE portal_id = 1 ORDER BY channel DESC"
        )
        let ids = rows.compactMap { $0[0].flatMap { Int64($0) }.map { ProviderID($0) } }
        (sms, email) = (try #require(ids.first), try #require(ids.last))
    }

    private func guarding<T: Sendable>(
        _ provider: ProviderID,
        _ body: @escaping @Sendable (GatewayGuard, Session) throws -> T
    ) async throws -> T {
        let guardian = GatewayGuard(portal: Post.warsaw, provider: provider)
        return try await post.database.workerDatabase.transaction(.portal(Post.warsaw)) { try body(guardian, $0) }
    }

    private func delay(_ provider: ProviderID, _ turn: GatewayGuard.Turn = .init()) async throws -> Duration? {
        try await guarding(provider) { guardian, session in
            var guardian = guardian
            guardian.turn = turn
            return try guardian.delay(in: session)
        }
    }

    private func note(_ answer: GatewayAnswer, times: Int = 1) async throws {
        for _ in 0..<times { try await guarding(sms) { try $0.note(answer, in: $1) } }
    }

    @Test func `without a limit and without failures nothing waits and nothing is written`() async throws {
        for _ in 0..<3 { #expect(try await delay(sms) == nil) }
        try await note(.accepted(reference: nil))
        #expect(try await post.database.value("SELECT count(*) FROM gateway") == "0")
    }

    @Test func `a bucket holds what a second gives, and makes the rest wait`() async throws {
        try await post.database.sql("UPDATE provider SET per_minute = 180 WHERE id = \(sms)")
        #expect(try await delay(sms) == nil)
        #expect(try await post.database.value("SELECT tokens FROM gateway") == "2")
        // A clock ahead of us lets nothing flow in while the test runs.
        try await post.database.sql("UPDATE gateway SET tokens = 2, filled_at = now() + interval '1 hour'")
        let wait = try #require(try await delay(sms))
        #expect(wait >= .seconds(1) && wait <= .seconds(3))
        #expect(try await delay(email) == nil)
        try await post.database.sql("UPDATE gateway SET filled_at = now() - interval '1 hour'")
        #expect(try await delay(sms, .init(hasWaited: true)) == nil)
        #expect(try await post.database.value("SELECT tokens FROM gateway") == "2")
    }

    @Test func `each of many waits once, for a time of its own, and whoever comes later stands behind`() async throws {
        try await post.database.sql("UPDATE provider SET per_minute = 30 WHERE id = \(sms)")
        #expect(try await delay(sms) == nil)
        var waits: [Duration] = []
        for _ in 1...5 { waits.append(try #require(try await delay(sms))) }
        for (earlier, later) in zip(waits, waits.dropFirst()) {
            #expect(later > earlier + .seconds(1) && later < earlier + .seconds(3))
        }
        for _ in 1...5 {
            try await post.database.sql("UPDATE gateway SET filled_at = now() - interval '2 seconds', tokens = 0")
            #expect(try await delay(sms) != nil)
            #expect(try await delay(sms, .init(hasWaited: true)) == nil)
        }
    }

    @Test func `what is urgent waits in no line, and takes one token ahead of it at most`() async throws {
        try await post.database.sql("UPDATE provider SET per_minute = 30 WHERE id = \(sms)")
        for _ in 1...4 { _ = try await delay(sms) }
        try await post.database.sql("UPDATE gateway SET filled_at = now() + interval '1 second', tokens = 0.5")
        #expect(try await delay(sms, .init(isUrgent: true)) == nil)
        #expect(try await delay(sms, .init(isUrgent: true)) != nil)
        #expect(try await delay(sms, .init(hasWaited: true)) != nil)
    }

    @Test func `a message's own time is kept with it`() async throws {
        try await post.database.sql("UPDATE provider SET per_minute = 1 WHERE id = \(email)")
        for person in ["zofia", "adam"] { try await post.enqueue(post.reminder(to: person)) }
        _ = try await post.work()
        let places = try await post.database.sql("SELECT (slot_at > now())::text FROM message ORDER BY 1")
        #expect(places.map { $0[0] } == ["true", nil])
        try await post.database.sql(
            "UPDATE message SET slot_at = now(); UPDATE gateway SET filled_at = now() - interval '61 seconds'"
        )
        try await post.hurry()
        _ = try await post.work()
        #expect(try await post.states() == ["confirmed 1", "confirmed 1"])
    }

    @Test func `a slow bucket gives one, and the next after its minute`() async throws {
        try await post.database.sql("UPDATE provider SET per_minute = 1 WHERE id = \(sms)")
        #expect(try await delay(sms) == nil)
        #expect(try #require(try await delay(sms)) >= .seconds(60))
        try await post.database.sql("UPDATE gateway SET filled_at = now() - interval '61 seconds'")
        #expect(try await delay(sms, .init(hasWaited: true)) == nil)
    }

    @Test func `five failures in a row open the breaker, for longer each time`() async throws {
        try await note(.temporary(code: "connect"), times: 4)
        #expect(try await delay(sms) == nil)
        try await note(.uncertain(code: "timeout"))
        let first = try #require(try await delay(sms))
        #expect(first > .seconds(25) && first < .seconds(33))
        #expect(try await delay(email) == nil)
        try await note(.temporary(code: "connect"))
        #expect(try #require(try await delay(sms)) > .seconds(55))
        try await note(.temporary(code: "connect"), times: 30)
        #expect(try #require(try await delay(sms)) < .seconds(903))
    }

    @Test func `a success between, and a refused recipient, count against nobody`() async throws {
        try await note(.temporary(code: "connect"), times: 4)
        try await note(.accepted(reference: nil))
        try await note(.temporary(code: "recipient_450"), times: 9)
        try await note(.permanent(code: "recipient_550"), times: 9)
        try await note(.temporary(code: "connect"), times: 4)
        #expect(try await delay(sms) == nil)
    }

    @Test func `after its time one message tries, the others wait for it`() async throws {
        try await note(.temporary(code: "connect"), times: 5)
        try await post.database.sql("UPDATE gateway SET open_until = now() - interval '1 second'")
        #expect(try await delay(sms) == nil)
        #expect(try await delay(sms) != nil)
        try await note(.accepted(reference: nil))
        #expect(try await delay(sms) == nil)
        #expect(try await post.database.value("SELECT failures FROM gateway") == "0")
    }

    @Test func `a channel that is left alone stops nothing else, and its messages use up no attempt`() async throws {
        try await note(.temporary(code: "connect"), times: 5)
        try await post.enqueue(post.message())
        try await post.enqueue(post.reminder(to: "anna"))
        _ = try await post.work()
        let states = try await post.database.sql("SELECT channel || ' ' || state FROM message ORDER BY id")
        #expect(states.map { $0[0] } == ["sms planned", "email confirmed"])
        #expect(try await post.database.value("SELECT max_attempts - attempt FROM job") == "8")
    }

    @Test func `staff let a gateway be asked again, once, and it is in the trail`() async throws {
        try await note(.temporary(code: "connect"), times: 5)
        let command = SaveProvider(audit: post.audit, keyRing: post.keys)
        let sms = sms
        let close: @Sendable (Session) throws -> Void = { session in
            try command.closeBreaker(sms, portal: Post.warsaw, by: .commandLine, in: session)
        }
        let database = post.database.database
        try await database.transaction(.portal(Post.warsaw), close)
        #expect(try await delay(sms) == nil)
        await #expect(throws: SaveProvider.Refusal.notOpen) {
            try await database.transaction(.portal(Post.warsaw), close)
        }
        #expect(try await post.database.value("SELECT action FROM audit_event") == "provider.breaker_closed")
    }
}
