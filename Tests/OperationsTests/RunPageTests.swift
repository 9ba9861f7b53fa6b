import Access
import DeskKit
import HTTPTypes
import TestKit
import Testing

@testable import Operations

@Suite struct RunPageTests {
    private func console(state: String) async throws -> Console {
        let console = try await Console.make()
        try await console.database.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, progress, progress_total,
                asked_by,
                started_at) VALUES (1, 'reminders.payments', 'staff', '2026-05-04 09:00', '2026-05-04',
                    '\(state)', 3, 9,
                1, now());
            INSERT INTO job (portal_id, kind, queue, state, attempt, error_code, run_id)
            SELECT p, 'reminders.send', 'x', 'quarantined', 3, 'lease_lost', 1 FROM unnest('{1,1,3}'::smallint[]) AS p
            """
        )
        return console
    }

    @Test func `a run shows its counts, its recipients with reasons, and what failed`() async throws {
        let answer = try await console(state: "failed").get("/operations/runs/warsaw/1")
        #expect(answer.status == .ok && answer.refresh.isEmpty)
        for part in [
            "Monday 4 May 2026", "by Eva", "Delivered", "41", "Uncertain", "Żak s.c.", "silent_gateway",
            "the worker disappeared", "tried 3 times", "3 of 9",
        ] { #expect(answer.body.contains(part), "\(part)") }
    }

    @Test func `the page of a run that works renews itself`() async throws {
        let console = try await console(state: "running")
        #expect(
            try await console.get("/operations/runs/warsaw/1").refresh == "3; url=/operations/runs/warsaw/1?watching=1"
        )
    }

    @Test func `recipients can be narrowed to one outcome`() async throws {
        let answer = try await console(state: "finished").get("/operations/runs/warsaw/1?outcome=refused")
        #expect(answer.body.contains("Refused"))
        #expect(try await console(state: "finished").get("/operations/runs/warsaw/1?outcome=%27--").status == .ok)
    }

    @Test func `a run that is not there or is another portal's is not found`() async throws {
        let console = try await console(state: "finished")
        #expect(try await console.get("/operations/runs/warsaw/99").status == .notFound)
        #expect(try await console.get("/operations/runs/moscow/1").status == .notFound)
        #expect(try await console.get("/operations/runs/warsaw/one").status == .badRequest)
    }

    @Test func `a failed job is redriven or discarded once, by who may`() async throws {
        let console = try await console(state: "failed")
        let path = "/operations/quarantine/warsaw"
        #expect(try await console.post("\(path)/1/redrive", as: [.auditor]).status == .forbidden)
        #expect(try await console.post("\(path)/1/redrive").status == .seeOther)
        #expect(try await console.post("\(path)/2/discard").status == .seeOther)
        #expect(try await console.post("\(path)/2/discard").status == .seeOther)
        #expect(try await console.post("\(path)/3/redrive").status == .seeOther)
        #expect(try await console.audit() == ["job.redriven Eva reminders.send", "job.discarded Eva reminders.send"])
        let states = try await console.database.sql("SELECT id || ' ' || state FROM job ORDER BY id")
        #expect(states.map { $0.first ?? nil } == ["1 ready", "3 quarantined"])
    }
}
