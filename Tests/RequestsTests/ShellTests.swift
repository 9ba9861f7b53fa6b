import Access
import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct ShellTests {
    @Test func `a request taken in has its three dates, its receipt and its row in the trail`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.dataChange, try await house.client(portal), portal)
        #expect(try await house.value("state", id) == "identity")
        #expect(try await house.value("statutory_due = effective_due AND internal_due < effective_due", id) == "t")
        #expect(try await house.value("clock_country || clock_version", id) == "*1")
        #expect(try await house.letters(id) == ["receipt"])
        #expect(try await house.trail(id) == ["request.received"])
        #expect(try await house.test.value("SELECT kind FROM message") == "requests.receipt")
    }

    @Test func `a request is refused without a client, from the future or of another portal's client`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let stranger = try await house.client(try await house.portal("arval"))
        let client = try await house.client(portal)
        await #expect(throws: TakeIn.Refusal.clientMissing) { try await house.takenIn(.erasure, nil, portal) }
        await #expect(throws: TakeIn.Refusal.noSuchClient) { try await house.takenIn(.erasure, stranger, portal) }
        var draft = try await house.draft(.complaint, client, portal)
        let today = draft.receivedOn
        draft.receivedOn = try #require(today.adding(days: 1))
        await #expect(throws: TakeIn.Refusal.inFuture) {
            try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        }
        draft.receivedOn = try #require(today.adding(days: -400))
        await #expect(throws: TakeIn.Refusal.tooOld) {
            try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        }
        draft = try await house.draft(.dataChange, client, portal)
        draft.changes = []
        await #expect(throws: TakeIn.Refusal.nothingChanges) {
            try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        }
        #expect(try await house.test.value("SELECT count(*) FROM client_request") == "0")
    }

    @Test func `the way from intake to the end takes two persons, in code and in the database`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.instalmentChange, try await house.client(portal), portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.jan, portal)
        try await house.perform(
            ProposeRequest(request: id, outcome: .granted, reason: .goodwill, note: "Two months"),
            as: House.jan,
            portal
        )
        await #expect(throws: RequestRefusal.ownProposal) { try await house.grant(id, as: House.jan, portal) }
        await #expect(throws: (any Error).self) {
            try await house.test.sql(
                "UPDATE client_request SET decision = 'granted', decided_by = 4, state = 'executing' WHERE id = \(id)"
            )
        }
        #expect(try await house.grant(id, portal) == .decided(.executing))
        await #expect(throws: RequestRefusal.ownDecision) {
            try await house.perform(ExecuteRequest(request: id), as: House.piotr, portal)
        }
        await #expect(throws: (any Error).self) {
            try await house.test.sql(
                """
                UPDATE client_request SET executed_by = 2, executed_at = now(), state = 'closed', closed_at = now()
                WHERE id = \(id)
                """
            )
        }
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        #expect(try await house.value("state", id) == "closed")
        #expect(
            try await house.trail(id) == [
                "request.received", "request.identity_confirmed", "request.proposed", "request.decided",
                "request.executed",
            ]
        )
    }

    @Test func `nobody takes a step without its right`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let draft = try await house.draft(.complaint, client, portal)
        await #expect(throws: AccessDenied.self) {
            try await house.perform(TakeIn(draft: draft), as: House.olga, portal)
        }
        let id = try await house.proposed(.accountDeletion, client, portal)
        await #expect(throws: AccessDenied.self) { try await house.grant(id, as: House.anna, portal) }
        await #expect(throws: AccessDenied.self) {
            try await house.perform(ExecuteRequest(request: id), as: House.ewa, portal)
        }
        await #expect(throws: AccessDenied.self) {
            try await house.perform(ReturnRequest(request: id, note: "Why?"), as: House.ewa, portal)
        }
        #expect(try await house.value("state", id) == "decision")
    }

    @Test func `a request of another portal does not exist`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let other = try await house.portal("arval")
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        await #expect(throws: NoSuchRequest.self) {
            try await house.perform(AnswerRequest(request: id, answer: "Yes."), as: House.ewa, other)
        }
    }

    @Test func `of two decisions at once one counts, and the other hears that it came late`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.proposed(.instalmentChange, try await house.client(portal), portal)
        async let one = refusal { try await house.grant(id, portal) }
        async let two = refusal { try await house.grant(id, as: House.jan, portal) }
        let refusals = await [one, two].compactMap { $0 }
        #expect(refusals == [.notThere(.executing)])
        #expect(try await house.trail(id).filter { $0 == "request.decided" }.count == 1)
    }

    @Test func `a request sent back is proposed anew, and a reason must fit the outcome`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.proposed(.instalmentChange, try await house.client(portal), portal)
        await #expect(throws: RequestRefusal.noteMissing) {
            try await house.perform(ReturnRequest(request: id, note: ""), as: House.piotr, portal)
        }
        await #expect(throws: RequestRefusal.wrongReason) {
            try await house.perform(
                DecideRequest(request: id, outcome: .refused, reason: .goodwill, text: ""),
                as: House.piotr,
                portal
            )
        }
        try await house.perform(ReturnRequest(request: id, note: "Which months?"), as: House.piotr, portal)
        #expect(try await house.value("state", id) == "assessment")
        #expect(try await house.trail(id).last == "request.returned")
    }

    @Test func `a refusal closes the request with its article and a letter`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.proposed(.dataChange, try await house.client(portal), portal)
        _ = try await house.perform(
            DecideRequest(request: id, outcome: .refused, reason: .notProven, text: "No certificate."),
            as: House.piotr,
            portal
        )
        #expect(try await house.value("state || ' ' || decision_article", id) == "closed GDPR 16")
        #expect(try await house.letters(id) == ["receipt", "refusal"])
    }

    @Test func `a complaint is answered by one person and closed`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        await #expect(throws: RequestRefusal.noteMissing) {
            try await house.perform(AnswerRequest(request: id, answer: ""), as: House.ewa, portal)
        }
        try await house.perform(AnswerRequest(request: id, answer: "Naprawione."), as: House.ewa, portal)
        #expect(try await house.value("state || ' ' || decision", id) == "closed answered")
        #expect(try await house.letters(id) == ["receipt", "answer"])
        await #expect(throws: RequestRefusal.notThere(.closed)) {
            try await house.perform(AnswerRequest(request: id, answer: "Again"), as: House.ewa, portal)
        }
    }

    @Test func `the database refuses moves that skip a step, and a legal date that moves`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.dataChange, try await house.client(portal), portal)
        for change in ["state = 'executing'", "state = 'received'", "statutory_due = statutory_due + 1"] {
            await #expect(throws: (any Error).self) {
                try await house.test.sql("UPDATE client_request SET \(change) WHERE id = \(id)")
            }
        }
    }

    func refusal(_ body: () async throws -> some Sendable) async -> RequestRefusal? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? RequestRefusal
        }
    }
}
