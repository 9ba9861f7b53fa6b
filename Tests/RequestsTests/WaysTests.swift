import Access
import DeskApp
import DeskKit
import Documents
import Foundation
import HTTPTypes
import Identity
import Portals
import Postgres
import TestKit
import Testing

@testable import Audit
@testable import Requests

/// Ways that requests take to their end, and what the client hears of it.
@Suite struct WaysTests {
    /// What the newest letter about a request says, opened as its page opens it.
    private func newest(_ id: ClientRequestID, _ house: House, _ portal: PortalProfile) async throws -> String {
        let key = try await house.test.value("SELECT max(id) FROM request_letter WHERE request_id = \(id)")
        let letter = try #require(key.flatMap { Int64($0) })
        let seen = try await house.perform(ViewLetter(request: id, letter: letter), as: House.olga, portal)
        return seen.content?.body ?? ""
    }

    private func granted(
        _ kind: RequestKind,
        _ house: House,
        _ portal: PortalProfile,
        outcome: RequestOutcome = .granted,
        reason: DecisionReason = .requirementsMet,
        text: String
    ) async throws -> ClientRequestID {
        let id = try await house.takenIn(kind, try await house.client(portal), portal)
        if try await house.value("state", id) == "identity" {
            try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        }
        let proposal = ProposeRequest(request: id, outcome: outcome, reason: reason, note: "")
        try await house.perform(proposal, as: House.ewa, portal)
        let decision = DecideRequest(request: id, outcome: outcome, reason: reason, text: text)
        _ = try await house.perform(decision, as: House.piotr, portal)
        return id
    }

