import Access
import DeskApp
import DeskKit
import Foundation
import HTTPTypes
import Identity
import Portals
import Postgres
import TestKit
import Testing

@testable import Audit
@testable import Requests

/// What keeps a request from being carried by too little, and what is said before it is done.
@Suite struct CareTests {
    /// What the newest letter about a request says, opened as its page opens it.
    private func newest(_ id: ClientRequestID, _ house: House, _ portal: PortalProfile) async throws -> String {
        let key = try await house.test.value("SELECT max(id) FROM request_letter WHERE request_id = \(id)")
        let letter = try #require(key.flatMap { Int64($0) })
        let seen = try await house.perform(ViewLetter(request: id, letter: letter), as: House.olga, portal)
        return seen.content?.body ?? ""
    }

    @Test(arguments: [(RequestKind.erasure, true), (.accountDeletion, true), (.accessCopy, true), (.dataChange, false)])
    func `questions by phone do not carry what ends an account or gives data away`(
        kind: RequestKind,
        isBarred: Bool
    ) async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let id = try await house.takenIn(kind, client, portal)
        func verify(_ strength: String) async throws {
            try await house.test.sql(
                """
                INSERT INTO verification (portal_id, client_id, channel, strength, valid_minutes, opened_by, expires_at,
                    state, closed_at, valid_until)
                VALUES (\(portal.id), \(client), 'phone', '\(strength)', 30, 3, now(), 'passed', now(),
                    now() + interval '30 minutes')
                """
            )
        }
        try await verify("low")
        let command = ConfirmIdentity(request: id, method: .verification)
        guard isBarred else {
            try await house.perform(command, as: House.ewa, portal)
            return
        }
        await #expect(throws: RequestRefusal.identityTooWeak(.substantial)) {
            try await house.perform(command, as: House.ewa, portal)
        }
        let page = try await house.counter().post("/requests/klientefl/\(id)/identity", ["method": "verification"])
        #expect(page.status == .unprocessableContent && page.body.contains("too weak"))
        try await verify("substantial")
        try await house.perform(command, as: House.ewa, portal)
        #expect(try await house.value("state", id) == "assessment")
    }

    @Test func `a clock stands still only for a letter that left`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        try await house.test.sql("DELETE FROM contact")
        let id = try await house.takenIn(.complaint, client, portal)
        var pause = PauseRequest(request: id, reason: .clarification, question: "Kiedy?")
        await #expect(throws: RequestRefusal.letterNotSent) { try await house.perform(pause, as: House.ewa, portal) }
        #expect(try await house.letters(id).isEmpty == false)
        pause.postedOn = try await house.today(portal).adding(days: 1)
        await #expect(throws: RequestRefusal.postedDay) { try await house.perform(pause, as: House.ewa, portal) }
        #expect(try await house.value("state", id) == "assessment")
        pause.postedOn = try await house.today(portal)
        try await house.perform(pause, as: House.ewa, portal)
        #expect(try await house.value("state", id) == "waiting_client")
        #expect(try await house.test.value("SELECT posted_on = current_date FROM request_pause") != nil)
    }

    @Test func `a question that the gateway refused stops no clock, and nothing lapses for it`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let id = try await house.takenIn(.complaint, try await house.client(portal), portal)
        let due = try await house.value("effective_due", id)
        let pause = PauseRequest(request: id, reason: .clarification, question: "Kiedy?")
        try await house.perform(pause, as: House.ewa, portal)
        try await house.test.sql(
            """
            UPDATE request_pause SET started_on = started_on - 40;
            UPDATE message SET state = 'refused', settled_at = now() WHERE kind = 'requests.question'
            """
        )
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "waiting_client")
        try await house.perform(ResumeRequest(request: id), as: House.ewa, portal)
        #expect(try await house.value("effective_due", id) == due)
    }

    @Test(arguments: [("complaint", "calendar"), ("erasure", "working")])
    func `after a pause the date is moved by days of its own kind and never falls on a day off`(
        kind: String,
        unit: String
    ) async throws {
        let house = try await House.make()
        let portal = try await house.portal(unit == "working" ? "arval" : "klientefl")
        let kind = try #require(RequestKind(rawValue: kind))
        let id = try await house.takenIn(kind, try await house.client(portal), portal)
        let pause = PauseRequest(request: id, reason: .clarification, question: "?")
        try await house.perform(pause, as: House.ewa, portal)
        try await house.test.sql("UPDATE request_pause SET started_on = portal_today(portal_id) - 8")
        let expected = try await house.value(
            """
            CASE clock_unit WHEN 'working' THEN add_working_days(portal_id, effective_due, (SELECT count(*)
                FROM generate_series(1, 8) AS n
                WHERE is_working_day(portal_id, portal_today(portal_id) - 8 + n))::integer)
            ELSE add_working_days(portal_id, effective_due + 8, 0) END
            """,
            id
        )
        try await house.perform(ResumeRequest(request: id), as: House.ewa, portal)
        #expect(try await house.value("effective_due", id) == expected)
        #expect(try await house.value("is_working_day(portal_id, effective_due)", id) == "t")
    }

    @Test func `a preview says what will be sent: the new date, the decision chosen, what is carried out`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        func preview(_ id: ClientRequestID, _ kind: String, _ outcome: RequestOutcome? = nil) async throws -> String {
            let command = PreviewLetter(
                request: id,
                kind: try #require(PreviewKind(kind)),
                text: "Słowo.",
                outcome: outcome,
                reason: nil
            )
            return try await house.perform(command, as: House.olga, portal).content.body
        }
        let erasure = try await house.takenIn(.erasure, client, portal)
        let before = try await preview(erasure, "extended")
        let longer = ExtendRequest(request: erasure, reason: .complex, text: "Słowo.")
        try await house.perform(longer, as: House.ewa, portal)
        #expect(try await newest(erasure, house, portal) == before)
        let id = try await house.proposed(.instalmentChange, client, portal)
        let granted = try await preview(id, "decision", .granted)
        let refused = try await preview(id, "decision", .refused)
        #expect(granted != refused && granted.contains("Słowo."))
        await #expect(throws: RequestRefusal.noLetter) { try await preview(id, "decision") }
        let decision = DecideRequest(request: id, outcome: .granted, reason: .goodwill, text: "Słowo.")
        _ = try await house.perform(decision, as: House.piotr, portal)
        #expect(try await preview(id, "execution") == granted)
        try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
        #expect(try await newest(id, house, portal) == granted)
        let closing = try await house.proposed(.accountDeletion, try await house.client(portal), portal)
        let notice = try await preview(closing, "decision", .granted)
        let grant = DecideRequest(request: closing, outcome: .granted, reason: .requirementsMet, text: "Słowo.")
        _ = try await house.perform(grant, as: House.piotr, portal)
        #expect(try await newest(closing, house, portal) == notice)
        let address = "/requests/klientefl/\(id)/preview/decision"
        let page = try await house.counter(House.piotr).post(address, ["text": "x"])
        #expect(page.status == .unprocessableContent && page.body.contains("Choose the decision first"))
        #expect(try await house.counter().post("/requests/klientefl/\(id)/preview/nothing").status == .notFound)
    }

    @Test func `nothing new is written about a client whose data were erased, and nothing kept is shown`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal, name: "Zofia Zatarta")
        try await house.test.sql(
            """
            WITH e AS (
                INSERT INTO erasure (portal_id, client_id, state, plan_hash, made_by, approved_by, approved_at,
                    executed_by, executed_at)
                VALUES (\(portal.id), \(client), 'partial', 'x', 1, 2, now(), 1, now()) RETURNING id)
            INSERT INTO client_restriction (portal_id, client_id, erasure_id) SELECT \(portal.id), \(client), id FROM e
            """
        )
        for path in ["new?client=\(client)", "new?kind=complaint&client=\(client)"] {
            let page = try await house.counter().get("/requests/klientefl/\(path)")
            #expect(page.status == .conflict && !page.body.contains("Zatarta"), "\(path)")
        }
        await #expect(throws: TakeIn.Refusal.restricted) { try await house.takenIn(.complaint, client, portal) }
        #expect(try await house.test.value("SELECT count(*) FROM client_request") == "0")
    }

    @Test func `too long a text is refused with all that was typed, and the book's silence is said`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let id = try await house.takenIn(.complaint, client, portal)
        let long = String(repeating: "Ä", count: 4001)
        let path = "/requests/klientefl/\(id)"
        for (step, text, limit) in [("answer", long, "4,000"), ("snooze", String(long.prefix(201)), "200")] {
            let fields = ["text": text, "until": "2126-01-01", "reason": ""]
            let refused = try await house.counter().post("\(path)/\(step)", fields)
            #expect(refused.status == .unprocessableContent && refused.body.contains(text), "\(step)")
            #expect(refused.body.contains("at most \(limit) characters"), "\(step)")
        }
        let huge = String(repeating: "x", count: 5 << 20)
        let refused = try await house.counter().post("\(path)/answer", ["text": huge])
        #expect(refused.status != .seeOther)
        #expect(try await house.trail(id).contains("request.answered") == false)
        var draft = try await house.draft(.dataChange, client, portal)
        draft.changes = [ChangeDraft(field: .identityDocument, newValue: "Paszport AB 123")]
        let change = try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        let page = try await house.counter().get("/requests/klientefl/\(change)")
        #expect(page.body.contains("not in the book"))
    }
}
