import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Operations

@Suite struct SchedulePageTests {
    private let path = "/operations/jobs/warsaw/reminders.payments"

    @Test func `the list shows each schedule with its next run, its state and its last runs`() async throws {
        let console = try await Console.make()
        try await console.database.sql(
            "INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, reason) VALUES "
                + "(1, 'reminders.payments', 'schedule', '2026-05-04 09:00', '2026-05-04', 'skipped', 'missed')"
        )
        let answer = try await console.get("/operations/jobs")
        #expect(answer.status == .ok)
        for part in [
            "Payment reminders", "Warsaw", "every day at 09:00", "1 January 2124, 09:00",
            "Skipped, no worker was there",
        ] { #expect(answer.body.contains(part), "\(part)") }
        #expect(!answer.body.contains("Moscow"))
    }

    @Test(arguments: Language.allCases) func `every page stands in every language`(language: Language) async throws {
        let console = try await Console.make()
        try await console.database.sql(
            """
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, progress, progress_total)
                VALUES (1, 'reminders.payments', 'staff', '2026-05-04 09:00', '2026-05-04', 'running', 3, 9);
            INSERT INTO job (portal_id, kind, queue, state, attempt, error_code, run_id)
                VALUES (1, 'reminders.send', 'x', 'quarantined', 3, 'timeout', 1);
            UPDATE schedule SET cron = '*/5 * * * *', changed_in_console = true, paused_at = now(), paused_reason = 'x'
            """
        )
        for page in [
            "/operations/jobs", path, "\(path)/preview", "\(path)/preview?on=2026-05-04", "/operations/runs/warsaw/1",
        ] {
            let answer = try await console.get(page, language: language)
            #expect(answer.status == .ok, "\(page)")
            #expect(answer.body.contains("lang=\"\(language.rawValue)\""))
        }
        #expect(try await console.get("/audit", as: [.auditor], language: language).status == .ok)
    }

    @Test func `a schedule that should have run turns the page red for those who may act`() async throws {
        let console = try await Console.make()
        #expect(try await !console.get("/operations/jobs").body.contains("role=\"alert\""))
        try await console.database.sql("UPDATE schedule SET next_at = now() - interval '6 minutes'")
        let red = try await console.get("/operations/jobs").body
        #expect(red.contains("“Payment reminders” should have run and did not."))
        let auditor = try await console.get("/operations/jobs", as: [.auditor])
        #expect(auditor.status == .ok && !auditor.body.contains("role=\"alert\""))
    }

    @Test func `pausing asks for a reason, keeps it and is audited`() async throws {
        let console = try await Console.make()
        let refused = try await console.post("\(path)/pause", ["reason": " "])
        #expect(refused.status == .unprocessableContent && refused.body.contains("Say why"))
        #expect(try await console.audit().isEmpty)
        let done = try await console.post("\(path)/pause", ["reason": "gateway <down>"])
        #expect(done.status == .seeOther && done.location == path)
        #expect(try await console.audit() == ["schedule.paused Eva reminders.payments"])
        #expect(try await console.get(path).body.contains("paused: gateway &lt;down&gt;"))
        #expect(try await console.post("\(path)/pause", ["reason": "again"]).status == .unprocessableContent)
        #expect(try await console.post("\(path)/resume").status == .seeOther)
        #expect(try await console.audit().last == "schedule.resumed Eva reminders.payments")
    }

    @Test func `a wrong time is refused under its field and kept, a right one is taken`() async throws {
        let console = try await Console.make()
        let refused = try await console.post("\(path)/time", ["cron": "0 99 * * *", "version": "1"])
        #expect(refused.status == .unprocessableContent)
        #expect(refused.body.contains("Field 2 must lie within 0 and 23.") && refused.body.contains("0 99 * * *"))
        let impossible = try await console.post("\(path)/time", ["cron": "0 9 31 2 *", "version": "1"])
        #expect(impossible.body.contains("No month has this day."))
        #expect(try await console.post("\(path)/time", ["cron": "30 8 * * 1-5", "version": "1"]).status == .seeOther)
        let page = try await console.get(path)
        #expect(
            page.body.contains("Monday to Friday at 08:30") && page.body.contains("the file says every day at 09:00")
        )
        let late = try await console.post("\(path)/time", ["cron": "0 7 * * *", "version": "1"])
        #expect(late.body.contains("Somebody changed this schedule"))
        #expect(try await console.post("\(path)/reset").status == .seeOther)
        #expect(
            try await console.audit() == [
                "schedule.time_changed Eva reminders.payments", "schedule.reset Eva reminders.payments",
            ]
        )
        #expect(try await console.post("\(path)/reset").status == .unprocessableContent)
    }

    @Test func `a run is started for a day, once while it works`() async throws {
        let console = try await Console.make()
        let wrong = try await console.post("\(path)/runs", ["date": "2026-02-31"])
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("2026-02-31"))
        let done = try await console.post("\(path)/runs", ["date": "2026-05-04"])
        #expect(done.location == "/operations/runs/warsaw/1")
        let again = try await console.post("\(path)/runs", ["date": "2026-05-04"])
        #expect(again.status == .unprocessableContent && again.body.contains("is still working"))
        #expect(try await console.audit() == ["run.started Eva reminders.payments"])
        #expect(
            try await console.database.value("SELECT asked_by || ' ' || to_char(for_date, 'YYYY-MM-DD') FROM run")
                == "1 2026-05-04"
        )
    }

    @Test func `a double click starts one run and shows it twice`() async throws {
        let console = try await Console.make()
        let fields = ["date": "2026-05-04", FormKey.field: FormKey.issue().rawValue]
        let first = try await console.post("\(path)/runs", fields)
        let second = try await console.post("\(path)/runs", fields)
        #expect(first.status == .seeOther && second.status == .seeOther)
        #expect(first.location == "/operations/runs/warsaw/1" && second.location == first.location)
        #expect(try await console.database.value("SELECT count(*) FROM run") == "1")
    }

    @Test(arguments: ["pause", "resume", "time", "reset", "runs"])
    func `who may only look may do nothing`(action: String) async throws {
        let console = try await Console.make()
        let fields = ["reason": "x", "cron": "0 7 * * *", "version": "1", "date": "2026-05-04"]
        #expect(try await console.post("\(path)/\(action)", fields, as: [.auditor]).status == .forbidden)
        #expect(try await console.get(path, as: [.auditor]).status == .ok)
        #expect(try await !console.get(path, as: [.auditor]).body.contains("\(path)/pause"))
        #expect(try await console.get(path, as: [.helpdesk]).status == .forbidden)
        #expect(try await console.audit().isEmpty)
    }

    @Test func `another portal's schedule and one that is not there are not found`() async throws {
        let console = try await Console.make()
        #expect(try await console.get("/operations/jobs/moscow/reminders.payments").status == .notFound)
        #expect(try await console.post("/operations/jobs/moscow/reminders.payments/resume").status == .notFound)
        #expect(try await console.get("/operations/jobs/warsaw/reminders.nothing").status == .notFound)
        #expect(try await console.post("/operations/jobs/warsaw/reminders.nothing/resume").status == .notFound)
    }

    @Test func `a preview shows who gets what and why, and writes nothing`() async throws {
        let console = try await Console.make()
        let answer = try await console.get("\(path)/preview?on=2026-05-04")
        for part in ["Jan &lt;Wójcik&gt;", "+48 ••• ••• 127", "Instalment 3/2026", "Would be sent", "silent_gateway"] {
            #expect(answer.body.contains(part), "\(part)")
        }
        #expect(try await console.get("\(path)/preview?on=2026-02-31").status == .unprocessableContent)
        #expect(
            try await console.database.value("SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM job)") == "0"
        )
    }
}