    @Test(arguments: [RequestKind.instalmentChange, .other])
    func `a granted request tells its client so, with the words of the decision`(kind: RequestKind) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await granted(kind, house, portal, reason: .goodwill, text: "Od stycznia 1 200 zł.")
        #expect(try await house.letters(id) == ["receipt"])
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        #expect(try await house.letters(id) == ["receipt", "granted"])
        let body = try await newest(id, house, portal)
        #expect(body.contains("Od stycznia 1 200 zł."), "\(body)")
        #expect(try await house.value("state", id) == "closed")
    }

    @Test func `the words of a decision stand in the confirmation of a change and in the notice of closing`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let change = try await granted(.dataChange, house, portal, reason: .proven, text: "Zaświadczenie zwrócimy.")
        try await house.perform(ExecuteRequest(request: change), as: House.anna, portal)
        #expect(try await newest(change, house, portal).contains("Zaświadczenie zwrócimy."))
        let closing = try await granted(.accountDeletion, house, portal, text: "Dziękujemy za lata.")
        #expect(try await house.letters(closing).last == "cooling_off")
        #expect(try await newest(closing, house, portal).contains("Dziękujemy za lata."))
    }

    @Test func `a granted copy of the data is closed when there is a copy, and not before`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await granted(.accessCopy, house, portal, text: "W załączeniu.")
        await #expect(throws: RequestRefusal.copyMissing) {
            try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        }
        #expect(try await house.letters(id) == ["receipt"])
        let page = try await house.counter(House.anna).post("/requests/klientefl/\(id)/execute")
        #expect(page.status == .conflict && page.body.contains("Upload the copy"))
        let pdf = try await house.rooms.documents.print(
            .init(language: "pl", head: "a", title: "b", paragraphs: ["c"], foot: "d")
        )
        let scan = try await house.rooms.documents.prepare(pdf)
        _ = try await house.perform(AddEvidence(request: id, scan: scan), as: House.ewa, portal)
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        #expect(try await house.value("state", id) == "closed")
        #expect(try await house.letters(id).last == "granted")
    }

    @Test func `a change is confirmed to the book's address too, whoever asked from wherever`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        var draft = try await house.draft(.dataChange, try await house.client(portal), portal)
        draft.replyTo = "stranger@example.org"
        let id = try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .signedPaper), as: House.ewa, portal)
        let proposal = ProposeRequest(request: id, outcome: .granted, reason: .proven, note: "")
        try await house.perform(proposal, as: House.ewa, portal)
        let decision = DecideRequest(request: id, outcome: .granted, reason: .proven, text: "")
        _ = try await house.perform(decision, as: House.piotr, portal)
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        let hints = try await house.test.sql(
            "SELECT recipient_hint FROM message WHERE kind = 'requests.changed' ORDER BY id"
        ).compactMap { $0[0] }
        #expect(hints == ["s•••@example.org", "m•••@example.pl"])
    }

    @Test func `what was carried out leaves the work views, and what waits for the client is not overdue`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let change = try await granted(.dataChange, house, portal, reason: .proven, text: "")
        try await house.perform(ExecuteRequest(request: change), as: House.anna, portal)
        let paused = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let question = PauseRequest(request: paused, reason: .clarification, question: "Kiedy?")
        try await house.perform(question, as: House.ewa, portal)
        try await house.test.sql(
            "UPDATE client_request SET effective_due = current_date - 9, held_by = NULL, held_at = NULL"
        )
        func list(_ view: QueueView) async throws -> [ClientRequestID] {
            let asked: Parameters = [
                "portals": [portal.id], "kind": nil, "view": view.rawValue, "staff": House.ewa.id, "limit": 10,
                "after": nil, "after_portal": nil, "after_id": nil,
            ]
            return try await house.installation.desk.database.read(.portal(portal.id)) {
                try $0.all(QueueQueries.listOpen, asked).map(\.id)
            }
        }
        #expect(try await list(.running) == [change])
        #expect(try await list(.overdue).isEmpty)
        for view in [QueueView.all, .unassigned, .waiting] { #expect(try await list(view) == [paused], "\(view)") }
        let counts = try await house.installation.desk.database.read(.portal(portal.id)) {
            try $0.one(QueueQueries.countViews, ["portals": [portal.id], "staff": House.ewa.id])
        }
        #expect(counts.running == 1 && counts.overdue == 0 && counts.everything == 1 && counts.unassigned == 1)
        let page = try await house.counter().get("/requests")
        #expect(page.body.contains("Waiting") && page.body.contains("Carried out, not over"))
    }

    @Test func `whose identity stays unproven is refused for it, and for nothing else`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.erasure, try await house.client(portal), portal)
        for (outcome, reason) in [(RequestOutcome.granted, DecisionReason.requirementsMet), (.refused, .unfounded)] {
            await #expect(throws: RequestRefusal.notThere(.identity)) {
                let wrong = ProposeRequest(request: id, outcome: outcome, reason: reason, note: "")
                try await house.perform(wrong, as: House.ewa, portal)
            }
        }
        await #expect(throws: (any Error).self) {
            try await house.test.sql(
                "UPDATE client_request SET state = 'decision', proposal = 'granted', proposed_by = 3 WHERE id = \(id)"
            )
        }
        let proposal = ProposeRequest(request: id, outcome: .refused, reason: .identityUnproven, note: "")
        try await house.perform(proposal, as: House.ewa, portal)
        await #expect(throws: RequestRefusal.identityMissing) { try await house.grant(id, portal) }
        try await house.perform(ReturnRequest(request: id, note: "Spróbuj raz jeszcze."), as: House.piotr, portal)
        #expect(try await house.value("state", id) == "identity")
        try await house.perform(proposal, as: House.ewa, portal)
        let decision = DecideRequest(request: id, outcome: .refused, reason: .identityUnproven, text: "")
        _ = try await house.perform(decision, as: House.piotr, portal)
        #expect(try await house.value("state", id) == "closed")
        #expect(try await house.letters(id).last == "refusal")
    }

    @Test func `what was decided goes back to be assessed, by whoever carries out, with a note and its line`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await granted(.instalmentChange, house, portal, reason: .goodwill, text: "Tak.")
        await #expect(throws: AccessDenied.self) {
            try await house.perform(ReopenRequest(request: id, note: "Zaległość"), as: House.ewa, portal)
        }
        await #expect(throws: RequestRefusal.noteMissing) {
            try await house.perform(ReopenRequest(request: id, note: ""), as: House.anna, portal)
        }
        await #expect(throws: NoSuchRequest.self) {
            let elsewhere = try await house.portal("legitimo")
            try await house.perform(ReopenRequest(request: id, note: "x"), as: House.anna, elsewhere)
        }
        try await house.perform(ReopenRequest(request: id, note: "Zaległość"), as: House.anna, portal)
        await #expect(throws: RequestRefusal.notThere(.assessment)) {
            try await house.perform(ReopenRequest(request: id, note: "Zaległość"), as: House.jan, portal)
        }
        let left = try await house.value("state || coalesce(decision, '-') || coalesce(proposal, '-')", id)
        #expect(left == "assessment--")
        #expect(try await house.trail(id).last == "request.reopened")
        let dump = try await house.test.value("SELECT string_agg(a::text, ' ') FROM audit_event AS a")
        #expect(dump?.contains("Zaległość") == false)
        let again = ProposeRequest(request: id, outcome: .refused, reason: .contractTerms, note: "")
        try await house.perform(again, as: House.ewa, portal)
        #expect(try await house.value("state", id) == "decision")
    }

    @Test func `a second erasure of one client is not granted beside the first`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let first = try await house.takenIn(.erasure, client, portal)
        let second = try await house.takenIn(.erasure, client, portal)
        for id in [first, second] {
            try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        }
        let proposal = ProposeRequest(request: second, outcome: .granted, reason: .groundApplies, note: "")
        let refusal = await #expect(throws: RequestRefusal.self) {
            try await house.perform(proposal, as: House.ewa, portal)
        }
        guard case .obstacles(let obstacles) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(obstacles.map { "\($0.kind.rawValue) \($0.number)" } == ["request \(first)"])
        let own = ProposeRequest(request: first, outcome: .granted, reason: .groundApplies, note: "")
        try await house.perform(own, as: House.ewa, portal)
        #expect(try await house.value("state", first) == "decision")
    }
}
