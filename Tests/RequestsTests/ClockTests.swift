import Access
import DeskApp
import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct ClockTests {
    private func end(_ house: House, _ day: String, _ number: Int, _ unit: ClockUnit) async throws -> String {
        let start = try #require(CivilDate(iso: day))
        let portal = try await house.portal().id
        return try await house.installation.desk.database.read(.portal(portal)) {
            try Clocks().end(of: number, unit, after: start, portal: portal, in: $0).iso
        }
    }

    @Test func `terms end as Regulation 1182 says, on a working day of the country`() async throws {
        let house = try await House.make()
        #expect(try await end(house, "2026-01-31", 1, .month) == "2026-03-02")
        #expect(try await end(house, "2026-10-15", 1, .month) == "2026-11-16")
        #expect(try await end(house, "2026-11-20", 2, .calendar) == "2026-11-23")
        #expect(try await end(house, "2026-10-12", 30, .calendar) == "2026-11-12")
        #expect(try await end(house, "2026-11-10", 2, .working) == "2026-11-13")
        #expect(try await end(house, "2026-11-20", 5, .working) == "2026-11-27")
        #expect(try await end(house, "2026-11-21", 1, .working) == "2026-11-23")
    }

    @Test func `a country's own rule stands before that of all countries`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("arval")
        let id = try await house.takenIn(.dataChange, try await house.client(portal), portal)
        #expect(try await house.value("clock_country || ' ' || clock_number", id) == "RU 7")
        #expect(try await house.value("clock_unit", id) == "working")
    }

    @Test func `a pause needs a letter, stops the clock and moves the date by its days, but never the legal one`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.dataChange, try await house.client(portal), portal)
        await #expect(throws: RequestRefusal.noteMissing) {
            try await house.perform(PauseRequest(request: id, reason: .document, question: ""), as: House.ewa, portal)
        }
        try await house.perform(
            PauseRequest(request: id, reason: .document, question: "Odpis aktu małżeństwa"),
            as: House.ewa,
            portal
        )
        #expect(try await house.value("state || ' ' || paused_from", id) == "waiting_client identity")
        #expect(try await house.letters(id) == ["receipt", "question"])
        await #expect(throws: RequestRefusal.notThere(.waitingClient)) {
            try await house.perform(PauseRequest(request: id, reason: .document, question: "?"), as: House.ewa, portal)
        }
        try await house.test.sql("UPDATE request_pause SET started_on = started_on - 4")
        let due = try await house.value("add_working_days(portal_id, effective_due + 4, 0)", id)
        try await house.perform(ResumeRequest(request: id), as: House.ewa, portal)
        #expect(try await house.value("state", id) == "identity")
        #expect(try await house.value("effective_due", id) == due)
        #expect(try await house.value("effective_due - statutory_due >= 4", id) == "t")
        #expect(try await house.trail(id).suffix(2) == ["request.paused", "request.resumed"])
        await #expect(throws: RequestRefusal.notThere(.identity)) {
            try await house.perform(ResumeRequest(request: id), as: House.ewa, portal)
        }
    }

    @Test func `a term is extended once, before the legal date, where the law knows it`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.erasure, try await house.client(portal), portal)
        let extend = ExtendRequest(request: id, reason: .complex, text: "Wiele umów.")
        try await house.perform(extend, as: House.ewa, portal)
        #expect(try await house.value("effective_due > statutory_due + 55", id) == "t")
        #expect(try await house.letters(id) == ["receipt", "extended"])
        await #expect(throws: RequestRefusal.extendedBefore) { try await house.perform(extend, as: House.ewa, portal) }
        let complaint = try await house.takenIn(.complaint, try await house.client(portal), portal)
        await #expect(throws: RequestRefusal.noExtension) {
            try await house.perform(
                ExtendRequest(request: complaint, reason: .complex, text: ""),
                as: House.ewa,
                portal
            )
        }
        var draft = try await house.draft(.erasure, try await house.client(portal), portal)
        draft.receivedOn = try #require(draft.receivedOn.adding(days: -60))
        let late = try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        await #expect(throws: RequestRefusal.tooLate) {
            try await house.perform(ExtendRequest(request: late, reason: .complex, text: ""), as: House.ewa, portal)
        }
        await #expect(throws: (any Error).self) {
            try await house.test.sql("UPDATE client_request SET extended_at = now() WHERE id = \(late)")
        }
    }

    @Test func `rules never change`() async throws {
        let house = try await House.make()
        await #expect(throws: (any Error).self) { try await house.test.sql("UPDATE clock_rule SET number = 2") }
    }
}
