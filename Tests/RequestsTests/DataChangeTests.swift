import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct DataChangeTests {
    /// A change that was decided and waits to be carried out.
    private func decided(
        _ house: House,
        _ portal: PortalProfile,
        _ client: ClientID,
        _ lane: ChangeLane,
        _ changes: [ChangeDraft]
    ) async throws -> ClientRequestID {
        var draft = try await house.draft(.dataChange, client, portal)
        draft.lane = lane
        draft.changes = changes
        let id = try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .documentAtCounter), as: House.ewa, portal)
        try await house.perform(
            ProposeRequest(request: id, outcome: .granted, reason: .requirementsMet, note: ""),
            as: House.ewa,
            portal
        )
        #expect(try await house.grant(id, portal) == .decided(.executing))
        return id
    }

    @Test func `a surname is corrected whatever is owed, and the old value stays beside the new one`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal, key: "C-1")
        try await house.debt(client, portal)
        let id = try await decided(
            house,
            portal,
            client,
            .record,
            [ChangeDraft(field: .name, newValue: "Maria Nowak")]
        )
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        #expect(try await house.value("state", id) == "verifying")
        #expect(
            try await house.test.value("SELECT old_value || ' > ' || new_value FROM data_change")
                == "Maria Kowalska > Maria Nowak"
        )
        #expect(try await house.test.value("SELECT name FROM client WHERE id = \(client)") == "Maria Kowalska")
        #expect(try await house.letters(id) == ["receipt", "changed"])
        #expect(try await house.trail(id).suffix(2) == ["request.in_force", "request.executed"])
    }

    @Test func `a contract is not changed while something is overdue, and the refusal names what`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let contract = ContractID(try await house.debt(client, portal))
        var draft = try await house.draft(.dataChange, client, portal)
        draft.lane = .contract
        draft.changes = [ChangeDraft(field: .garageAddress, newValue: "ul. Nowa 1, Łódź", contract: contract)]
        let id = try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        let propose = ProposeRequest(request: id, outcome: .granted, reason: .requirementsMet, note: "")
        do {
            try await house.perform(propose, as: House.ewa, portal)
            Issue.record("proposed in spite of arrears")
        } catch RequestRefusal.obstacles(let found) {
            #expect(found.map(\.kind) == [.instalment])
            #expect(found.first?.number == "U-\(client) / 7")
            #expect(found.first?.amountMinor == 184_500)
        }
        #expect(try await house.value("state", id) == "assessment")
        try await house.pay(client, portal)
        try await house.perform(propose, as: House.ewa, portal)
        #expect(try await house.value("state", id) == "decision")
    }

    @Test func `arrears that come up before the contract is changed stop it, and nothing is written`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let contract = ContractID(try await house.debt(client, portal))
        try await house.pay(client, portal)
        let id = try await decided(
            house,
            portal,
            client,
            .contract,
            [ChangeDraft(field: .annex, newValue: "36 rat", contract: contract)]
        )
        try await house.test.sql("DELETE FROM payment")
        await #expect(throws: ExecutionStopped.self) {
            try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        }
        #expect(try await house.value("state", id) == "executing")
        #expect(try await house.test.value("SELECT count(*) FROM data_change WHERE in_force_at IS NOT NULL") == "0")
    }

    @Test func `the confirmation goes to the old and the new contact`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal, key: "C-1")
        try await house.test.sql(
            """
            INSERT INTO contact (portal_id, client_id, kind, value, trusted)
            VALUES (\(portal.id), \(client), 'phone', '+48500000127', true)
            """
        )
        let id = try await decided(
            house,
            portal,
            client,
            .record,
            [
                ChangeDraft(field: .email, newValue: "nowa@example.pl"),
                ChangeDraft(field: .phone, newValue: "+48600000999"),
            ]
        )
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        let hints = try await house.test.sql(
            "SELECT recipient_hint FROM message WHERE kind = 'requests.changed' ORDER BY id"
        ).compactMap { $0[0] }
        #expect(hints == ["m•••@example.pl", "n•••@example.pl", "+48 ••• ••• 127", "+48 ••• ••• 999"])
    }

    @Test func `the change stays over the book until an import brings it, and neither reverts nor doubles it`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal, key: "C-1")
        let id = try await decided(
            house,
            portal,
            client,
            .record,
            [ChangeDraft(field: .name, newValue: "Maria Nowak")]
        )
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "verifying")
        try await house.test.sql("UPDATE client SET name = 'MARIA  NOWAK' WHERE id = \(client)")
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "closed")
        #expect(try await house.test.value("SELECT count(*) FROM data_change WHERE confirmed_at IS NOT NULL") == "1")
        #expect(try await house.trail(id).last == "request.confirmed")
    }

    @Test func `what no import carries is confirmed by a person`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal, key: "C-1")
        let id = try await decided(
            house,
            portal,
            client,
            .record,
            [ChangeDraft(field: .identityDocument, newValue: "ABA300000")]
        )
        await #expect(throws: RequestRefusal.notThere(.executing)) {
            try await house.perform(ConfirmChanges(request: id), as: House.anna, portal)
        }
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "verifying")
        try await house.perform(ConfirmChanges(request: id), as: House.anna, portal)
        #expect(try await house.value("state", id) == "closed")
    }

    @Test func `a contract of somebody else is refused`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let stranger = try await house.client(portal, name: "Jan Obcy")
        let contract = ContractID(try await house.debt(stranger, portal))
        var draft = try await house.draft(.dataChange, client, portal)
        draft.lane = .contract
        draft.changes = [ChangeDraft(field: .annex, newValue: "36 rat", contract: contract)]
        await #expect(throws: TakeIn.Refusal.noSuchContract) {
            try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        }
        #expect(try await house.test.value("SELECT count(*) FROM client_request") == "0")
    }
}
