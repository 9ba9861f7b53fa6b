import Access
import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Documents
@testable import Requests

/// What holds for every step of the shell alike.
@Suite struct StepTests {
    @Test func `every step of the pages has its case`() {
        #expect(Set(StepCase.all.map(\.step)) == Set(Step.allCases))
    }

    @Test(arguments: StepCase.all)
    func `a step is refused without its right and at another portal, and leaves nothing`(step: StepCase) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await step.prepare(house, portal)
        let (trail, version) = (try await house.trail(id), try await house.value("version", id))
        await #expect(throws: AccessDenied.self) { try await step.take(house, id, step.stranger, portal) }
        let other = try await house.portal("arval")
        await #expect(throws: NoSuchRequest.self) { try await step.take(house, id, step.one, other) }
        #expect(try await house.trail(id) == trail)
        #expect(try await house.value("version", id) == version)
    }

    @Test(arguments: StepCase.all)
    func `of two who take a step at once it is done once, with one line in the trail`(step: StepCase) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await step.prepare(house, portal)
        let letters = try await house.letters(id)
        async let one = refusal { try await step.take(house, id, step.one, portal) }
        async let two = refusal { try await step.take(house, id, step.other, portal) }
        #expect(await [one, two].compactMap { $0 } == [step.late].compactMap { $0 })
        #expect(try await house.value("state", id) == step.state)
        #expect(try await house.trail(id).last == step.action)
        #expect(try await house.trail(id).count { $0 == step.action } == 1)
        #expect(try await house.letters(id).count <= letters.count + 1)
    }

    @Test(arguments: StepCase.all)
    func `no step is taken with a request that has ended`(step: StepCase) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await step.prepare(house, portal)
        try await house.test.sql(
            """
            SET session_replication_role = replica;
            UPDATE client_request SET state = 'lapsed', paused_from = NULL, closed_at = now() WHERE id = \(id);
            RESET session_replication_role
            """
        )
        await #expect(throws: RequestRefusal.notThere(.lapsed)) { try await step.take(house, id, step.one, portal) }
        #expect(try await house.trail(id).last != step.action)
    }

    @Test func `a request that ends while it waits leaves no question open`() async throws {
        for step in StepCase.all where step.step == .withdraw || step.step == .duplicate {
            let house = try await House.make()
            let portal = try await house.portal()
            let id = try await step.prepare(house, portal)
            try await step.take(house, id, step.one, portal)
            #expect(try await house.test.value("SELECT count(*) FROM request_pause WHERE ended_on IS NULL") == "0")
        }
    }

    @Test func `two people do not take one request, and whoever only reads takes none`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        try await house.test.sql("UPDATE client_request SET held_by = NULL, held_at = NULL")
        async let one = refusal { try await house.perform(TakeRequest(request: id), as: House.anna, portal) }
        async let two = refusal { try await house.perform(TakeRequest(request: id), as: House.jan, portal) }
        let refusals = await [one, two].compactMap { $0 }
        #expect(refusals == [.heldBy("Anna Nowak")] || refusals == [.heldBy("Jan Kos")])
        #expect(try await house.trail(id).count { $0 == "request.taken" } == 1)
    }

    @Test func `an identity is proved by what staff saw themselves, or by a case that still holds`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let id = try await house.takenIn(.dataChange, client, portal)
        for method in [IdentityMethod.portalSession, .verification] {
            await #expect(throws: RequestRefusal.identityMissing) {
                try await house.perform(ConfirmIdentity(request: id, method: method), as: House.ewa, portal)
            }
        }
        #expect(try await house.value("state", id) == "identity")
        try await house.test.sql(
            """
            INSERT INTO verification (portal_id, client_id, channel, strength, valid_minutes, opened_by, expires_at,
                state, closed_at, valid_until)
            VALUES (\(portal.id), \(client), 'counter', 'high', 30, 3, now(), 'passed', now(),
                now() + interval '30 minutes')
            """
        )
        try await house.perform(ConfirmIdentity(request: id, method: .verification), as: House.ewa, portal)
        #expect(try await house.value("verification_id IS NOT NULL", id) == "t")
    }

    @Test func `what is answered is not decided on, and what is decided on is not answered`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let complaint = try await house.takenIn(.complaint, client, portal)
        await #expect(throws: RequestRefusal.noDecisionHere) {
            try await house.perform(
                ProposeRequest(request: complaint, outcome: .granted, reason: .requirementsMet, note: ""),
                as: House.ewa,
                portal
            )
        }
        let change = try await house.takenIn(.dataChange, client, portal)
        await #expect(throws: RequestRefusal.needsDecision) {
            try await house.perform(AnswerRequest(request: change, answer: "Tak."), as: House.ewa, portal)
        }
        try await house.perform(ConfirmIdentity(request: change, method: .callBack), as: House.ewa, portal)
        await #expect(throws: RequestRefusal.wrongReason) {
            try await house.perform(
                ProposeRequest(request: change, outcome: .granted, reason: .notProven, note: ""),
                as: House.ewa,
                portal
            )
        }
        #expect(try await house.value("state", change) == "assessment")
    }

    @Test func `a document is added once, until the decision, and so many of them`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.instalmentChange, try await house.client(portal), portal)
        let page = PageImage(width: 1, height: 1, bytes: [0xFF, 0xD8])
        func scan(_ byte: Int) -> PreparedScan {
            PreparedScan(mediaType: "image/jpeg", original: Array("\(byte)".utf8), pages: [page])
        }
        let first = AddEvidence(request: id, scan: scan(0))
        await #expect(throws: AccessDenied.self) { try await house.perform(first, as: House.olga, portal) }
        let other = try await house.portal("arval")
        await #expect(throws: NoSuchRequest.self) { try await house.perform(first, as: House.ewa, other) }
        async let one = house.perform(first, as: House.ewa, portal)
        async let two = house.perform(first, as: House.anna, portal)
        let ids = try await [one, two]
        #expect(Set(ids).count == 1)
        #expect(try await house.trail(id).count { $0 == "request.scan_added" } == 1)
        for n in 1..<AddEvidence.limit {
            _ = try await house.perform(AddEvidence(request: id, scan: scan(n)), as: House.ewa, portal)
        }
        await #expect(throws: AddEvidence.Refusal.tooMany(limit: AddEvidence.limit)) {
            try await house.perform(AddEvidence(request: id, scan: scan(99)), as: House.ewa, portal)
        }
        let decided = try await StepCase.granted(.instalmentChange)(house, portal)
        await #expect(throws: AddEvidence.Refusal.over(.executing)) {
            try await house.perform(AddEvidence(request: decided, scan: scan(1)), as: House.ewa, portal)
        }
    }

    private func refusal(_ body: @Sendable () async throws -> Void) async -> RequestRefusal? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RequestRefusal
        }
    }
}
