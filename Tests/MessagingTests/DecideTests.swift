import Access
import DeskKit
import HTTPTypes
import TestKit
import Testing

@testable import Messaging

@Suite struct DecideTests {
    private func uncertain(_ console: Console) async throws -> MessageID {
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        try await console.post.database.sql(
            """
            UPDATE message SET state = 'handed_over' WHERE id = \(id);
            UPDATE message SET state = 'uncertain', reason = 'abandoned', settled_at = now() WHERE id = \(id)
            """
        )
        return id
    }

    @Test(arguments: [("arrived", "confirmed"), ("lost", "refused")])
    func `a person's word settles it, once, with a line in the trail`(verdict: String, state: String) async throws {
        let console = try await Console.make()
        let path = "/messaging/warsaw/\(try await uncertain(console))"
        let list = try await console.get("/messaging/uncertain", as: [.scheduler])
        #expect(list.body.contains("href=\"\(path)\"") && list.body.contains("The worker stopped before"))
        #expect(try await console.get("/messaging", as: [.scheduler]).body.contains("1 message is uncertain."))
        let fields = ["verdict": verdict, "grounds": "gateway", "note": "log of 21:04"]
        let answer = try await console.post("\(path)/decide", fields, as: [.scheduler])
        #expect(answer.status == .seeOther && answer.location == path)
        #expect(try await console.post.states() == ["\(state) decided_\(verdict) 0"])
        #expect(try await console.post.column("SELECT decided_by FROM message") == ["1"])
        let facts = #"{"kind": "reminders.payment", "grounds": "gateway", "verdict": "\#(verdict)"}"#
        #expect(try await console.trail() == ["message.decided Eva \(facts)"])
        let page = try await console.get(path, as: [.helpdesk])
        #expect(page.body.contains("log of 21:04") && !page.body.contains("name=\"verdict\""))
        #expect(!(try await console.get(path, as: [.scheduler])).body.contains("log of 21:04"))
    }

    @Test func `of two people one decides, the other is told clearly and keeps what was typed`() async throws {
        let console = try await Console.make()
        let path = "/messaging/warsaw/\(try await uncertain(console))/decide"
        async let eva = console.post(path, ["verdict": "arrived", "grounds": "client"], as: [.helpdesk])
        async let ola = console.post(path, ["verdict": "lost", "grounds": "gateway"], as: [.helpdesk], staff: 2)
        let answers = try await [eva, ola]
        #expect(Set(answers.map(\.status)) == [.seeOther, .unprocessableContent])
        let loser = try #require(answers.first { $0.status == .unprocessableContent })
        #expect(loser.body.contains("Somebody else has settled this message already."))
        #expect(try await console.trail().count == 1)
    }

    @Test func `what is not uncertain cannot be decided`() async throws {
        let console = try await Console.make()
        let id = try await console.post.enqueue(console.post.reminder(to: "zofia"))
        let answer = try await console.post(
            "/messaging/warsaw/\(id)/decide",
            ["verdict": "arrived", "grounds": "client"],
            as: [.helpdesk]
        )
        #expect(answer.status == .unprocessableContent)
        #expect(try await console.post.states() == ["planned 0"])
    }

    @Test func `a decision needs its grounds, and a note where they are others`() async throws {
        let console = try await Console.make()
        let path = "/messaging/warsaw/\(try await uncertain(console))/decide"
        let bare = try await console.post(path, ["verdict": "arrived"], as: [.helpdesk])
        #expect(bare.status == .unprocessableContent && bare.body.contains("f-grounds-error"))
        let other = try await console.post(path, ["verdict": "arrived", "grounds": "other"], as: [.helpdesk])
        #expect(other.body.contains("Say how you know."))
        #expect(try await console.post.states() == ["uncertain abandoned 0"])
        #expect(try await console.trail().isEmpty)
    }

    @Test func `who may only look cannot decide`() async throws {
        let console = try await Console.make()
        let path = "/messaging/warsaw/\(try await uncertain(console))"
        #expect(!(try await console.get(path, as: [.auditor])).body.contains("name=\"verdict\""))
        let answer = try await console.post(
            "\(path)/decide",
            ["verdict": "arrived", "grounds": "client"],
            as: [.auditor]
        )
        #expect(answer.status == .forbidden)
        #expect(try await console.post.states() == ["uncertain abandoned 0"])
    }
}
