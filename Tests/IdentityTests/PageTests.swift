import DeskKit
import HTTPTypes
import Portals
import TestKit
import Testing

@testable import Access
@testable import Identity

/// What staff see of a case.
struct PageTests {
    @Test func `a case is begun, asked, compared and passed on pages that never show an answer`() async throws {
        let desk = try await Fixture.make()
        let begin = "/identity/klientefl/clients/1"
        let page = try await desk.get("\(begin)?account=\(desk.account)")
        #expect(page.status == .ok)
        #expect(page.body.contains("Jan Wójcik"))
        #expect(!page.body.contains("500000127"))
        let opened = try await desk.post(begin, ["channel": "phone", "account": "\(desk.account)"])
        #expect(opened.status == .seeOther)
        let asked = try await desk.get(opened.location)
        for secret in ["EFL/2024/77", "WX 00001", "FV/11/2026", "+48 500 000 127"] {
            #expect(!asked.body.contains(secret))
        }
        let id = VerificationID(Int64(opened.location.split(separator: "/").last ?? "") ?? 0)
        let partly = try await desk.post("\(opened.location)/answers", ["answer-1": "kept <text>"])
        #expect(partly.status == .unprocessableContent)
        #expect(partly.body.contains("kept &lt;text&gt;"))
        let fields = try await desk.answers(id).map { ("answer-\($0.key)", $0.value) }
        let passed = try await desk.post(
            "\(opened.location)/answers",
            Dictionary(uniqueKeysWithValues: fields)
        )
        #expect(passed.status == .seeOther)
        #expect(try await desk.get(opened.location).body.contains("Verified until"))
        let again = try await desk.post("\(opened.location)/withdrawal")
        #expect(again.status == .conflict)
    }

    @Test func `the number to call back is shown once it is in the trail, and not on the page itself`() async throws {
        let desk = try await Fixture.make()
        let opened = try await desk.post(
            "/identity/klientefl/clients/1",
            ["channel": "call_back", "account": "\(desk.account)"]
        )
        #expect(try await !desk.get(opened.location).body.contains("500 000 127"))
        let shown = try await desk.post("\(opened.location)/number")
        #expect(shown.body.contains("500 000 127"))
        #expect(try await desk.audited().last == "verification.number_shown")
        let wrong = try await desk.post("\(opened.location)/steps", ["position": "1", "result": "wrong"])
        #expect(wrong.status == .seeOther)
        #expect(try await desk.get(opened.location).body.contains("Not verified"))
    }

    @Test func `a refusal stands at the way that was chosen, and the second to open is led to the first's`()
        async throws
    {
        let desk = try await Fixture.make()
        let empty = try await desk.post("/identity/klientefl/clients/2")
        #expect(empty.status == .unprocessableContent)
        let few = try await desk.post("/identity/klientefl/clients/2", ["channel": "phone"])
        #expect(few.status == .conflict)
        #expect(few.body.contains("knows too little"))
        let first = try await desk.post("/identity/klientefl/clients/2", ["channel": "counter"])
        let second = try await desk.post("/identity/klientefl/clients/2", ["channel": "counter"])
        #expect(second.location == first.location)
    }

    @Test func `nobody is verified whose data the law alone keeps, and no page names them`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.counter, account: nil)
        try await desk.database.sql(
            """
            INSERT INTO erasure (portal_id, client_id, plan_hash, made_by) VALUES (1, 1, '', 1);
            INSERT INTO client_restriction (portal_id, client_id, erasure_id, until)
            SELECT 1, client_id, id, '2031-12-31' FROM erasure
            """
        )
        for path in ["/identity/klientefl/clients/1", "/identity/klientefl/\(id)"] {
            for role in [Role.helpdesk, .privacyOfficer] {
                let page = try await desk.get(path, as: [role])
                #expect(page.status == .forbidden, "\(path)")
                #expect(!page.body.contains("Łódzka") && !page.body.contains("Wójcik"), "\(path)")
            }
        }
        let opened = try await desk.post("/identity/klientefl/clients/1", ["channel": "counter"])
        #expect(opened.status == .notFound)
        #expect(try await desk.database.value("SELECT count(*) FROM verification") == "1")
    }

    @Test func `a missing right is refused, and another portal's client does not exist`() async throws {
        let desk = try await Fixture.make()
        #expect(try await desk.get("/identity/klientefl/clients/1", as: [.auditor]).status == .forbidden)
        let refused = try await desk.post("/identity/klientefl/clients/1", ["channel": "counter"], as: [.scheduler])
        #expect(refused.status == .forbidden)
        #expect(try await desk.get("/identity/arval/clients/1").status == .notFound)
        #expect(try await desk.get("/identity/klientefl/clients/77").status == .notFound)
        #expect(try await desk.get("/identity/klientefl/77").status == .notFound)
    }
}
