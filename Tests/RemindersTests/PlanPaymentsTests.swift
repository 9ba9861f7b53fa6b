import DeskKit
import JobRunner
import Postgres
import TestKit
import Testing

@testable import Reminders

struct PlanPaymentsTests {
    @Test func `two runs at once plan each reminder once`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.test.sql(
            """
            INSERT INTO instalment (portal_id, id, contract_id, external_key, kind, due_on, amount_minor, currency)
            SELECT 1, g, 1, 'm' || g, 'instalment', '2026-11-25', 100, 'PLN' FROM generate_series(1, 250) AS g
            """
        )
        try await withThrowingTaskGroup { group in
            for number in [1, 3, 4] { group.addTask { try await bench.plan(run: RunID(Int64(number))) } }
            try await group.waitForAll()
        }
        #expect(try await bench.test.value("SELECT count(*) FROM reminder WHERE state = 'planned'") == "250")
        #expect(try await bench.test.value("SELECT sum((counts ->> 'planned')::int) FROM run") == "250")
        let covered = try await bench.test.value(
            """
            SELECT count(*) FROM reminder AS m WHERE 1 = (SELECT count(*) FROM job AS j WHERE j.kind = 'reminders.send'
                AND j.run_id = m.run_id AND m.account_id BETWEEN (j.payload ->> 'first')::bigint
                    AND (j.payload ->> 'last')::bigint)
            """
        )
        #expect(covered == "250")
    }

    @Test func `a run done again adds nothing and orders no letter twice`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        for _ in 1...3 { try await bench.plan() }
        #expect(try await bench.reminders() == ["1 1 planned"])
        #expect(try await bench.test.value("SELECT count(*) FROM job WHERE kind = 'reminders.send'") == "1")
        #expect(try await bench.test.value("SELECT counts ->> 'planned' FROM run WHERE id = 1") == "1")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.plan()
        #expect(try await bench.reminders() == ["1 1 planned", "2 1 planned"])
    }

    @Test func `an account's own number of days wins over the rule's`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.account(2, for: 1, days: 2)
        try await bench.account(3, for: 1, days: 0)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-22")
        try await bench.instalment(3, due: "2026-11-20")
        try await bench.instalment(4, due: "2026-11-24")
        try await bench.plan()
        #expect(try await bench.reminders() == ["1 1 planned", "2 2 planned", "3 3 planned"])
    }

    @Test func `who gets none is listed with the reason`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.account(2, for: 1, by: "none")
        try await bench.account(3, for: 1, state: "invited")
        try await bench.account(4, for: 1, state: "locked")
        try await bench.account(5, for: 1)
        try await bench.account(6, for: 1, by: "email")
        try await bench.account(7, for: 1, state: "closed")
        try await bench.account(8, for: 1, rights: "requests")
        try await bench.test.sql(
            "UPDATE account SET phone = NULL WHERE id = 5; UPDATE account SET email = '' WHERE id = 6"
        )
        try await bench.client(9)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(9, of: 9, due: "2026-11-25")
        try await bench.plan()
        #expect(
            try await bench.reminders() == [
                "1 1 planned", "1 2 skipped opted_out", "1 3 skipped invited", "1 4 skipped locked",
                "1 5 skipped no_contact", "1 6 skipped no_contact", "9 0 skipped no_account",
            ]
        )
    }

    @Test func `a client whose only access has ended is one without an account`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.test.sql("UPDATE access SET ended_at = now()")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.plan()
        #expect(try await bench.reminders() == ["1 0 skipped no_account"])
    }

    @Test func `what is paid is left out, by itself or by its invoice, and what is paid in part is not`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        for id in 1...6 { try await bench.instalment(id, due: "2026-11-25") }
        try await bench.pay(1)
        try await bench.pay(2, 123449)
        try await bench.test.sql(
            """
            INSERT INTO invoice (portal_id, id, client_id, contract_id, external_key, number, issued_on, due_on,
                amount_minor, currency)
            SELECT 1, g, 1, 1, 'v' || g, 'V' || g, '2026-11-01', '2026-11-25', 150000, 'PLN'
            FROM generate_series(3, 5) AS g;
            UPDATE instalment SET invoice_id = id WHERE id BETWEEN 3 AND 5;
            INSERT INTO payment (portal_id, external_key, invoice_id, paid_on, amount_minor, currency)
            VALUES (1, 'a', 3, '2026-11-02', 150000, 'PLN'), (1, 'b', 4, '2026-11-02', 149999, 'PLN');
            """
        )
        try await bench.plan()
        let planned = try await bench.reminders()
        #expect(
            planned == [
                "1 1 skipped paid", "2 1 planned", "3 1 skipped paid", "4 1 planned", "5 1 planned", "6 1 planned",
            ]
        )
        // The form that is planned with the statement says what the book's own function says.
        let open = try await bench.lines(
            "id || ' 1 ' || CASE WHEN instalment_open_minor(1::smallint, id) <= 0 THEN 'skipped paid' "
                + "ELSE 'planned' END",
            "instalment",
            "id"
        )
        #expect(open == planned)
    }

    @Test func `months of every length and 29 February`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2028-02-29")
        try await bench.instalment(2, due: "2028-03-01")
        try await bench.instalment(3, due: "2027-03-01")
        for (date, found) in [("2028-02-24", "1"), ("2028-02-25", "2"), ("2027-02-24", "3")] {
            try await bench.plan(on: Bench.day(date))
            #expect(try await bench.test.value("SELECT subject_id FROM reminder ORDER BY id DESC LIMIT 1") == found)
        }
        #expect(try await bench.reminders().count == 3)
    }

    @Test func `a late run goes by its own date alone`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-03-10")
        try await bench.instalment(2, due: "2026-03-11")
        try await bench.plan(on: Bench.day("2026-03-05"))
        #expect(try await bench.reminders() == ["1 1 planned"])
    }

    @Test func `another portal is neither planned nor seen`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.client(2, portal: 2)
        try await bench.account(2, portal: 2)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, of: 2, due: "2026-11-25", portal: 2)
        try await bench.plan()
        #expect(try await bench.test.value("SELECT count(*) FROM reminder WHERE portal_id = 2") == "0")
        let seen = try await bench.test.database.read(.portal(Bench.other)) { session in
            try session.all(
                RemindersQueries.previewCounts,
                ["subject": RuleSubject.instalment, "portal": Bench.portal, "date": Bench.today]
            ).count
        }
        #expect(seen == 0)
        try await bench.plan(portal: Bench.other)
        #expect(try await bench.test.value("SELECT count(*) FROM reminder WHERE portal_id = 2") == "1")
    }

    @Test func `a rule that is switched off plans nothing`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.test.sql("UPDATE rule SET active = false")
        try await bench.plan()
        #expect(try await bench.reminders() == [])
    }
}
