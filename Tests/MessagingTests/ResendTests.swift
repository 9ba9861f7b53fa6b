import Access
import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Messaging

/// "The message never came": sent once more, by the same way or another (L12).
struct ResendTests {
    private func sent() async throws -> (Console, String) {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.work()
        return (console, "/messaging/warsaw/\(id)/again")
    }

    @Test func `the same words go out again by the same channel, as a message of its own`() async throws {
        let (console, path) = try await sent()
        #expect(try await console.get(path, as: [.helpdesk]).status == .ok)
        let answer = try await console.post(path, ["channel": "email"], as: [.helpdesk])
        #expect(answer.status == .seeOther)
        try await console.post.work()
        #expect(try await console.post.states() == ["confirmed 1", "confirmed 1"])
        let bodies = try await console.post.column("SELECT subject || body FROM inbox_message ORDER BY id")
        #expect(bodies.count == 2 && Set(bodies).count == 1)
        #expect(try await console.trail().last?.hasPrefix("message.resent Eva") == true)
    }

    @Test func `by another channel it goes to the same person's other contact, where there is one`() async throws {
        let (console, path) = try await sent()
        let none = try await console.post(path, ["channel": "sms"], as: [.helpdesk])
        #expect(none.status == .conflict)
        #expect(none.body.contains("no contact on file"))
        try await console.post.database.sql(
            """
            INSERT INTO contact (portal_id, client_id, kind, value, trusted)
            VALUES (1, 5, 'phone', '+48600100999', false), (1, 5, 'phone', '+48600100127', true)
            """
        )
        #expect(try await console.post(path, ["channel": "sms"], as: [.helpdesk]).status == .seeOther)
        try await console.post.work()
        #expect(
            try await console.post.column("SELECT recipient FROM inbox_message WHERE channel = 'sms'")
                == ["+48600100127"]
        )
    }

    @Test func `a code is never sent twice, nor what is still on its way`() async throws {
        let console = try await Console.make()
        let code = try await console.post.enqueue(console.post.message())
        let planned = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        let early = try await console.post("/messaging/warsaw/\(planned)/again", ["channel": "email"], as: [.helpdesk])
        #expect(early.status == .conflict)
        try await console.post.work()
        let secret = try await console.post("/messaging/warsaw/\(code)/again", ["channel": "sms"], as: [.helpdesk])
        #expect(secret.body.contains("It held a code"))
        #expect(try await console.post.column("SELECT id::text FROM message").count == 2)
    }

    @Test func `a missing right, another portal and a way that is none are refused`() async throws {
        let (console, path) = try await sent()
        #expect(try await console.get(path, as: [.auditor]).status == .forbidden)
        #expect(try await console.post(path, ["channel": "email"], as: [.scheduler]).status == .forbidden)
        #expect(try await console.post(path, ["channel": "fax"], as: [.helpdesk]).status == .unprocessableContent)
        let elsewhere = path.replacing("warsaw", with: "budapest")
        #expect(try await console.post(elsewhere, ["channel": "email"], as: [.helpdesk]).status == .notFound)
        #expect(try await console.post.column("SELECT id::text FROM message").count == 1)
    }
}
