import DeskKit
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct RouteTests {
    /// Everything that a step's form may hold; each step reads its own.
    static func fields(_ step: Step, text: String = "Tekst <b>dla</b> klienta") -> [String: String] {
        let reasons: [Step: String] = [
            .pause: "clarification", .extend: "complex", .propose: "goodwill", .decide: "goodwill",
        ]
        return [
            "method": "call_back", "outcome": "granted", "reason": reasons[step] ?? "", "text": text, "original": "2",
            "until": "2126-01-01",
        ]
    }

    @Test(arguments: StepCase.all)
    func `a step over HTTP is refused to foreign forms, missing rights and other portals, and then taken`(
        step: StepCase
    ) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await step.prepare(house, portal)
        let fields = Self.fields(step.step)
        let path = "/requests/klientefl/\(id)/\(step.step.rawValue)"
        let counter = house.counter(step.one)
        let version = try await house.value("version", id)
        #expect(try await counter.post(path, fields, token: .foreign).status == .forbidden)
        #expect(try await house.counter(step.stranger).post(path, fields).status == .forbidden)
        #expect(try await house.counter(House.gabor).post(path, fields).status == .forbidden)
        for key in ["legitimo", "arval", "no-such"] {
            let elsewhere = "/requests/\(key)/\(id)/\(step.step.rawValue)"
            #expect(try await counter.post(elsewhere, fields).status == .notFound, "\(key)")
        }
        #expect(try await counter.post("/requests/klientefl/999/\(step.step.rawValue)", fields).status == .notFound)
        #expect(try await house.value("version", id) == version)
        let done = try await counter.post(path, fields)
        #expect(done.status == .seeOther)
        #expect(done.location == "/requests/klientefl/\(id)")
        #expect(try await house.value("state", id) == step.state)
        let page = try await counter.get(done.location)
        #expect(page.status == .ok)
    }

    @Test(arguments: StepCase.all.filter { [.pause, .extend, .propose, .decide, .return, .answer].contains($0.step) })
    func `what was typed stays when the page is old or a choice is missing, and nothing is done`(
        step: StepCase
    ) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await step.prepare(house, portal)
        let counter = house.counter(step.one)
        let path = "/requests/klientefl/\(id)/\(step.step.rawValue)"
        let trail = try await house.trail(id).filter { $0 != "request.viewed" }
        var fields = Self.fields(step.step, text: "Pisane od rana & do nocy")
        let old = try await counter.post(path, fields, token: .expired)
        #expect(old.status == .forbidden)
        #expect(old.body.contains("Pisane od rana &amp; do nocy"))
        if step.step != .return, step.step != .answer {
            fields["reason"] = ""
            let refused = try await counter.post(path, fields)
            #expect(refused.status == .unprocessableContent)
            #expect(refused.body.contains("Choose one of the offered values."))
            #expect(refused.body.contains("Pisane od rana &amp; do nocy"))
        }
        #expect(try await house.trail(id).filter { $0 != "request.viewed" } == trail)
    }

    @Test func `a refusal is said on the page with what was typed, as a conflict or as a mistake`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let id = try await house.takenIn(.complaint, client, portal)
        let path = "/requests/klientefl/\(id)"
        let wrong = try await house.counter().post("\(path)/duplicate", ["original": "R-77"])
        #expect(wrong.status == .unprocessableContent)
        #expect(wrong.body.contains("This client has no other request of that number."))
        #expect(wrong.body.contains("R-77"))
        #expect(try await house.counter().post("\(path)/duplicate", ["original": "x"]).status == .unprocessableContent)
        #expect(try await house.counter().post("\(path)/no-such", [:]).status == .notFound)
        let taken = try await house.counter(House.anna).post("\(path)/take")
        #expect(taken.status == .conflict)
        #expect(taken.body.contains("Ewa Wilk works on it already."))
        let proposed = try await StepCase.proposed(.instalmentChange)(house, portal)
        try await house.test.sql("UPDATE client_request SET proposed_by = 2 WHERE id = \(proposed)")
        let own = try await house.counter(House.piotr).post(
            "/requests/klientefl/\(proposed)/decide",
            Self.fields(.decide)
        )
        #expect(own.status == .forbidden)
        #expect(own.body.contains("You proposed this; somebody else decides."))
    }

    @Test func `the intake keeps what was typed, says what is wrong at its field, and takes in once`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let counter = house.counter()
        let path = "/requests/klientefl/new"
        var fields = [
            "kind": "complaint", "client": "\(client)", "channel": "phone", "received_on": "2124-01-01",
            "requester_name": "Maria „Kowalska”", "language": "pl", "reply_to": "nobody", "statement": "Nie działa.",
            "form_key": "AAAAAAAAAAAAAAAAAAAAAA",
        ]
        #expect(try await counter.post(path, fields, token: .foreign).status == .forbidden)
        #expect(try await house.counter(House.olga).post(path, fields).status == .forbidden)
        #expect(try await counter.post("/requests/legitimo/new", fields).status == .notFound)
        #expect(try await counter.post("/requests/arval/new", fields).status == .notFound)
        let wrong = try await counter.post(path, fields)
        #expect(wrong.status == .unprocessableContent)
        for text in ["This is no e-mail address.", "Maria „Kowalska”", "Nie działa.", "2124-01-01", "nobody"] {
            #expect(wrong.body.contains(text), "\(text)")
        }
        fields["reply_to"] = ""
        let ahead = try await counter.post(path, fields)
        #expect(ahead.status == .unprocessableContent)
        #expect(ahead.body.contains("The day lies ahead."))
        let old = try await counter.post(path, fields, token: .expired)
        #expect(old.body.contains("Nie działa."))
        #expect(try await house.test.value("SELECT count(*) FROM client_request") == "0")
        fields["received_on"] = try await house.today(portal).iso
        let once = try await counter.post(path, fields)
        let twice = try await counter.post(path, fields)
        #expect(once.status == .seeOther && twice.location == once.location)
        #expect(try await house.test.value("SELECT count(*) FROM client_request") == "1")
        #expect(try await counter.get(once.location).body.contains("Maria „Kowalska”"))
    }

    @Test func `documents are refused to foreign forms, missing rights, other portals and as what they are not`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let path = "/requests/klientefl/\(id)/scans"
        #expect(try await house.counter().upload(path, "x", token: .foreign).status == .forbidden)
        #expect(try await house.counter(House.olga).upload(path, "x").status == .forbidden)
        for other in ["/requests/legitimo/\(id)/scans", "/requests/arval/\(id)/scans", "/requests/klientefl/99/scans"] {
            #expect(try await house.counter().upload(other, "x").status == .notFound, "\(other)")
        }
        let refused = try await house.counter().upload(path, "no picture at all")
        #expect(refused.status == .seeOther)
        #expect(try await house.trail(id) == ["request.received"])
        for image in ["/requests/klientefl/\(id)/scans/1/1", "/requests/legitimo/\(id)/scans/1/1"] {
            #expect(try await house.counter().get(image).status == .notFound)
        }
    }

    @Test func `a letter is read before it goes out and as it went out, by whoever may, at its own portal`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let path = "/requests/klientefl/\(id)"
        let preview = ["text": "Naprawione wczoraj."]
        let seen = try await house.counter().post("\(path)/preview/answer", preview)
        #expect(seen.status == .ok)
        #expect(seen.body.contains("Naprawione wczoraj."))
        #expect(try await house.counter().post("\(path)/preview/answer", preview, token: .foreign).status == .forbidden)
        for action in ["preview/answer", "preview/answer/print"] {
            #expect(
                try await house.counter(House.gabor).post("\(path)/\(action)", preview).status == .forbidden
            )
            #expect(try await house.counter().post("/requests/legitimo/\(id)/\(action)", preview).status == .notFound)
        }
        #expect(try await house.counter().post("\(path)/preview/no-such", preview).status == .notFound)
        #expect(try await house.letters(id) == ["receipt"])
        let letter = try await house.test.value("SELECT id FROM request_letter") ?? ""
        #expect(try await house.counter(House.olga).get("\(path)/letters/\(letter)").status == .ok)
        #expect(try await house.counter().get("/requests/legitimo/\(id)/letters/\(letter)").status == .notFound)
        #expect(try await house.counter(House.gabor).get("\(path)/letters/\(letter)").status == .forbidden)
        #expect(try await house.trail(id).filter { $0 == "request.letter_viewed" }.count == 1)
    }

    @Test func `the next request is handed out to whoever may work, and to nobody by a foreign form`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        try await house.test.sql("UPDATE client_request SET held_by = NULL, held_at = NULL")
        #expect(try await house.counter().post("/requests/next", token: .foreign).status == .forbidden)
        #expect(try await house.counter(House.gabor).post("/requests/next").status == .forbidden)
        #expect(try await house.counter(House.olga).post("/requests/next").location == "/requests")
        #expect(try await house.value("held_by", id) == nil)
        #expect(try await house.counter().post("/requests/next").location == "/requests/klientefl/\(id)")
        #expect(try await house.counter(House.anna).post("/requests/next").location == "/requests")
    }

    @Test func `a client's erasure is proposed and decided on its page, and carried out by its plan`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await StepCase.assessed(.erasure)(house, portal)
        let client = try await house.value("client_id", id) ?? ""
        let path = "/requests/klientefl/\(id)"
        #expect(try await house.counter().get(path).body.contains("\(path)/propose"))
        let choice = ["outcome": "granted", "reason": "ground_applies", "text": ""]
        #expect(try await house.counter().post("\(path)/propose", choice).status == .seeOther)
        let officer = house.counter(House.piotr)
        let page = try await officer.get(path)
        #expect(page.body.contains("\(path)/decide"))
        #expect(page.body.contains("/requests/klientefl/erasures/\(client)"))
        #expect(try await officer.post("\(path)/decide", choice).status == .seeOther)
        #expect(try await house.value("state", id) == "executing")
        #expect(try await !house.counter(House.jan).get(path).body.contains("\(path)/execute"))
    }
}
