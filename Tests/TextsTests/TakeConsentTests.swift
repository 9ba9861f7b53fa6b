import Access
import DeskKit
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
        try await take(bench, .withdraw, once: "a")
        let earlier = try await bench.held(bench.place(1, "consent-offers")).today.adding(days: -5)
        try await take(bench, .grant, .paper, on: earlier, once: "b")
        #expect(try await bench.standings(.client(ClientID(5)))["offers"] == .withdraw)
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
