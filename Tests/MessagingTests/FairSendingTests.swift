import Audit
import DeskKit
import Foundation
import Portals
import Postgres
import TestKit
import Testing
import Transport

@testable import JobRunner
@testable import Messaging

/// What many messages at once, a gateway that hangs and a worker that has to go may not do to each other.
@Suite struct FairSendingTests {
    private func order(_ post: Post) async throws -> [String] {
        try await post.column("SELECT concat_ws(' ', priority, unique_key) FROM job ORDER BY priority, run_at, id")
    }

    @Test("codes and alarms go before what somebody asked for, and that before what goes to many")
    func order() async throws {
        let post = try await Post.make()
        let many = try await post.enqueue(post.reminder(to: "zofia"))
        let asked = try await post.enqueue(
            post.message {
                ($0.kind, $0.secret) = ("accounts.closed", false)
                $0.values["support"] = "eBOK"
            }
        )
        let code = try await post.enqueue(post.message())
        let alarm = try await post.enqueue(
            post.message {
                ($0.kind, $0.channel, $0.secret, $0.client) = ("operations.alarm", .email, false, nil)
                ($0.subject, $0.recipient) = (Subject("alarm", 1), "eva@example.test")
                $0.values = ["what": "A queue stands", "since": "9:00"]
            }
        )
        #expect(try await order(post) == ["20 \(code)", "20 \(alarm)", "50 \(asked)", "100 \(many)"])
        let first = try #require(try await post.claim("w"))
        #expect(try first.decode(SendMessage.Order.self).message == code)
    }

