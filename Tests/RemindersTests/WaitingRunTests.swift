import Access
import Audit
import DeskKit
import Postgres
import TestKit
import Testing

@testable import JobRunner
@testable import Reminders

/// A run that waits for a second person is neither at work nor finished.
struct WaitingRunTests {
    private let bench: Bench
    private let ola = StaffContext(
        id: StaffID(9),
        login: "ola",
        name: "Ola Maj",
        language: "en",
        roles: [Bench.portal: [.scheduler]]
    )

    /// Two payments planned above the threshold of one; the job that planned them is done.
    init() async throws {
        bench = try await Bench.make()
        try await bench.test.sql("INSERT INTO reminder_limit (portal_id, approve_above) VALUES (1, 1)")
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.plan()
        try await settle()
    }

    /// As a worker does after the last job of a run.
    private func settle() async throws {
        try await bench.test.workerDatabase.transaction(.portal(Bench.portal)) { session in
            try Runs().settle([RunKey(portal: Bench.portal, id: Bench.run)], in: session)
        }
    }

    private func decide(_ verdict: DecideRun.Verdict) async throws {
        let command = DecideRun(audit: bench.audit, queue: bench.queue)
        let ola = ola
        try await bench.test.database.transaction(.portal(Bench.portal, staff: ola.id)) {
            try command.run(Bench.run, portal: Bench.portal, verdict, by: ola, in: $0)
        }
    }

    private func state() async throws -> String? {
        try await bench.test.value(
            "SELECT concat_ws(' ', state, reason, CASE WHEN finished_at IS NULL THEN 'open' END) FROM run WHERE id = 1"
        )
    }

    @Test("it shows as waiting, and for what; whoever waits for its end is told so")
    func waits() async throws {
        #expect(try await state() == "waiting approval open")
        let status = try await bench.test.database.read(.portal(Bench.portal)) { session in
            try Runs().status(Bench.run, portal: Bench.portal, in: session)
        }
        #expect(status?.isAtRest == true && status?.state.isOver == false)
        try await settle()
        #expect(try await state() == "waiting approval open")
    }

    @Test("approved it goes on, and ends with its letters")
    func approved() async throws {
        try await decide(.approved)
        #expect(try await state() == "waiting open")
        try await bench.sendAll()
        try await bench.test.sql("DELETE FROM job")
        try await settle()
        #expect(try await state() == "finished")
        #expect(try await bench.reminders() == ["1 1 sent", "2 1 sent"])
    }

    @Test("refused it is over")
    func refused() async throws {
        try await decide(.refused)
        #expect(try await state() == "finished")
    }

    @Test("what a discarded job was to write is cancelled, and nobody else's")
    func discarded() async throws {
        try await bench.account(2, for: 1)
        try await bench.test.sql(
            """
            UPDATE reminder SET account_id = 2 WHERE subject_id = 2;
            INSERT INTO job (portal_id, kind, queue, state, run_id, payload)
            VALUES (1, 'reminders.send', 'reminders', 'quarantined', 1, '{"first": 2, "last": 2}')
            """
        )
        let command = Quarantine(audit: bench.audit, queue: bench.queue, neighbours: [EndReminders()])
        try await bench.test.database.transaction(.portal(Bench.portal)) { session in
            _ = try command.discardAll("reminders.send", code: nil, portal: Bench.portal, by: .commandLine, in: session)
        }
        #expect(try await bench.reminders() == ["1 1 planned", "2 2 cancelled discarded"])
    }

    @Test("cancelled it waits for nobody any more")
    func cancelled() async throws {
        let ola = ola
        let command = QueueOperator(audit: bench.audit, queue: bench.queue, neighbours: [EndReminders()])
        try await bench.test.database.transaction(.portal(Bench.portal, staff: ola.id)) { session in
            _ = try command.cancel(Bench.run, portal: Bench.portal, by: ola.actor, in: session)
        }
        #expect(try await state() == "skipped cancelled")
        #expect(try await bench.reminders() == ["1 1 cancelled run_cancelled", "2 1 cancelled run_cancelled"])
        await #expect(throws: DecideRun.Refusal.notWaiting) { try await decide(.approved) }
        #expect(
            try await bench.test.database.read(.portal(Bench.portal)) { session in
                try session.all(
                    RemindersQueries.waitingRuns,
                    ["portals": [Bench.portal], "staff": StaffID(9)]
                ).count
            } == 0
        )
    }
}
