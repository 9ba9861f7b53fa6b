import Access
import DeskKit
import Portals
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Onboarding

@Suite struct CallTests {
    func outcome(_ id: ApplicationID, _ outcome: CallOutcome, at next: CivilDateTime? = nil) -> RecordCallOutcome {
        RecordCallOutcome(application: id, outcome: outcome, note: "", nextAt: next)
    }

    @Test func `a call has one holder for half an hour`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.taken()
        try await desk.perform(TakeCall(application: id), as: Desktop.ewa)
        let refusal = await #expect(throws: CallRefusal.self) {
            try await desk.perform(TakeCall(application: id), as: Desktop.jan)
        }
        guard case .heldByOther("Ewa Wilk", _) = refusal else {
            Issue.record("somebody else is named")
            return
        }
        await #expect(throws: (any Error).self) {
            try await desk.test.sql("UPDATE call_task SET held_by = 4 WHERE application_id = \(id)")
        }
        try await desk.test.sql("UPDATE call_task SET held_until = now() - interval '1 second'")
        try await desk.perform(TakeCall(application: id), as: Desktop.jan)
        #expect(try await desk.trail(id).filter { $0 == "application.call_taken" }.count == 3)
    }

    @Test func `two who take a call at once are one holder and one message`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.approved()
        async let one = took(desk, id, Desktop.ewa)
        async let two = took(desk, id, Desktop.jan)
        let took = try await [one, two]
        #expect(took.filter { $0 }.count == 1)
    }

    func took(_ desk: Desktop, _ id: ApplicationID, _ staff: StaffContext) async throws -> Bool {
        do {
            try await desk.perform(TakeCall(application: id), as: staff)
            return true
        } catch CallRefusal.heldByOther {
            return false
        }
    }

    @Test func `the code is shown to the holder alone, and each look is recorded`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.approved()
        await #expect(throws: CallRefusal.notHeld) {
            _ = try await desk.perform(RevealCompanyCode(application: id), as: Desktop.ewa)
        }
        try await desk.perform(TakeCall(application: id), as: Desktop.ewa)
        await #expect(throws: CallRefusal.self) {
            _ = try await desk.perform(RevealCompanyCode(application: id), as: Desktop.jan)
        }
        await #expect(throws: AccessDenied.self) {
            _ = try await desk.perform(RevealCompanyCode(application: id), as: Desktop.olga)
        }
        for _ in 1...2 {
            let code = try await desk.perform(RevealCompanyCode(application: id), as: Desktop.ewa)
            #expect(code.reveal() == "AB12CD34")
        }
        #expect(try await desk.trail(id).filter { $0 == "application.code_revealed" }.count == 2)
        await #expect(throws: CallRefusal.noCode) {
            _ = try await desk.perform(RevealCompanyCode(application: id), as: Desktop.ewa, Desktop.portal(.email))
        }
    }

    @Test func `informed activates client and users as the paper says`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.taken()
        let accounts = try await desk.perform(outcome(id, .informed), as: Desktop.ewa)
        #expect(accounts.count == 1)
        let row = try await desk.test.sql("SELECT state, client_id, activated_by FROM application WHERE id = \(id)")
        #expect(row == [["activated", "1", "3"]])
        let record = desk.neighbours.record.withLock { $0 }
        #expect(record.clients.first?.taxNumber == "9990000020")
        #expect(record.clients.first?.name == "Łódzka Spółka \"Transport\" 🚚")
        #expect(record.users.first?.phone == "+48500000127")
        #expect(record.users.first?.rights == [.contracts, .invoices])
        #expect(try await desk.trail(id).suffix(2) == ["application.called", "application.activated"])
        await #expect(throws: CallRefusal.done) {
            _ = try await desk.perform(outcome(id, .informed), as: Desktop.ewa)
        }
    }

    @Test func `an activation that is refused changes nothing`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.taken()
        desk.neighbours.record.withLock { $0.refusal = .loginTaken(user: 0) }
        await #expect(throws: ActivationRefusal.loginTaken(user: 0)) {
            _ = try await desk.perform(outcome(id, .informed), as: Desktop.ewa)
        }
        #expect(try await desk.state(id) == "approved")
        #expect(try await desk.test.value("SELECT state FROM call_task") == "held")
        #expect(try await desk.trail(id).last == "application.call_taken")
    }

    @Test func `no answer needs a next time and puts the call off`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.taken()
        await #expect(throws: RecordCallOutcome.Refusal.nextTimeMissing) {
            _ = try await desk.perform(outcome(id, .noAnswer), as: Desktop.ewa)
        }
        let past = try #require(CivilDateTime(iso: "2020-01-01 10:00"))
        await #expect(throws: RecordCallOutcome.Refusal.nextTimeWrong) {
            _ = try await desk.perform(outcome(id, .noAnswer, at: past), as: Desktop.ewa)
        }
        let text = try await desk.test.value(
            "SELECT to_char((now() + interval '1 day') AT TIME ZONE 'Europe/Warsaw', 'YYYY-MM-DD HH24:MI')"
        )
        let tomorrow = try #require(text)
        let next = try #require(CivilDateTime(iso: tomorrow))
        _ = try await desk.perform(outcome(id, .noAnswer, at: next), as: Desktop.ewa)
        let call = try await desk.test.sql("SELECT state, held_by, next_at > now() FROM call_task")
        #expect(call == [["open", nil, "t"]])
        #expect(try await desk.test.value("SELECT count(*) FROM call_attempt") == "1")
    }

    @Test(arguments: [CallOutcome.wrongPerson, .refused])
    func `a wrong person or a client who declines ends the application`(end: CallOutcome) async throws {
        let desk = try await Desktop.make()
        let id = try await desk.taken()
        _ = try await desk.perform(outcome(id, end), as: Desktop.ewa)
        #expect(try await desk.state(id) == "refused")
        #expect(desk.neighbours.record.withLock { $0.users }.isEmpty)
        #expect(try await desk.trail(id).last == "application.call_ended")
    }

    @Test func `only the holder records, and a call that is over is over in the database too`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.taken()
        await #expect(throws: CallRefusal.self) {
            _ = try await desk.perform(outcome(id, .informed), as: Desktop.jan)
        }
        try await desk.test.sql("UPDATE call_task SET held_until = now() - interval '1 second'")
        await #expect(throws: CallRefusal.notHeld) {
            _ = try await desk.perform(outcome(id, .informed), as: Desktop.ewa)
        }
        try await desk.perform(TakeCall(application: id), as: Desktop.ewa)
        _ = try await desk.perform(outcome(id, .refused), as: Desktop.ewa)
        await #expect(throws: CallRefusal.done) { try await desk.perform(TakeCall(application: id), as: Desktop.ewa) }
        await #expect(throws: (any Error).self) {
            try await desk.test.sql("UPDATE call_task SET state = 'open', outcome = NULL, done_at = NULL")
        }
    }
}
