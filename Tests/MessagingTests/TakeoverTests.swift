import DeskKit
import Foundation
import Postgres
import TestKit
import Testing

@testable import JobRunner
@testable import Messaging

@Suite struct TakeoverTests {
    /// A worker hands the message over and is never heard of again.
    private func handedOver(_ post: Post) async throws -> (JobContext, Envelope) {
        let job = try #require(try await post.claim("dead"))
        let sender = post.sender()
        let id = try job.decode(SendMessage.Order.self).message
        let step = try await job.transaction { try sender.handOver(id, portal: job.portal, in: $0) }
        guard case .go(let envelope) = step else { throw JobFailure("not_handed_over") }
        return (job, envelope)
    }

    @Test func `killed between hand-over and note it becomes uncertain and is never sent again`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        _ = try await handedOver(post)
        #expect(try await post.states() == ["handed_over 1"])
        try await post.loseLeases()
        try await post.work()
        #expect(try await post.states() == ["uncertain abandoned 1"])
        #expect(try await post.tries() == ["1 ?"])
        #expect(try await post.column("SELECT (content IS NULL)::text FROM message") == ["true"])
        try await post.hurry()
        #expect(try await post.work() == 0)
        #expect(try await post.column("SELECT body FROM inbox_message").isEmpty)
    }

    @Test func `killed before the hand-over was committed it is sent by the next worker`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        _ = try #require(try await post.claim("dead"))
        try await post.loseLeases()
        try await post.work()
        #expect(try await post.states() == ["confirmed 1"])
        #expect(try await post.column("SELECT count(*) FROM inbox_message") == ["1"])
    }

    @Test func `a late answer settles what had become uncertain`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        let (job, envelope) = try await handedOver(post)
        try await post.loseLeases()
        try await post.work()
        let outcome = try await post.sender().note(.accepted(reference: "G-7"), envelope, job)
        #expect(outcome == .done)
        #expect(try await post.states() == ["confirmed 1"])
        #expect(try await post.tries() == ["1 accepted"])
        #expect(try await post.column("SELECT provider_reference FROM message") == ["G-7"])
    }

    @Test func `a late refusal for now settles it as refused`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        let (job, envelope) = try await handedOver(post)
        try await post.loseLeases()
        try await post.work()
        let outcome = try await post.sender().note(.temporary(code: "not_connected"), envelope, job)
        #expect(outcome == .done)
        #expect(try await post.states() == ["refused not_connected 1"])
    }

    @Test func `a worker that lost its lease hands nothing over`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        let job = try #require(try await post.claim("dead"))
        try await post.loseLeases()
        try await post.work()
        await #expect(throws: LeaseLost.self) { try await post.sender().run(job) }
        #expect(try await post.column("SELECT count(*) FROM inbox_message") == ["1"])
    }

    @Test func `the sweeper finds what nobody holds and what nobody will send`() async throws {
        let post = try await Post.make()
        for _ in 0..<3 { try await post.enqueue(post.reminder(to: "zofia")) }
        // The first was handed over by a worker whose job is gone; the second lost its job; the third is young.
        _ = try await handedOver(post)
        try await post.database.sql(
            """
            DELETE FROM job;
            UPDATE message SET planned_at = now() - interval '6 minutes' WHERE id < (SELECT max(id) FROM message)
            """
        )
        let queue = post.queue
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            _ = try queue.enqueue(SweepMessages.self, portal: Post.warsaw, payload: NoPayload(), in: session)
        }
        try await post.work()
        #expect(try await post.states() == ["uncertain abandoned 1", "confirmed 1", "planned 0"])
    }

    @Test func `the sweeper leaves alone what is under way`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.reminder(to: "zofia"))
        _ = try await handedOver(post)
        let queue = post.queue
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            _ = try queue.enqueue(SweepMessages.self, portal: Post.warsaw, payload: NoPayload(), in: session)
        }
        try await post.work()
        #expect(try await post.states() == ["handed_over 1"])
        try await post.database.sql("UPDATE message SET lease_until = now() - interval '1 second'")
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            _ = try queue.enqueue(SweepMessages.self, portal: Post.warsaw, payload: NoPayload(), in: session)
        }
        try await post.work()
        #expect(try await post.states() == ["uncertain abandoned 1"])
    }
}
