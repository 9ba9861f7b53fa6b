import Access
import DeskKit
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing

@testable import DeskWeb
@testable import Reminders

struct WhyTests {
    private func stories(_ bench: Bench, due: String, client: Int64 = 1) async throws -> [WhyStory] {
        let content = try await bench.test.database.read(.portal(Bench.portal)) { session in
            try WhyPage.Content(ClientID(client), Bench.day(due), Bench.portal, in: session)
        }
        return try #require(content).story.map {
            WhyStory($0, portal: "one", logins: .companyCode, opens: (true, true), bench.site.words(.english))
        }
    }

    /// Two accounts, one of which wants nothing; a run on the 20th for what is due on the 25th.
    private func told() async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.account(1, language: "de")
        try await bench.account(2, for: 1, by: "none")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.test.sql(
            """
            INSERT INTO schedule (portal_id, name, handler, queue, file_cron, cron, time_zone, file_digest, missed,
                latest_minutes, attempts, owner, runbook)
            VALUES (1, 'reminders.payments', 'reminders.payments', 'reminders', '0 9 * * *', '0 9 * * *',
                'Europe/Warsaw', '', 'one', 480, 5, 'x', 'y')
            """
        )
        return bench
    }

    @Test("the story goes from the rule over plan and letter to the gateway's word, and names a missing language")
    func sent() async throws {
        let bench = try await told()
        try await bench.plan()
        try await bench.sendAll()
        try await bench.test.sql(
            """
            INSERT INTO provider (portal_id, name, channel, kind) VALUES (1, 'Kannel', 'sms', 'local');
            UPDATE message SET state = 'handed_over', handed_at = now(), attempts = 2,
                provider_id = (SELECT id FROM provider);
            UPDATE message SET state = 'refused', reason = 'recipient_550', settled_at = now();
            """
        )
        let stories = try await stories(bench, due: "2026-11-25")
        #expect(stories.map(\.account) == ["user1", "user2"])
        let first = try #require(stories.first)
        #expect(first.title == "Instalment K/1 / 1")
        #expect(first.sentences.first == "The rule “Rule” reminds 5 days before the date.")
        #expect(first.sentences.contains { $0.hasPrefix("Written as SMS to +48 ••• ••• 127, in Polish") })
        #expect(first.sentences.contains("The account's language is de, in which there is no letter."))
        #expect(first.sentences.contains { $0.hasPrefix("Handed over to the gateway “Kannel”") })
        #expect(first.sentences.contains("It took 2 tries."))
        #expect(first.sentences.last?.hasSuffix("The recipient's check answered with 550") == true)
        #expect(first.outcome.text == "Refused")
        #expect(first.message == "/messaging/one/1" && first.run == "/operations/runs/one/1")
        #expect(stories.last?.sentences.last == "Left out then: Wants no reminders")
    }

    @Test(
        "the story ends with the receipt, or with what keeps the message back",
        arguments: [
            ("UPDATE message SET state = 'confirmed', delivery = 'delivered', delivered_at = now()", "delivered it at"),
            ("UPDATE message SET state = 'confirmed', delivery = 'undelivered'", "could not deliver it"),
            ("UPDATE message SET state = 'confirmed'", "is not told yet"),
            (
                "UPDATE message SET state = 'planned'; INSERT INTO gateway (portal_id, provider_id, open_until)"
                    + " SELECT 1, id, now() + interval '1 hour' FROM provider", "is left alone until"
            ),
            (
                "UPDATE message SET state = 'planned'; INSERT INTO queue_pause (portal_id, queue, reason)"
                    + " VALUES (1, 'messaging', 'the gateway is down')", "The queue is paused: the gateway is down"
            ),
            (
                "UPDATE message SET state = 'planned'; INSERT INTO sending_hours (portal_id, opens, closes)"
                    + " SELECT 1, CASE WHEN n THEN '13:00'::time ELSE '01:00' END, CASE WHEN n THEN '14:00'::time"
                    + " ELSE '02:00' END FROM (SELECT (now() AT TIME ZONE 'Europe/Warsaw')::time < '12:00') AS w (n)",
                "does not write at this hour"
            ),
        ]
    )
    func toTheEnd(change: String, words: String) async throws {
        let bench = try await told()
        try await bench.plan()
        try await bench.sendAll()
        try await bench.test.sql(
            """
            INSERT INTO provider (portal_id, name, channel, kind) VALUES (1, 'Kannel', 'sms', 'http_sms');
            UPDATE message SET state = 'handed_over', handed_at = now(), attempts = 1,
                provider_id = (SELECT id FROM provider);
            \(change)
            """
        )
        let told = try await stories(bench, due: "2026-11-25").first?.sentences.last
        #expect(told?.contains(words) == true, "\(told ?? "")")
    }

    @Test("a run that waits for a second person is told of")
    func approval() async throws {
        let bench = try await told()
        try await bench.test.sql("INSERT INTO reminder_limit (portal_id, approve_above) VALUES (1, 0)")
        try await bench.plan()
        let told = try await stories(bench, due: "2026-11-25").first?.sentences.last
        #expect(told == "Its run waits for a second person.")
    }

    @Test("what the run did not know of is told apart from a day without a run and from a day to come")
    func unplanned() async throws {
        let bench = try await told()
        try await bench.test.sql("UPDATE run SET state = 'finished'")
        let late = try await stories(bench, due: "2026-11-25")
        #expect(late.first?.sentences.contains { $0.hasPrefix("The run did not know of it.") } == true)
        #expect(
            late.first?.outcome.text
                == (late.first?.sentences.contains { $0.contains("today") } == true
                    ? "To come" : "Not reminded")
        )

        try await bench.instalment(2, due: "2026-06-10")
        let missed = try await stories(bench, due: "2026-06-10")
        #expect(missed.first?.sentences.contains("There was no run for that day.") == true)
        #expect(missed.first?.outcome.text == "Not reminded")

        try await bench.instalment(3, due: "2199-06-10")
        try await bench.account(3, for: 1, days: 10)
        let coming = try await stories(bench, due: "2199-06-10")
        #expect(coming.first?.sentences.last == "As things stand now, it will be sent.")
        #expect(coming.first?.outcome.text == "To come")
        #expect(coming[1].sentences.last == "As things stand now, it is left out: Wants no reminders")
        #expect(coming[2].sentences[1] == "This account chose 10 days before for itself, which goes before the rule.")
        #expect(coming[2].sentences[2].contains("31 May 2199"))
    }

    @Test(
        "every obstacle of today is said in words",
        arguments: [
            ("DELETE FROM access", "No account sees this"),
            ("UPDATE access SET ended_at = now()", "Access to the client has ended"),
            ("UPDATE access SET rights = '{requests}'", "The account may not see this"),
            ("UPDATE account SET phone = NULL", "No phone or e-mail"),
            (
                "ALTER TABLE account DISABLE TRIGGER account_closes; UPDATE account SET state = 'closed'",
                "Account closed"
            ),
            ("UPDATE rule SET active = false", "nobody is reminded by it."),
            ("DELETE FROM rule", "No rule of this portal reminds of this"),
        ]
    )
    func obstacles(change: String, words: String) async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2199-06-10")
        try await bench.test.sql(change)
        let stories = try await stories(bench, due: "2199-06-10")
        #expect(stories.count == 1)
        #expect(stories.first?.sentences.contains { $0.contains(words) } == true)
    }

    @Test("a rule without the step of an old reminder still tells of it")
    func goneStep() async throws {
        let bench = try await told()
        try await bench.plan()
        try await bench.test.sql("UPDATE rule SET steps = '{7}' WHERE id = 1")
        let stories = try await stories(bench, due: "2026-11-25")
        #expect(stories.contains { $0.sentences.first == "The rule “Rule” had this step once and no longer has it." })
    }

    @Test("the page shows the story in every language and lists the days to ask about", arguments: Language.allCases)
    func page(language: Language) async throws {
        let bench = try await told()
        try await bench.plan()
        try await bench.sendAll()
        try await bench.test.sql(
            """
            INSERT INTO instalment (portal_id, id, contract_id, external_key, kind, due_on, amount_minor, currency)
            VALUES (1, 9, 1, 'i9', 'instalment', (now() AT TIME ZONE 'Europe/Warsaw')::date + 30, 100, 'PLN')
            """
        )
        let content = try await bench.test.database.read(.portal(Bench.portal)) { session in
            try WhyPage.Content(ClientID(1), Bench.day("2026-11-25"), Bench.portal, in: session)
        }
        let words = bench.site.words(language)
        let page = WhyPage(
            try #require(content),
            ClientID(1),
            try Bench.profile(),
            opens: (false, false),
            Fields(words),
            words
        )
        var state = PageState()
        state.site = bench.site
        state.language = language
        let html = String(decoding: try bench.site.html(page, in: state).html, as: UTF8.self)
        #expect(html.contains(try Bench.profile().rules.loginKind.masked("user1")))
        #expect(html.contains("/reminders/one/why/1?due="))
        #expect(!html.contains("/messaging/") && !html.contains("/operations/runs/"))
    }

    @Test("a day that is none is said at the field; a client of another portal is not found")
    func routes() async throws {
        let bench = try await told()
        let ask = RouteTests()
        let wrong = try await ask.ask(bench, "/reminders/one/why/1?due=31.02.2026", as: .helpdesk)
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("31.02.2026"))
        let shown = try Bench.profile().rules.loginKind.masked("user2")
        #expect(try await ask.ask(bench, "/reminders/one/why/1?due=2026-11-25", as: .auditor).body.contains(shown))
        #expect(try await ask.ask(bench, "/reminders/one/why/1", as: .helpdesk).status == .ok)
        #expect(try await ask.ask(bench, "/reminders/one/why/77", as: .helpdesk).status == .notFound)
        #expect(try await ask.ask(bench, "/reminders/two/why/1", as: .helpdesk).status == .notFound)
        #expect(try await ask.ask(bench, "/reminders/one/why/1", as: .administrator).status == .forbidden)
    }
}
