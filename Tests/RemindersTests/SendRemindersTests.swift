import Audit
import DeskKit
import DeskWeb
import JobRunner
import Logging
import Messaging
import Postgres
import TestKit
import Testing

@testable import Reminders

struct SendRemindersTests {
    private func planned() async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.plan()
        return bench
    }

    private func obstacle(_ bench: Bench) async throws -> String? {
        try await bench.test.workerDatabase.read(.portal(Bench.portal)) { session in
            let reminder = try session.all(
                RemindersQueries.remindersOfClient,
                [
                    "portal": Bench.portal, "client": 1, "limit": 1,
                ]
            )
            return try session.one(
                RemindersQueries.obstacle,
                ["portal": Bench.portal, "reminder": reminder.first?.id]
            )
        }
    }

    @Test func `a letter is in the account's language, with what is still open`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.account(2, for: 1, by: "email", language: "en")
        try await bench.account(3, for: 1, language: "de")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.pay(1, 23450)
        try await bench.plan()
        try await bench.sendAll()
        let letters = try await bench.letters()
        #expect(letters.count == 3)
        #expect(letters[0].contains("1000,00 zł") || letters[0].contains("1 000,00 zł"))
        #expect(letters[0].contains("K/1"))
        #expect(letters[0].contains("25 lis"))
        #expect(letters[1].contains("1,000.00"))
        #expect(letters[1].contains("25 November 2026"))
        #expect(letters[2].contains("Portal One"))
        #expect(letters[2].contains("25 lis"))
        #expect(!letters[0].contains("\u{A0}"))
        #expect(
            try await bench.lines(
                "channel || ' ' || language || ' ' || template_version || ' ' || subject_kind",
                "message",
                "id"
            ) == ["sms pl 1 reminder", "email en 1 reminder", "sms pl 1 reminder"]
        )
    }

    @Test func `an insurance letter names cover and car`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1, language: "en")
        try await bench.policy(1, to: "2026-12-20")
        try await bench.plan(.policy)
        try await bench.sendAll()
        let letter = try await bench.letters().first ?? ""
        #expect(letter.contains("P1 (OC) for Skoda Octavia WX1 expires on 20 Dec 2026"))
    }

    @Test func `a chunk done again writes nothing twice`() async throws {
        let bench = try await planned()
        try await withThrowingTaskGroup { group in
            for _ in 1...4 { group.addTask { try await bench.sendAll() } }
            try await group.waitForAll()
        }
        #expect(try await bench.reminders() == ["1 1 sent"])
        #expect(try await bench.test.value("SELECT count(*) FROM message") == "1")
        #expect(try await bench.test.value("SELECT count(*) FROM job WHERE kind = 'messaging.send'") == "1")
        #expect(try await bench.test.value("SELECT counts::text FROM run WHERE id = 1") != nil)
        #expect(try await bench.test.value("SELECT counts ->> 'sent' FROM run WHERE id = 1") == "1")
    }

    @Test(arguments: [
        (
            "INSERT INTO payment (portal_id, external_key, instalment_id, paid_on, amount_minor, currency) "
                + "VALUES (1, 'p', 1, '2026-11-20', 123450, 'PLN')", "paid"
        ),
        ("ALTER TABLE account DISABLE TRIGGER account_closes; UPDATE account SET state = 'closed'", "closed"),
        ("UPDATE account SET state = 'locked', locked_at = now(), locked_from = 'active'", "locked"),
        ("UPDATE access SET ended_at = now()", "access_ended"),
        ("UPDATE access SET rights = '{requests}'", "access_ended"),
        ("UPDATE account SET remind_by = 'none'", "opted_out"),
        ("UPDATE account SET phone = NULL", "no_contact"),
        ("UPDATE account SET phone = 'call me'", "bad_contact"),
        ("UPDATE instalment SET due_on = '2026-12-25'", "moved"),
        ("UPDATE rule SET active = false", "rule_off"),
    ])
    func `what changed after planning cancels before the letter`(change: String, reason: String) async throws {
        let bench = try await planned()
        try await bench.test.sql(change)
        try await bench.sendAll()
        #expect(try await bench.reminders() == ["1 1 cancelled \(reason)"])
        #expect(try await bench.test.value("SELECT count(*) FROM message") == "0")
        #expect(try await bench.test.value("SELECT counts ->> 'cancelled' FROM run WHERE id = 1") == "1")
    }

    @Test func `a payment or a renewal is caught once more just before the wire`() async throws {
        let bench = try await planned()
        try await bench.sendAll()
        #expect(try await obstacle(bench) == nil)
        try await bench.pay(1)
        #expect(try await obstacle(bench) == "paid")

        let insured = try await Bench.make()
        try await insured.account(1)
        try await insured.policy(1, to: "2026-12-20")
        try await insured.plan(.policy)
        try await insured.sendAll()
        #expect(try await obstacle(insured) == nil)
        try await insured.policy(2, from: "2026-12-21", to: "2027-12-20")
        #expect(try await obstacle(insured) == "renewed")
    }

    @Test func `the check before the wire knows where the account is reached by now`() async throws {
        let bench = try await planned()
        try await bench.sendAll()
        func contact(_ channel: String) async throws -> String? {
            try await bench.test.workerDatabase.read(.portal(Bench.portal)) { session in
                try session.first(
                    RemindersQueries.contact,
                    ["portal": Bench.portal, "reminder": 1, "channel": channel]
                ) ?? nil
            }
        }
        try await bench.test.sql("UPDATE account SET phone = '+48600100999', email = 'new@example.pl'")
        #expect(try await contact("sms") == "+48600100999")
        #expect(try await contact("email") == "new@example.pl")
        try await bench.test.sql("UPDATE account SET phone = NULL")
        #expect(try await contact("sms") == nil)
    }

    @Test func `a missing template leaves the reminders waiting`() async throws {
        let bench = try await planned()
        try await bench.test.sql("ALTER TABLE template DISABLE TRIGGER ALL; DELETE FROM template")
        await #expect(throws: JobFailure("no_template")) { try await bench.sendAll() }
        #expect(try await bench.reminders() == ["1 1 planned"])
    }

    @Test func `a run by the worker goes from the day's order to the ledger`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        let queue = bench.queue
        try await bench.test.database.transaction(.portal(Bench.portal)) { session in
            _ = try queue.enqueue(
                RemindPayments.self,
                portal: Bench.portal,
                payload: RunOrder(date: Bench.today),
                run: Bench.run,
                in: session
            )
        }
        let handlers = RemindersFeature.jobs(queue: queue, outbox: bench.outbox, catalog: bench.site.catalog)
        let worker = Worker(
            database: bench.test.workerDatabase,
            registry: try JobRegistry(handlers),
            configuration: WorkerConfiguration(host: "test", process: 1),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        try await worker.workThrough()
        #expect(try await bench.reminders() == ["1 1 sent"])
        #expect(try await bench.lines("kind", "job", "id") == ["messaging.send"])
        #expect(try await bench.test.value("SELECT progress || '/' || progress_total FROM run WHERE id = 1") == "1/1")
    }
}
