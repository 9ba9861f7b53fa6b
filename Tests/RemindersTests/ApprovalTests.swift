import Access
import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import DeskWeb
@testable import Reminders

/// Runs that wait for a second person, limits across rules, lists in one message, rules tried before they are saved.
struct ApprovalTests {
    private static func staff(_ id: Int64, _ roles: Set<Role> = [.scheduler]) -> StaffContext {
        StaffContext(id: StaffID(id), login: "s\(id)", name: "S \(id)", language: "en", roles: [Bench.portal: roles])
    }

    private func decide(
        _ bench: Bench,
        _ verdict: DecideRun.Verdict = .approved,
        by staff: StaffContext
    ) async throws {
        let command = DecideRun(audit: bench.audit, queue: bench.queue)
        try await bench.test.database.transaction(.portal(Bench.portal, staff: staff.id)) {
            try command.run(Bench.run, portal: Bench.portal, verdict, by: staff, in: $0)
        }
    }

    /// Two payments planned by a run that Ewa (7) asked for, by a rule that Jan (8) changed; one is let through alone.
    private func waiting() async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.test.sql(
            """
            INSERT INTO reminder_limit (portal_id, approve_above) VALUES (1, 1);
            UPDATE rule SET changed_by = 8 WHERE id = 1;
            UPDATE run SET asked_by = 7 WHERE id = 1;
            """
        )
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.plan()
        return bench
    }

    private func jobs(_ bench: Bench) async throws -> String? {
        try await bench.test.value("SELECT count(*) FROM job WHERE kind = 'reminders.send'")
    }

    @Test("a run above the threshold writes nothing until a second person approves it")
    func approved() async throws {
        let bench = try await waiting()
        #expect(try await jobs(bench) == "0")
        #expect(try await bench.reminders() == ["1 1 planned", "2 1 planned"])
        try await bench.plan()
        #expect(try await jobs(bench) == "0")
        try await decide(bench, by: Self.staff(9))
        #expect(try await jobs(bench) == "1")
        try await bench.sendAll()
        #expect(try await bench.reminders() == ["1 1 sent", "2 1 sent"])
        #expect(
            try await bench.lines("action || ' ' || (facts ->> 'planned')", "audit_event", "id") == ["run.approved 2"]
        )
    }

    @Test("what is refused is cancelled with that reason")
    func refused() async throws {
        let bench = try await waiting()
        try await decide(bench, .refused, by: Self.staff(9, [.verifier]))
        #expect(try await bench.reminders() == ["1 1 cancelled run_refused", "2 1 cancelled run_refused"])
        #expect(try await jobs(bench) == "0")
        await #expect(throws: DecideRun.Refusal.notWaiting) { try await decide(bench, by: Self.staff(9)) }
    }

    @Test(
        "whoever asked for the run or changed its rule is no second person, and the database says so as well",
        arguments: [
            Int64(7), 8,
        ]
    )
    func ownRun(staff: Int64) async throws {
        let bench = try await waiting()
        await #expect(throws: DecideRun.Refusal.own) { try await decide(bench, by: Self.staff(staff)) }
        await #expect(throws: PostgresError.self) {
            try await bench.test.sql(
                "UPDATE run_approval SET state = 'approved', decided_by = \(staff), decided_at = now()"
            )
        }
        #expect(try await jobs(bench) == "0")
    }

    @Test("it takes the right, and of two at once one decides")
    func twoAtOnce() async throws {
        let bench = try await waiting()
        await #expect(throws: AccessDenied.self) { try await decide(bench, by: Self.staff(9, [.auditor])) }
        try await bench.test.sql("UPDATE run_approval SET ruled_by = '{}'")
        async let one: Void = decide(bench, by: Self.staff(9))
        async let two: Void = decide(bench, .refused, by: Self.staff(8))
        var done = 0
        do {
            try await one
            done += 1
        } catch DecideRun.Refusal.notWaiting {}
        do {
            try await two
            done += 1
        } catch DecideRun.Refusal.notWaiting {}
        #expect(done == 1)
        #expect(try await bench.test.value("SELECT count(*) FROM audit_event") == "1")
    }

    @Test("the page offers what waits to a second person alone; the limits are set there")
    func pages() async throws {
        let bench = try await waiting()
        let ask = RouteTests()
        try await bench.test.sql("UPDATE run SET asked_by = NULL; UPDATE run_approval SET asked_by = NULL")
        let second = try await ask.ask(bench, "/reminders", as: .verifier)
        #expect(second.body.contains("/reminders/one/runs/1/decide") && second.body.contains("plans 2 reminders"))
        #expect(!(try await ask.ask(bench, "/reminders", as: .auditor)).body.contains("/decide"))
        let decided = try await ask.ask(
            bench,
            "/reminders/one/runs/1/decide",
            post: ["verdict": "approved"],
            as: .verifier
        )
        #expect(decided.status == .seeOther)
        #expect(try await jobs(bench) == "1")

        let form = ["approve_above": "500", "most_messages": "3", "most_days": "7", "price": "8", "version": "1"]
        #expect(try await ask.ask(bench, "/reminders/limits", as: .scheduler).body.contains("Limits of all rules"))
        #expect(try await ask.ask(bench, "/reminders/one/limits", post: form, as: .verifier).status == .forbidden)
        #expect(try await ask.ask(bench, "/reminders/one/limits", post: form, as: .scheduler).status == .seeOther)
        let again = try await ask.ask(bench, "/reminders/one/limits", post: form, as: .scheduler)
        #expect(again.status == .unprocessableContent && again.body.contains(#"value="500""#))
        let wrong = form.merging(["most_days": "99", "version": "2"]) { $1 }
        #expect(try await ask.ask(bench, "/reminders/one/limits", post: wrong, as: .scheduler).body.contains("90"))
        #expect(
            try await bench.lines(
                "concat_ws(' ', approve_above, most_messages, most_days, version)",
                "reminder_limit",
                "1"
            )
                == ["500 3 7 2"]
        )
    }

    @Test("an account gets no more messages than the portal allows, counted across rules")
    func capped() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("INSERT INTO reminder_limit (portal_id, most_messages, most_days) VALUES (1, 1, 7)")
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.policy(1, to: "2026-12-20")
        try await bench.plan()
        try await bench.sendAll()
        try await bench.plan(.policy)
        try await bench.sendAll()
        #expect(
            try await bench.lines("state || coalesce(' ' || reason, '')", "reminder", "id") == [
                "sent", "cancelled capped",
            ]
        )
        try await bench.test.sql("UPDATE reminder SET planned_at = planned_at - interval '8 days'")
        try await bench.policy(2, kind: "AC", to: "2026-12-20")
        try await bench.plan(.policy)
        try await bench.sendAll()
        #expect(try await bench.lines("state", "reminder", "id").last == "sent")
    }

    @Test("one message lists everything of an account and client, if the rule says so")
    func consolidated() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("UPDATE rule SET consolidates = true WHERE id = 1")
        try await bench.account(1, language: "en")
        try await bench.account(2, for: 1, by: "email", language: "en")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.instalment(3, due: "2026-11-25")
        try await bench.pay(3)
        try await bench.plan()
        try await bench.sendAll()
        #expect(
            try await bench.lines("kind || ' ' || channel", "message", "id") == [
                "reminders.list sms", "reminders.list email",
            ]
        )
        #expect(try await bench.lines("DISTINCT message_id", "reminder WHERE state = 'sent'", "1") == ["1", "2"])
        let letter = try await bench.letters().first ?? ""
        #expect(letter.ranges(of: "25 Nov 2026: K/1").count == 2)
    }

    @Test("a list of which something is settled meanwhile is written anew without it")
    func rewritten() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("UPDATE rule SET consolidates = true WHERE id = 1")
        try await bench.account(1, language: "en")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.plan()
        try await bench.sendAll()
        try await bench.test.sql("DELETE FROM job")
        #expect(try await bench.check() == nil)
        try await bench.pay(1)
        #expect(try await bench.check() == "rewritten")
        #expect(try await bench.reminders() == ["1 1 cancelled paid", "2 1 planned"])
        #expect(try await bench.lines("kind", "job", "id") == ["reminders.send"])
        try await bench.sendAll()
        #expect(try await bench.reminders() == ["1 1 cancelled paid", "2 1 sent"])
        #expect(try await bench.lines("kind", "message", "id") == ["reminders.list", "reminders.payment"])
    }

    private let form = [
        "subject": "instalment", "name": "Payments", "days": "5", "active": "on", "version": "1",
        "day_kind": "calendar", "clients": "company", "act": "try", "trial_on": "2026-11-20",
    ]

    @Test("a changed rule is tried before it is saved: whom it would reach, why not, what it costs; nothing is written")
    func trial() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("INSERT INTO reminder_limit (portal_id, sms_price_minor) VALUES (1, 8)")
        try await bench.account(1)
        try await bench.account(2, for: 1, by: "none")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-30")
        let before = try await bench.test.value("SELECT md5(string_agg(r::text, '')) FROM rule AS r")
        let ask = RouteTests()
        let changed = form.merging(["days": "10"]) { $1 }
        let answer = try await ask.ask(bench, "/reminders/one/rules/1", post: changed, as: .scheduler)
        #expect(answer.status == .ok)
        #expect(answer.body.contains("Now it reaches 1, with this change 1."))
        #expect(answer.body.contains("why/1?due=2026-11-30") && !answer.body.contains("why/1?due=2026-11-25"))
        #expect(answer.body.contains("Wants no reminders") && answer.body.contains("1 by SMS, about"))
        #expect(answer.body.contains("0.08"))
        let added = try await ask.ask(
            bench,
            "/reminders/one/rules/new",
            post: changed.merging(["days": "10, 5"]) { $1 },
            as: .scheduler
        )
        #expect(added.body.contains("Now it reaches 0, with this change 2."))
        #expect(try await bench.test.value("SELECT md5(string_agg(r::text, '')) FROM rule AS r") == before)
        #expect(try await bench.test.value("SELECT count(*) FROM reminder") == "0")
        #expect(try await bench.test.value("SELECT count(*) FROM audit_event") == "0")
    }

    @Test("what would be saved as it stands is tried too, and what is wrong is said at its field")
    func trialOfTheSame() async throws {
        let bench = try await Bench.make()
        let ask = RouteTests()
        let same = form.merging(["name": "Rule"]) { $1 }
        #expect(try await ask.ask(bench, "/reminders/one/rules/1", post: same, as: .scheduler).status == .ok)
        let wrong = form.merging(["days": "5, 0", "after": "1", "day_kind": "working"]) { $1 }
        let answer = try await ask.ask(bench, "/reminders/one/rules/1", post: wrong, as: .scheduler)
        #expect(answer.status == .unprocessableContent && answer.body.contains("This ladder crosses itself."))
        #expect(try await ask.ask(bench, "/reminders/one/rules/new?subject=moon", as: .scheduler).status == .notFound)
        let page = try await ask.ask(bench, "/reminders/one/rules/new?subject=new_invoice", as: .scheduler)
        #expect(page.status == .ok && page.body.contains("New invoices"))
    }
}

extension Bench {
    /// What is said of the first message just before the wire.
    func check() async throws -> String? {
        let check = ReminderCheck(queue: queue)
        return try await test.workerDatabase.transaction(.portal(Self.portal)) { session in
            try check.obstacle(of: ReminderID(1), portal: Self.portal, in: session)
        }
    }
}
