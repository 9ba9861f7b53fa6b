import Access
import DeskApp
import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct QueueTests {
    private func next(_ house: House, _ who: House.Who, _ portal: PortalProfile) async throws -> ClientRequestID? {
        let staff = house.context(who, portal)
        let command = TakeNext(portals: [portal])
        return try await house.installation.desk.database.transaction(.portal(portal.id, staff: who.id)) {
            try command.run(staff, house.rooms.requests.book, reference: nil, in: $0)?.id
        }
    }

    @Test func `take next gives the most urgent one, and never the same to two`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        for _ in 0..<3 { _ = try await house.takenIn(.complaint, client, portal) }
        try await house.test.sql("UPDATE client_request SET held_by = NULL, held_at = NULL")
        try await house.test.sql("UPDATE client_request SET effective_due = effective_due - 1 WHERE id = 2")
        async let one = next(house, House.ewa, portal)
        async let two = next(house, House.anna, portal)
        let taken = try await [one, two].compactMap { $0 }
        #expect(Set(taken).count == 2)
        #expect(taken.contains(ClientRequestID(2)))
        let third = try await next(house, House.piotr, portal)
        #expect(third.map { !taken.contains($0) } == true)
        #expect(try await next(house, House.jan, portal) == nil)
        #expect(try await house.trail(ClientRequestID(2)).last == "request.taken")
    }

    @Test func `what waits for a second person goes to nobody who may not be it`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.instalmentChange, try await house.client(portal), portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.jan, portal)
        try await house.perform(
            ProposeRequest(request: id, outcome: .granted, reason: .goodwill, note: ""),
            as: House.jan,
            portal
        )
        #expect(try await next(house, House.ewa, portal) == nil)
        #expect(try await next(house, House.jan, portal) == nil)
        #expect(try await next(house, House.olga, portal) == nil)
        #expect(try await next(house, House.piotr, portal) == id)
    }

    @Test func `a request is taken, put back and taken by somebody else, but never from under somebody`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        await #expect(throws: RequestRefusal.heldBy("Ewa Wilk")) {
            try await house.perform(TakeRequest(request: id), as: House.anna, portal)
        }
        try await house.perform(ReleaseRequest(request: id), as: House.ewa, portal)
        try await house.perform(TakeRequest(request: id), as: House.anna, portal)
        #expect(try await house.value("held_by", id) == "1")
    }

    @Test func `the queue is in the order of dates, page by page, with every view and kind`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        for kind in [RequestKind.complaint, .contact, .complaint, .dataChange] {
            _ = try await house.takenIn(kind, client, portal)
        }
        try await house.test.sql("UPDATE client_request SET effective_due = current_date - 5 WHERE id = 3")
        func list(_ view: QueueView, kind: String? = nil, after: QueueLine? = nil) async throws -> [QueueLine] {
            let portals = [portal.id]
            let parameters: Parameters = [
                "portals": portals, "kind": kind, "view": view.rawValue, "staff": House.ewa.id, "limit": 2,
                "after": after?.effectiveDue, "after_portal": after?.portalID, "after_id": after?.id,
            ]
            return try await house.installation.desk.database.read(.portal(portal.id)) {
                try $0.all(QueueQueries.listOpen, parameters)
            }
        }
        let first = try await list(.all)
        #expect(first.first?.id == ClientRequestID(3))
        #expect(first.first?.severity == .overdue)
        let second = try await list(.all, after: first.last)
        #expect((first + second).count == 4)
        #expect(Set((first + second).map(\.id)).count == 4)
        #expect(try await list(.overdue).map(\.id) == [ClientRequestID(3)])
        #expect(try await list(.all, kind: "contact").map(\.id) == [ClientRequestID(2)])
        #expect(try await list(.mine).count == 2)
        #expect(try await list(.unassigned).isEmpty)
        #expect(try await list(.second).isEmpty)
        #expect(try await list(.waiting).isEmpty)
    }

    @Test func `a duplicate ends with a link to the other one of the same client`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let one = try await house.takenIn(.complaint, client, portal)
        let two = try await house.takenIn(.complaint, client, portal)
        let stranger = try await house.takenIn(.complaint, try await house.client(portal, name: "Jan"), portal)
        for wrong in [two, stranger, ClientRequestID(999)] {
            await #expect(throws: RequestRefusal.noSuchOriginal) {
                try await house.perform(MarkDuplicate(request: two, original: wrong), as: House.ewa, portal)
            }
        }
        try await house.perform(MarkDuplicate(request: two, original: one), as: House.ewa, portal)
        #expect(try await house.value("state || ' ' || duplicate_of", two) == "duplicate \(one)")
    }
}
