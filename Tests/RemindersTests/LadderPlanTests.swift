import DeskKit
import Postgres
import TestKit
import Testing

@testable import Reminders

/// Ladders before and after the date, in calendar and working days; for whom and how long a rule counts.
struct LadderPlanTests {
    /// Payments of the first client, one due on each of these days.
    private func bench(_ change: String, due days: [String]) async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.test.sql("UPDATE rule SET \(change) WHERE portal_id = 1 AND subject = 'instalment'")
        try await bench.account(1)
        for (number, day) in days.enumerated() { try await bench.instalment(number + 1, due: day) }
        return bench
    }

    @Test("days after the date remind as well, each rung once, until it is paid")
    func after() async throws {
        let bench = try await bench("days_before = '{5,-3,-10}', steps = '{0,1,2}'", due: ["2026-11-25"])
        for date in ["2026-11-20", "2026-11-25", "2026-11-28", "2026-11-28"] {
            try await bench.plan(on: Bench.day(date))
        }
        try await bench.pay(1)
        try await bench.plan(on: Bench.day("2026-12-05"))
        #expect(
            try await bench.lines("step || ' ' || state || coalesce(' ' || reason, '')", "reminder", "step")
                == ["0 planned", "1 planned", "2 skipped paid"]
        )
    }

    @Test("an account's own number stands in for the steps before the date, those after stay")
    func own() async throws {
        let bench = try await bench("days_before = '{10,5,-3}', steps = '{0,1,2}'", due: ["2026-11-25"])
        try await bench.account(2, for: 1, days: 2)
        for day in 15...28 { try await bench.plan(on: Bench.day("2026-11-\(day)")) }
        let found = try await bench.lines("account_id || ' ' || step", "reminder", "account_id, step")
        #expect(found == ["1 0", "1 1", "1 2", "2 0", "2 2"])
    }

    @Test("the working day before Saturday, Sunday and Monday is the Friday, and a day off reminds of nothing")
    func workingDays() async throws {
        let dues = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]
        let bench = try await bench("days_before = '{1}', day_kind = 'working'", due: dues)
        try await bench.plan(on: Bench.day("2026-11-20"))
        #expect(try await bench.reminders() == ["2 1 planned", "3 1 planned", "4 1 planned"])
        try await bench.plan(on: Bench.day("2026-11-21"))
        try await bench.plan(on: Bench.day("2026-11-22"))
        #expect(try await bench.reminders().count == 3)
        try await bench.plan(on: Bench.day("2026-11-23"))
        #expect(try await bench.reminders().last == "5 1 planned")
    }

    @Test(
        "each date has exactly one day per step, which is the day on which a run finds it",
        arguments: [
            -3, -1, 0, 1, 2, 5,
        ]
    )
    func bothWays(days: Int) async throws {
        let bench = try await Bench.make()
        // Over Christmas, when 24 to 27 December 2026 are days off in a row.
        let misses = try await bench.test.value(
            """
            SELECT count(*)
            FROM generate_series('2026-12-10'::date, '2027-01-12', '1 day') AS d (due)
            WHERE (SELECT array_agg(r.day::date)
                FROM generate_series(d.due - interval '40 days', d.due + interval '40 days', '1 day') AS r (day)
                CROSS JOIN LATERAL due_days(1::smallint, r.day::date, \(days)::smallint, 'working') AS w
                WHERE d.due::date BETWEEN w.first AND w.last)
                IS DISTINCT FROM ARRAY[step_day(1::smallint, d.due::date, \(days), 'working')]
            """
        )
        #expect(misses == "0")
    }

    @Test("a rule counts for its kinds of clients, and from its first day to its last")
    func limits() async throws {
        let bench = try await bench("client_kinds = '{person}'", due: ["2026-11-25"])
        try await bench.plan()
        #expect(try await bench.reminders().isEmpty)
        try await bench.test.sql(
            "UPDATE rule SET client_kinds = '{company,person}', starts_on = '2026-11-21' WHERE id = 1"
        )
        try await bench.plan()
        #expect(try await bench.reminders().isEmpty)
        try await bench.test.sql("UPDATE rule SET starts_on = '2026-11-20', ends_on = '2026-11-20' WHERE id = 1")
        try await bench.plan()
        #expect(try await bench.reminders() == ["1 1 planned"])
        try await bench.instalment(2, due: "2026-11-26")
        try await bench.plan(on: Bench.day("2026-11-21"))
        #expect(try await bench.reminders().count == 1)
    }

    @Test("invoices due, new invoices and access that ends are reminded of, with letters of their own")
    func otherSubjects() async throws {
        let bench = try await Bench.make()
        try await bench.account(1, language: "en")
        try await bench.test.sql(
            """
            INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind) VALUES
                (1, 'invoice', 'I', '{5}', '{0}', 'reminders.invoice'),
                (1, 'new_invoice', 'N', '{0}', '{0}', 'reminders.new_invoice'),
                (1, 'access_end', 'A', '{14}', '{0}', 'reminders.access_end');
            INSERT INTO invoice (portal_id, id, client_id, external_key, number, issued_on, due_on, amount_minor,
                currency)
            VALUES (1, 1, 1, 'v1', 'FV/1', '2026-11-17', '2026-11-25', 9900, 'PLN'),
                (1, 2, 1, 'v2', 'FV/2', '2026-11-20', '2026-12-25', 9900, 'PLN'),
                (1, 3, 1, 'v3', 'FV/3', '2026-11-01', '2026-11-25', 9900, 'PLN');
            INSERT INTO payment (portal_id, external_key, invoice_id, paid_on, amount_minor, currency)
            VALUES (1, 'p', 3, '2026-11-02', 9900, 'PLN');
            UPDATE contract SET ended_on = '2026-09-05';
            UPDATE portal SET profile = '{"accessWindowDays": 90}' WHERE id = 1;
            """
        )
        for subject in [RuleSubject.invoice, .newInvoice, .accessEnd] {
            for _ in 1...2 { try await bench.plan(subject) }
        }
        let told = "subject_kind || ' ' || subject_id || ' ' || to_char(due_date, 'YYYY-MM-DD') || ' ' || state"
        let lines = try await bench.lines(told, "reminder", "1")
        #expect(
            lines == [
                "access_end 1 2026-12-04 planned", "invoice 1 2026-11-25 planned", "invoice 3 2026-11-25 skipped",
                "new_invoice 1 2026-11-17 planned", "new_invoice 2 2026-11-20 planned",
            ]
        )
        try await bench.sendAll()
        let letters = try await bench.letters().joined(separator: "|")
        for words in ["FV/1 of PLN 99.00 is due on 25 Nov 2026", "a new invoice FV/2", "ends on 4 Dec 2026"] {
            #expect(letters.contains(words) || letters.replacing("zł", with: "PLN").contains(words), "\(words)")
        }
        #expect(!letters.contains("FV/3"))
    }

    @Test("an instalment whose invoice a rule reminds of is left out, while that rule is in force")
    func oneDebt() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.instalment(3, due: "2026-11-26")
        try await bench.test.sql(
            """
            INSERT INTO invoice (portal_id, id, client_id, external_key, number, issued_on, due_on, amount_minor,
                currency)
            VALUES (1, 1, 1, 'v1', 'FV/1', '2026-11-17', '2026-11-25', 9900, 'PLN');
            UPDATE instalment SET invoice_id = 1 WHERE id IN (1, 3);
            INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind, ends_on)
            VALUES (1, 'invoice', 'I', '{5}', '{0}', 'reminders.invoice', '2026-11-20');
            """
        )
        try await bench.plan()
        try await bench.plan(.invoice)
        #expect(
            try await bench.lines("subject_kind || subject_id || ' ' || concat_ws(' ', state, reason)", "reminder", "1")
                == ["instalment1 skipped by_invoice", "instalment2 planned", "invoice1 planned"]
        )
        try await bench.plan(on: Bench.day("2026-11-21"))
        #expect(try await bench.lines("state", "reminder", "1").count { $0 == "planned" } == 3)
    }

    @Test("a new contract keeps the access, so that nobody is warned of its end")
    func accessGoesOn() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.test.sql(
            """
            INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind)
            VALUES (1, 'access_end', 'A', '{14}', '{0}', 'reminders.access_end');
            UPDATE contract SET ended_on = '2026-09-05';
            UPDATE portal SET profile = '{"accessWindowDays": 90}' WHERE id = 1;
            """
        )
        try await bench.plan(.accessEnd)
        try await bench.test.sql(
            """
            INSERT INTO contract (portal_id, id, client_id, external_key, number, kind, signed_on, currency)
            VALUES (1, 50, 1, 'k50', 'K/50', 'operating', '2026-11-20', 'PLN')
            """
        )
        try await bench.sendAll()
        #expect(try await bench.reminders() == ["1 1 cancelled moved"])
    }
}
