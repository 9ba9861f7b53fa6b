import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Messaging
import Postgres
import TestKit
import Testing

@testable import Texts

@Suite struct TakeConsentTests {
    private func take(
        _ bench: Bench,
        _ action: ConsentAction,
        _ method: ConsentMethod = .phone,
        on day: CivilDate? = nil,
        once: String,
        by staff: StaffContext = Bench.clerk
    ) async throws {
        let decision = Decision(purpose: "offers", action: action, text: try await bench.hash("offers"))
        let command = TakeConsent(audit: bench.audit)
        try await bench.act(by: staff) {
            try command.run(
                ClientID(5),
                decision,
                method,
                on: day,
                onceKey: once,
                portal: Bench.portal,
                by: staff,
                in: $0
            )
        }
    }

    @Test func `what a client says by phone is noted once, with its line in the trail`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        try await take(bench, .grant, once: "a")
        try await take(bench, .grant, once: "a")
        #expect(try await bench.lines("SELECT action, method, staff_id FROM consent") == ["grant phone 9"])
        #expect(
            try await bench.lines(
                "SELECT actor_id, client_id, facts ->> 'action' FROM audit_event WHERE action = 'consent.taken'"
            ) == ["9 5 grant"]
        )
        #expect(try await bench.obstacle("offers.x") == nil)
    }

    @Test func `a paper of an earlier day does not undo what was decided since`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        try await bench.age(10)
        try await take(bench, .withdraw, once: "a")
        let earlier = try await bench.held(bench.place(1, "consent-offers")).today.adding(days: -5)
        try await take(bench, .grant, .paper, on: earlier, once: "b")
        #expect(try await bench.standings(.client(ClientID(5)))["offers"] == .withdraw)
    }

    @Test func `a decision of today counts from now, and a day that lies ahead is refused`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        let today = try await bench.held(bench.place(1, "consent-offers")).today
        try await take(bench, .grant, once: "a")
        try await take(bench, .withdraw, on: today, once: "b")
        #expect(try await bench.standings(.client(ClientID(5)))["offers"] == .withdraw)
        await #expect(throws: ConsentRefusal.dayAhead) {
            try await take(bench, .grant, on: today.adding(days: 1), once: "c")
        }
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["2"])
    }

    @Test func `a paper bears the words of its day, not today's`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        let was = try await bench.hash("offers")
        try await bench.age(10)
        try await bench.publish("New words", .consent, "consent-offers")
        let today = try await bench.held(bench.place(1, "consent-offers")).today
        let day = try #require(today.adding(days: -5))
        let clerk = Reader(street: try await Street(bench), staff: Bench.clerk)
        let form = ["purpose": "offers", "decision": "grant", "method": "paper", "language": "pl", "day": day.iso]
        let answer = try await clerk.ask("/texts/one/clients/5", post: form.merging(["form_key": Self.key]) { $1 })
        #expect(answer.status == .seeOther, "\(answer.body)")
        #expect(try await bench.lines("SELECT encode(text_hash, 'hex') FROM consent") == [was])
        #expect(try await bench.standings(.client(ClientID(5)))["offers"] == .askedAgain)
        let ahead = form.merging(["form_key": Self.key, "day": try #require(today.adding(days: 2)).iso]) { $1 }
        let refused = try await clerk.ask("/texts/one/clients/5", post: ahead)
        #expect(refused.status == .unprocessableContent)
        #expect(refused.body.contains("The day lies ahead."))
    }

    private static var key: String { FormKey.issue().rawValue }

    @Test func `a client's page of decisions says what the client and what each account decided`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        let grant = Decision(purpose: "offers", action: .grant, text: try await bench.hash("offers"))
        try await bench.decide([grant], .account(AccountID(6)), method: .portal)
        let lines = try await bench.act {
            try ConsentsOfClient().lines(ClientID(5), Bench.portal, bench.site.words(.english), in: $0)
        }
        #expect(lines.map(\.purpose) == ["offers", "offers · A Person"])
        #expect(lines.map(\.standing.tone) == [.plain, .good])
        #expect(lines.map { $0.detail == nil } == [true, false])
    }

    @Test func `what the law alone keeps is opened by few, with a line in the trail, and decided by nobody`()
        async throws
    {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        try await bench.test.sql(
            """
            INSERT INTO erasure (portal_id, client_id, plan_hash, made_by) VALUES (1, 5, '', 7);
            INSERT INTO client_restriction (portal_id, client_id, erasure_id, until) SELECT 1, 5, id, '2031-12-31'
            FROM erasure;
            """
        )
        let street = try await Street(bench)
        let (clerk, officer) = (
            Reader(street: street, staff: Bench.clerk), Reader(street: street, staff: Bench.writer)
        )
        #expect(try await clerk.ask("/texts/one/clients/5").status == .forbidden)
        #expect(try await clerk.ask("/texts/one/clients/77").status == .notFound)
        let shown = try await officer.ask("/texts/one/clients/5")
        #expect(shown.status == .ok && !shown.body.contains("form_key"))
        #expect(
            try await bench.lines("SELECT actor_id, client_id FROM audit_event WHERE action = 'client.retained_opened'")
                == ["7 5"]
        )
        await #expect(throws: PageError.self) { try await take(bench, .grant, once: "a") }
        await #expect(throws: PostgresError.self) {
            let grant = Decision(purpose: "offers", action: .grant, text: try await bench.hash("offers"))
            try await bench.decide([grant], .client(ClientID(5)))
        }
    }

    @Test func `whoever may not note consents is refused`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        await #expect(throws: AccessDenied(.forbidden, right: .textsConsents, portal: Bench.portal)) {
            try await take(bench, .grant, once: "a", by: Bench.reviewer)
        }
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["0"])
    }
}
