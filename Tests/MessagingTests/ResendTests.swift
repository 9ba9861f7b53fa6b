import Access
import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Messaging

/// "The message never came": sent once more, by the same way or another (L12).
struct ResendTests {
    private static let email = ["channel": "email", "reason": "not_arrived"]
    private static let sms = ["channel": "sms", "reason": "other_way"]

    private func sent() async throws -> (Console, String) {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.work()
        return (console, "/messaging/warsaw/\(id)/again")
    }

    @Test func `the same words go out again by the same channel, as a message of its own`() async throws {
        let (console, path) = try await sent()
        #expect(try await console.get(path, as: [.helpdesk]).status == .ok)
        let answer = try await console.post(path, Self.email, as: [.helpdesk])
        #expect(answer.status == .seeOther)
        try await console.post.work()
        #expect(try await console.post.states() == ["confirmed 1", "confirmed 1"])
        let bodies = try await console.post.column("SELECT subject || body FROM inbox_message ORDER BY id")
        #expect(bodies.count == 2 && Set(bodies).count == 1)
        #expect(try await console.trail().last?.hasPrefix("message.resent Eva") == true)
    }

    @Test func `by another channel it goes to the same person's other contact, where there is one`() async throws {
        let (console, path) = try await sent()
        let none = try await console.post(path, Self.sms, as: [.helpdesk])
        #expect(none.status == .conflict)
        #expect(none.body.contains("no contact on file"))
        try await console.post.database.sql(
            """
            INSERT INTO contact (portal_id, client_id, kind, value, trusted)
            VALUES (1, 5, 'phone', '+48600100999', false), (1, 5, 'phone', '+48600100127', true)
            """
        )
        #expect(try await console.post(path, Self.sms, as: [.helpdesk]).status == .seeOther)
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
        let early = try await console.post("/messaging/warsaw/\(planned)/again", Self.email, as: [.helpdesk])
        #expect(early.status == .conflict)
        try await console.post.work()
        let secret = try await console.post("/messaging/warsaw/\(code)/again", Self.sms, as: [.helpdesk])
        #expect(secret.body.contains("It held a code"))
        #expect(try await console.post.column("SELECT id::text FROM message").count == 2)
    }

    @Test func `a missing right, another portal and a way that is none are refused`() async throws {
        let (console, path) = try await sent()
        #expect(try await console.get(path, as: [.auditor]).status == .forbidden)
        #expect(try await console.post(path, Self.email, as: [.scheduler]).status == .forbidden)
        let fax = ["channel": "fax", "reason": "deleted"]
        #expect(try await console.post(path, fax, as: [.helpdesk]).status == .unprocessableContent)
        let elsewhere = path.replacing("warsaw", with: "budapest")
        #expect(try await console.post(elsewhere, Self.email, as: [.helpdesk]).status == .notFound)
        #expect(try await console.post.column("SELECT id::text FROM message").count == 1)
    }

    @Test func `what was written to one user never goes to the client's contact instead`() async throws {
        let (console, path) = try await sent()
        try await console.post.database.sql(
            """
            INSERT INTO contact (portal_id, client_id, kind, value, trusted)
            VALUES (1, 5, 'phone', '+48600100127', true);
            INSERT INTO account (portal_id, id, login, person_name, email, language)
            OVERRIDING SYSTEM VALUE VALUES (1, 77, 'zofia', 'Zofia', 'zofia@example.test', 'pl');
            UPDATE message SET account_id = 77
            """
        )
        let refused = try await console.post(path, Self.sms, as: [.helpdesk])
        #expect(refused.status == .conflict && refused.body.contains("no contact on file"))
        #expect(try await console.post.column("SELECT id::text FROM message").count == 1)
        try await console.post.database.sql("UPDATE account SET phone = '+48600100555'")
        #expect(try await console.post(path, Self.sms, as: [.helpdesk]).status == .seeOther)
        try await console.post.work()
        #expect(
            try await console.post.column("SELECT recipient FROM inbox_message WHERE channel = 'sms'")
                == ["+48600100555"]
        )
    }

    @Test func `without a reason nothing is sent, and the trail keeps the one that is given`() async throws {
        let (console, path) = try await sent()
        let missing = try await console.post(path, ["channel": "email"], as: [.helpdesk])
        #expect(missing.status == .unprocessableContent && missing.body.contains("aria-invalid"))
        #expect(try await console.post.column("SELECT id::text FROM message").count == 1)
        #expect(try await console.post(path, Self.email, as: [.helpdesk]).status == .seeOther)
        #expect(try await console.trail().last?.contains("\"reason\": \"not_arrived\"") == true)
    }

    @Test func `of two who send it again at once one does, and the other hears of it`() async throws {
        let (console, path) = try await sent()
        let answers = try await withThrowingTaskGroup(of: Console.Answer.self) { group in
            for staff in [Int64(1), 2] {
                group.addTask { try await console.post(path, Self.email, as: [.helpdesk], staff: staff) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.status)) == [.seeOther, .conflict])
        #expect(answers.contains { $0.body.contains("sent again a moment ago") })
        #expect(try await console.post.column("SELECT id::text FROM message").count == 2)
        try await console.post.work()
        let copy = answers.first { $0.status == .seeOther }?.location ?? ""
        #expect(try await console.post("\(copy)/again", Self.email, as: [.helpdesk]).status == .conflict)
        try await console.post.database.sql("UPDATE message SET planned_at = planned_at - interval '1 hour'")
        #expect(try await console.post(path, Self.email, as: [.helpdesk]).status == .seeOther)
    }
}
