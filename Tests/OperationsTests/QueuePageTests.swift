import Access
import DeskKit
import DeskWeb
import HTTPTypes
import TestKit
import Testing

@testable import Operations

@Suite struct QueuePageTests {
    private let path = "/operations/queues/warsaw/tests"

    private func failing() async throws -> Console {
        let console = try await Console.make()
        try await console.database.sql(
            """
            INSERT INTO job (portal_id, kind, queue, state, attempt, error_code)
            SELECT 1, 'reminders.send', 'tests', 'quarantined', 3, CASE WHEN n < 3 THEN 'timeout' ELSE 'other' END
            FROM generate_series(1, 5) AS n;
            INSERT INTO job (portal_id, kind, queue, state, run_at)
            VALUES (1, 'reminders.send', 'tests', 'ready', now() - interval '2 hours');
            """
        )
        return console
    }

    @Test(arguments: Language.allCases) func `the pages stand in every language`(language: Language) async throws {
        let console = try await failing()
        let words = console.site.words(language)
        let list = try await console.get("/operations/jobs", language: language)
        #expect(list.body.contains(words("operations.failures.title")))
        #expect(list.body.contains(path))
        #expect(try await console.get(path, language: language).body.contains(words("operations.queue.pause_help")))
        let month = try await console.get("/operations/calendar?month=2026-11", language: language)
        #expect(month.status == .ok && month.body.contains(words("operations.calendar.before")))
    }

    @Test func `a queue is paused with its reason and resumed, both in the trail`() async throws {
        let console = try await failing()
        #expect(try await console.get(path).body.contains("2 h 0 min"))
        let refused = try await console.post("\(path)/pause", ["reason": ""])
        #expect(refused.status == .unprocessableContent && refused.body.contains("Say why"))
        #expect(try await console.post("\(path)/pause", ["reason": "gateway <down>"]).location == path)
        let page = try await console.get(path)
        #expect(page.body.contains("gateway &lt;down&gt;") && page.body.contains("\(path)/resume"))
        let again = try await console.post("\(path)/pause", ["reason": "x"])
        #expect(again.status == .unprocessableContent && again.body.contains("Somebody has paused it already"))
        #expect(try await console.post("\(path)/resume").status == .seeOther)
        let trail = try await console.database.sql("SELECT action FROM audit_event ORDER BY id").map { $0.first ?? nil }
        #expect(trail == ["queue.paused", "queue.resumed"])
    }

    @Test func `who may only look pauses nothing, and another portal's queue is not there`() async throws {
        let console = try await failing()
        let page = try await console.get(path, as: [.auditor])
        #expect(page.status == .ok && !page.body.contains("\(path)/pause"))
        #expect(try await console.post("\(path)/pause", ["reason": "x"], as: [.auditor]).status == .forbidden)
        #expect(try await console.get("/operations/queues/moscow/tests").status == .notFound)
        #expect(try await console.get("/operations/queues/warsaw/none").status == .notFound)
        let many = ["kind": "reminders.send", "code": "timeout"]
        let denied = try await console.post("/operations/quarantine/warsaw/redrive", many, as: [.auditor])
        #expect(denied.status == .forbidden)
    }

    @Test func `what failed for one reason is tried again or discarded together`() async throws {
        let console = try await failing()
        let many = ["kind": "reminders.send", "code": "timeout"]
        #expect(try await console.post("/operations/quarantine/warsaw/redrive", many).status == .seeOther)
        #expect(try await console.database.value("SELECT count(*) FROM job WHERE state = 'ready'") == "3")
        let others = ["kind": "reminders.send", "code": "other"]
        #expect(try await console.post("/operations/quarantine/warsaw/discard", others).status == .seeOther)
        #expect(try await console.database.value("SELECT count(*) FROM job WHERE state = 'quarantined'") == "0")
        let trail = try await console.database.sql("SELECT action FROM audit_event ORDER BY id").map { $0.first ?? nil }
        #expect(trail == ["job.redriven_many", "job.discarded_many"])
    }

    @Test func `a run that works is cancelled once, from its page`() async throws {
        let console = try await Console.make()
        try await console.database.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state)
                VALUES (1, 'reminders.payments', 'staff', '2026-05-04 09:00', '2026-05-04', 'running');
            INSERT INTO job (portal_id, kind, queue, state, run_id) VALUES (1, 'tests.probe', 'tests', 'ready', 1);
            """
        )
        let page = "/operations/runs/warsaw/1"
        #expect(try await console.get(page).body.contains("\(page)/cancel"))
        #expect(try await console.get(page, as: [.auditor]).body.contains("\(page)/cancel") == false)
        #expect(try await console.post("\(page)/cancel").location == page)
        #expect(try await console.get(page).body.contains("somebody cancelled it"))
        #expect(try await console.database.value("SELECT count(*) FROM job") == "0")
        #expect(try await console.post("\(page)/cancel").status == .seeOther)
        #expect(try await console.audit() == ["run.cancelled Eva reminders.payments"])
    }
}
