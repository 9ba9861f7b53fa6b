import Access
import DeskApp
import DeskKit
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

/// A queue as its people arrange it: what is laid aside, what is kept under a name, what the main system is to be told.
@Suite struct LayAsideTests {
    private func next(_ house: House, _ who: House.Who = House.anna) async throws -> String {
        try await house.counter(who).post("/requests/next").location
    }

    @Test func `a request laid aside is handed to nobody before its day, and comes back by itself`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let tomorrow = try #require(try await house.today(portal).adding(days: 1))
        try await house.perform(
            SnoozeRequest(request: id, until: tomorrow, reason: "Warsztat oddzwoni"),
            as: House.ewa,
            portal
        )
        #expect(try await house.value("held_by IS NULL AND state = 'assessment'", id) == "t")
        #expect(try await house.trail(id).last == "request.snoozed")
        #expect(try await next(house) == "/requests")
        let path = "/requests/klientefl/\(id)"
        #expect(try await !house.counter().get("/requests").body.contains(path))
        #expect(try await house.counter().get("/requests?view=snoozed").body.contains(path))
        #expect(try await house.counter().get(path).body.contains("Warsztat oddzwoni"))
        try await house.test.sql("UPDATE client_request SET snoozed_until = snoozed_until - 1")
        #expect(try await house.counter().get("/requests").body.contains(path))
        #expect(try await next(house) == path)
    }

    @Test func `no request sleeps past its answer, into the past or without a reason`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let today = try await house.today(portal)
        let book = house.rooms.requests.book
        let found = try await house.installation.desk.database.read(.portal(portal.id)) {
            try book.find(id, portal: portal.id, in: $0)
        }
        let due = try #require(found).effectiveDue
        for day in [today, today.adding(days: -1), due.adding(days: 1)] {
            let until = try #require(day)
            await #expect(throws: RequestRefusal.snoozeDay) {
                try await house.perform(SnoozeRequest(request: id, until: until, reason: "x"), as: House.ewa, portal)
            }
        }
        await #expect(throws: RequestRefusal.noteMissing) {
            try await house.perform(SnoozeRequest(request: id, until: due, reason: ""), as: House.ewa, portal)
        }
        await #expect(throws: RequestRefusal.heldBy("Ewa Wilk")) {
            try await house.perform(SnoozeRequest(request: id, until: due, reason: "x"), as: House.anna, portal)
        }
        await #expect(throws: (any Error).self) {
            try await house.test.sql("UPDATE client_request SET snoozed_until = effective_due + 1")
        }
        let page = try await house.counter().post(
            "/requests/klientefl/\(id)/snooze",
            ["until": "kiedyś", "text": "Czeka & czeka"]
        )
        #expect(page.status == .unprocessableContent)
        #expect(page.body.contains("kiedyś") && page.body.contains("Czeka &amp; czeka"))
        #expect(try await house.value("snoozed_until", id) == nil)
    }

    @Test func `a request that moves on is awake`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let tomorrow = try #require(try await house.today(portal).adding(days: 1))
        try await house.perform(SnoozeRequest(request: id, until: tomorrow, reason: "x"), as: House.ewa, portal)
        try await house.perform(AnswerRequest(request: id, answer: "Naprawione."), as: House.ewa, portal)
        #expect(try await house.value("snoozed_until IS NULL AND snooze_reason IS NULL", id) == "t")
    }

    // MARK: views under names

    @Test func `a view is kept for whoever made it, shown above the queue and forgotten again`() async throws {
        let house = try await House.make()
        let fields = ["name": "Pilne reklamacje", "view": "overdue", "kind": "complaint"]
        let saved = try await house.counter().post("/requests/views", fields)
        #expect(saved.location == "/requests?view=overdue&kind=complaint")
        #expect(try await house.counter().get("/requests").body.contains("Pilne reklamacje"))
        #expect(try await !house.counter(House.anna).get("/requests").body.contains("Pilne reklamacje"))
        let id = try await house.test.value("SELECT id FROM request_view") ?? ""
        #expect(try await house.counter(House.anna).post("/requests/views/remove", ["id": id]).status == .notFound)
        #expect(try await house.counter().post("/requests/views/remove", ["id": id]).status == .seeOther)
        #expect(try await house.counter().post("/requests/views/remove", ["id": id]).status == .notFound)
        #expect(
            try await house.test.sql("SELECT action FROM audit_event WHERE action LIKE 'request.view_%' ORDER BY id")
                == [["request.view_saved"], ["request.view_removed"]]
        )
    }

    @Test func `a view without a name, with one in use or one too many is refused, and what was typed stays`()
        async throws
    {
        let house = try await House.make()
        let counter = house.counter()
        #expect(try await counter.post("/requests/views", ["name": "A"]).status == .seeOther)
        let again = try await counter.post("/requests/views", ["name": "A", "view": "mine"])
        #expect(again.status == .unprocessableContent)
        #expect(again.body.contains("You have a view of this name."))
        #expect(try await counter.post("/requests/views", ["name": ""]).status == .unprocessableContent)
        let long = String(repeating: "ż", count: 61)
        #expect(try await counter.post("/requests/views", ["name": long]).body.contains(long))
        #expect(try await counter.post("/requests/views", ["name": "B"], token: .foreign).status == .forbidden)
        let old = try await counter.post("/requests/views", ["name": "Stara strona"], token: .expired)
        #expect(old.status == .unprocessableContent && old.body.contains("Stara strona"))
        #expect(try await house.counter(House.gabor).post("/requests/views", ["name": "B"]).status == .forbidden)
        for n in 2...SaveView.limit { _ = try await counter.post("/requests/views", ["name": "A\(n)"]) }
        let full = try await counter.post("/requests/views", ["name": "Trzynasty"])
        #expect(full.body.contains("Twelve views are enough"))
        #expect(try await house.test.value("SELECT count(*) FROM request_view") == "\(SaveView.limit)")
    }

    @Test func `of two who press at once one view comes of it`() async throws {
        let house = try await House.make()
        let counter = house.counter()
        async let one = counter.post("/requests/views", ["name": "A"])
        async let two = counter.post("/requests/views", ["name": "A"])
        #expect(try await [one.status.code, two.status.code].sorted() == [303, 422])
        #expect(
            try await house.test.value("SELECT count(*) FROM audit_event WHERE action = 'request.view_saved'") == "1"
        )
    }

    // MARK: the main system

    @Test func `what was decided stands in the main system's list until it has it`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        #expect(try await house.counter().get("/requests/main-system").body.contains("Nothing to be told"))
        let id = try await StepCase.granted(.dataChange)(house, portal)
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        let list = try await house.counter(House.olga).get("/requests/main-system").body
        #expect(list.contains("/requests/klientefl/\(id)"))
        #expect(!list.contains("Maria Nowak"), "the new value is read on the request, where the look is recorded")
        #expect(try await house.counter(House.gabor).get("/requests/main-system").status == .forbidden)
        try await house.perform(ConfirmChanges(request: id), as: House.anna, portal)
        #expect(try await !house.counter().get("/requests/main-system").body.contains("/requests/klientefl/\(id)"))
    }

    @Test func `another portal's changes are not in the list`() async throws {
        let house = try await House.make()
        let other = try await house.portal("arval")
        let id = try await StepCase.granted(.dataChange)(house, other)
        try await house.perform(ExecuteRequest(request: id), as: House.anna, other)
        #expect(try await !house.counter().get("/requests/main-system").body.contains("/requests/arval"))
    }
}