    @Test("what the sweep finds without a job keeps its place")
    func swept() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.enqueue(post.message())
        try await post.database.sql("DELETE FROM job; UPDATE message SET planned_at = now() - interval '6 minutes'")
        let queue = post.queue
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            _ = try queue.enqueue(SweepMessages.self, portal: Post.warsaw, in: session)
        }
        try await post.database.sql("INSERT INTO queue_pause (portal_id, queue, reason) VALUES (1, 'x', 'y')")
        let worker = Worker(
            database: post.database.workerDatabase,
            registry: try JobRegistry([SweepMessages(queue: queue)]),
            configuration: WorkerConfiguration(host: "test", process: 1),
            logger: post.logger
        )
        try await worker.workThrough()
        #expect(try await order(post).map { $0.prefix { $0 != " " } } == ["20", "100"])
    }

    @Test("a gateway has no more in hand than its share of the slots; others have theirs")
    func hands() {
        let hands = GatewayHands(slots: 8)
        let (slow, other) = (ProviderID(1), ProviderID(2))
        let held = (1...6).map { _ in hands.hand() }
        #expect(held.allSatisfy { $0.take(Post.warsaw, slow) == nil })
        let late = hands.hand()
        #expect(late.take(Post.warsaw, slow) != nil)
        #expect(late.take(Post.warsaw, other) == nil)
        late.release()
        held[0].release()
        #expect(late.take(Post.warsaw, slow) == nil)
        #expect(GatewayHands(slots: 1).hand().take(Post.warsaw, slow) == nil)
    }

    @Test("a message for whose gateway there is no room waits, and uses up no try")
    func noRoom() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        try await post.enqueue(post.message())
        let sender = SendMessage(
            audit: post.audit,
            gateways: Gateways(keyRing: post.keys) { _ in nil },
            checks: [],
            slots: 1
        )
        var steps: [SendMessage.Step] = []
        let hands = GatewayHands(slots: 1)
        for hand in [hands.hand(), hands.hand()] {
            let job = try #require(try await post.claim("w"))
            let id = try job.decode(SendMessage.Order.self).message
            steps.append(try await job.transaction { try sender.handOver(id, portal: Post.warsaw, hand: hand, in: $0) })
        }
        guard case .go = steps[0], case .wait = steps[1] else {
            Issue.record("\(steps.count)")
            return
        }
        #expect(try await post.states() == ["handed_over 1", "planned 0"])
    }

    @Test("the gateway's answer is noted though the worker has to go")
    func shielded() async throws {
        let post = try await Post.make(local: false)
        try await post.use(.smtp(.init(host: "127.0.0.1", port: 1, encryption: .none, user: "")))
        try await post.enqueue(post.reminder(to: "zofia"))
        let gateways = Gateways(keyRing: post.keys) { _ in
            withUnsafeCurrentTask { $0?.cancel() }
            return nil
        }
        let sender = SendMessage(audit: post.audit, gateways: gateways, checks: [])
        let job = try #require(try await post.claim("w"))
        _ = try? await Task { try await sender.run(job) }.value
        #expect(try await post.tries() == ["1 temporary settings"])
        #expect(try await post.states() == ["planned 1"])
    }

    @Test(
        "a receipt that comes while it is planned again settles it, and nothing is sent",
        arguments: [("delivered", "confirmed receipt 1"), ("undelivered", "refused receipt 1")]
    )
    func receiptWhilePlanned(word: String, state: String) async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message())
        try await post.database.sql(
            """
            UPDATE message SET state = 'handed_over', attempts = 1;
            UPDATE message SET state = 'planned';
            UPDATE message SET delivery = '\(word)'
            """
        )
        try await post.work()
        #expect(try await post.states() == [state])
        #expect(try await post.column("SELECT body FROM inbox_message").isEmpty)
        #expect(try await post.column("SELECT (content IS NULL)::text FROM message") == ["true"])
    }

    @Test("while a channel does not work its messages wait a day, or until nobody wants them, and use up no try")
    func channel() async throws {
        let post = try await Post.make(local: false)
        try await post.database.sql(
            "INSERT INTO provider (portal_id, name, channel, kind, settings) VALUES (1, 'x', 'sms', 'http_sms', '{}')"
        )
        try await post.enqueue(post.message())
        try await post.enqueue(post.message { $0.notAfter = Date(timeIntervalSinceNow: 3600) })
        for _ in 1...12 {
            try await post.work()
            try await post.database.sql("UPDATE gateway SET failures = 0, open_until = NULL")
            try await post.hurry()
        }
        #expect(try await post.states() == ["planned 12", "planned 12"])
        #expect(try await post.column("SELECT DISTINCT max_attempts - attempt FROM job") == ["8"])
        try await post.database.sql(
            """
            UPDATE message_attempt SET at = at - interval '25 hours';
            UPDATE message SET not_after = now() + interval '2 days' WHERE not_after IS NOT NULL
            """
        )
        try await post.work()
        #expect(try await post.states() == ["refused settings 13", "planned 13"])
    }

    private func run(_ post: Post, messages: Int) async throws -> RunID {
        try await post.database.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state)
            VALUES (1, 'reminders.payments', 'staff', now(), '2026-11-20', 'running')
            """
        )
        let run = RunID(1)
        for _ in 0..<messages {
            var message = post.reminder(to: "zofia")
            message.run = run
            try await post.enqueue(message)
        }
        return run
    }

    private func sweep(_ post: Post) async throws {
        try await post.database.sql("UPDATE message SET planned_at = now() - interval '1 hour'")
        let queue = post.queue
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            _ = try queue.enqueue(SweepMessages.self, portal: Post.warsaw, in: session)
        }
        try await post.work()
    }

    @Test("a cancelled run sends nothing more, not even an hour later")
    func cancelled() async throws {
        let post = try await Post.make()
        let run = try await run(post, messages: 2)
        try await post.enqueue(post.message())
        let queues = QueueOperator(audit: post.audit, queue: post.queue, neighbours: [EndMessages()])
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            _ = try queues.cancel(run, portal: Post.warsaw, by: .commandLine, in: session)
        }
        try await sweep(post)
        #expect(
            try await post.states() == ["cancelled run_cancelled 0", "cancelled run_cancelled 0", "confirmed 1"]
        )
        #expect(
            try await post.column("SELECT facts ->> 'planned' FROM audit_event WHERE action = 'run.cancelled'")
                == ["2"]
        )
    }

    @Test("a discarded message does not come back, one alone or all of a kind")
    func discarded() async throws {
        let post = try await Post.make()
        for _ in 0..<3 { try await post.enqueue(post.reminder(to: "zofia")) }
        try await post.database.sql("UPDATE job SET state = 'quarantined', attempt = 8, error_code = 'no_letter'")
        let quarantine = Quarantine(audit: post.audit, queue: post.queue, neighbours: [EndMessages()])
        try await post.database.database.transaction(.portal(Post.warsaw)) { session in
            try quarantine.discard(JobID(1), portal: Post.warsaw, by: .commandLine, in: session)
            _ = try quarantine.discardAll(
                SendMessage.kind,
                code: nil,
                portal: Post.warsaw,
                by: .commandLine,
                in: session
            )
        }
        try await sweep(post)
        #expect(try await post.states() == Array(repeating: "cancelled discarded 0", count: 3))
    }
}
