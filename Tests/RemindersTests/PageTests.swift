import Access
import Audit
import DeskKit
import Foundation
import Portals
import Postgres
import TestKit
import Testing

@testable import DeskWeb
@testable import Reminders

extension Bench {
    static func profile() throws -> PortalProfile {
        let rules = """
            {"loginKind": "phone", "secondStep": "none", "passwordRule": {"minLength": 8, "needsLetters": true,
            "needsDigits": true}, "codeMinutes": 5, "codeTries": 5, "firstCodeChannel": "sms", "firstCodeHours": 24,
            "temporaryPasswordMinutes": 60, "lockAfter": 5, "arrearsBlockSelfService": false, "userRights": [],
            "applicationKinds": [], "regulationsVersion": "1", "identifiers": {"company": [], "soleTrader": [],
            "person": []}, "documents": {"portalUsers": [], "office": []}, "contactDeadline": {"number": 2,
            "unit": "calendar"}, "senders": {"sms": "ONE", "emailName": "One", "emailAddress": "one@example.com"},
            "support": [], "transliteratesSMS": false, "reminders": {"paymentDaysBefore": 5,
            "insuranceDaysBefore": [7, 30, 14, 14, 400], "channel": "sms"}}
            """
        return PortalProfile(
            id: portal,
            version: 1,
            identity: PortalIdentity(
                key: "one",
                name: "Portal One",
                country: "PL",
                timeZone: "Europe/Warsaw",
                currency: "PLN",
                languages: ["pl", "en"]
            ),
            rules: try JSONDecoder().decode(PortalRules.self, from: Data(rules.utf8))
        )
    }
}

struct PageTests {
    private func html(_ page: some Page, _ bench: Bench, _ language: Language) throws -> String {
        var state = PageState()
        state.site = bench.site
        state.language = language
        return String(decoding: try bench.site.html(page, in: state).html, as: UTF8.self)
    }

    private func list(_ bench: Bench, _ roles: Set<Role>, _ language: Language) async throws -> String {
        let content = try await bench.test.database.read(.portal(Bench.portal)) { session in
            let content = try RemindersPage.Content(portals: [Bench.portal], staff: StaffID(7), in: session)
            #expect(session.statementCount <= 5)
            return content
        }
        let page = RemindersPage(
            content,
            [try Bench.profile()],
            RuleTests.staff(roles),
            bench.site.words(language)
        )
        return try html(page, bench, language)
    }

    /// A day that is today for the portal, whenever the test runs.
    private func busy() async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.account(2, for: 1, by: "none")
        try await bench.test.sql(
            """
            INSERT INTO instalment (portal_id, id, contract_id, external_key, kind, due_on, amount_minor, currency)
            SELECT 1, g, 1, 'i' || g, 'instalment', (now() AT TIME ZONE 'Europe/Warsaw')::date + 5 + g, 100, 'PLN'
            FROM generate_series(0, 1) AS g;
            INSERT INTO schedule (portal_id, name, handler, queue, file_cron, cron, time_zone, file_digest, missed,
                latest_minutes, attempts, owner, runbook, next_local, next_at)
            VALUES (1, 'reminders.payments', 'reminders.payments', 'reminders', '0 9 * * *', '0 9 * * *',
                'Europe/Warsaw',
                '', 'one', 480, 5, 'x', 'y', '2026-11-21 09:00', '2026-11-21 08:00Z');
            """
        )
        return bench
    }

    @Test(arguments: Language.allCases)
    func `the page shows rules, days ahead and runs in every language`(language: Language) async throws {
        let bench = try await busy()
        try await bench.plan()
        let words = bench.site.words(language)
        let text = try await list(bench, [.scheduler], language)
        #expect(text.contains("30, 14, 7"))
        #expect(text.contains(words("reminders.outlook.send", ["count": 1])))
        #expect(text.contains(words("reminders.outlook.skip", ["count": 1])))
        #expect(text.contains("/operations/jobs/one/reminders.payments"))
        #expect(text.contains("/operations/runs/one/1"))
        #expect(text.contains(words("reminders.never")))
    }

    @Test func `who may not see jobs gets no links to them`() async throws {
        let text = try await list(try await busy(), [.helpdesk], .english)
        #expect(text.contains("/reminders/one/rules/1"))
        #expect(!text.contains("/operations/"))
    }

    @Test func `a portal without rules offers the usual ones to whoever may make them`() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("DELETE FROM rule")
        #expect(try await list(bench, [.scheduler], .english).contains(#"action="/reminders/one/rules""#))
        #expect(!(try await list(bench, [.auditor], .english)).contains("<form method=\"post\" action=\"/reminders"))
    }

    @Test(arguments: Language.allCases, [RuleID(1), RuleID(2)])
    func `the form of a rule in every language`(language: Language, rule: RuleID) async throws {
        let bench = try await Bench.make()
        let content = try await bench.test.database.read(.portal(Bench.portal)) { [audit = bench.audit] session in
            try RulePage.Content(rule, Bench.portal, audit, in: session)
        }
        let words = bench.site.words(language)
        for mayChange in [true, false] {
            let page = RulePage(
                try #require(content),
                try Bench.profile(),
                mayChange: mayChange,
                AuditWords(catalog: bench.site.catalog),
                form: nil,
                errors: FieldErrors(),
                words
            )
            let text = try html(page, bench, language)
            #expect(text.contains(words("reminders.save")) == mayChange)
            #expect(!text.contains("reminders.stored"))
        }
    }

    @Test func `a conflict keeps what was typed and shows what is stored`() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("UPDATE rule SET version = 2, name = 'Theirs' WHERE id = 2")
        let content = try await bench.test.database.read(.portal(Bench.portal)) { [audit = bench.audit] session in
            try RulePage.Content(RuleID(2), Bench.portal, audit, in: session)
        }
        var errors = FieldErrors()
        errors.add("reminders.refused.changed_meanwhile")
        let form = Form([("name", "Mine"), ("days", "5, 4"), ("version", "1")])
        let words = bench.site.words(.english)
        let page = RulePage(
            try #require(content),
            try Bench.profile(),
            mayChange: true,
            AuditWords(catalog: bench.site.catalog),
            form: form,
            errors: errors,
            words
        )
        let text = try html(page, bench, .english)
        #expect(text.contains(#"value="Mine""#))
        #expect(text.contains(#"value="5, 4""#))
        #expect(text.contains("Theirs; days before: 30, 14, 7"))
        #expect(text.contains(#"name="version" value="2""#))
    }

    @Test func `a client's reminders come with words`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.account(2, for: 1, by: "none")
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.policy(1, to: "2026-12-20")
        try await bench.plan()
        try await bench.sendAll()
        try await bench.plan(.policy)
        let lines = try await bench.test.database.read(.portal(Bench.portal)) {
            try RemindersOfClient().rows(ClientID(1), Bench.portal, in: $0)
        }
        let words = bench.site.words(.english)
        #expect(Set(lines.map { $0.subject(words) }) == ["Instalment K/1 / 1", "Policy P1"])
        #expect(Set(lines.map { $0.tag(words).text }) == ["Planned", "Left out"])
        #expect(Set(lines.compactMap { $0.reasonText(words) }) == ["Wants no reminders"])
        let others = try await bench.test.database.read(.portal(Bench.other)) {
            try RemindersOfClient().rows(ClientID(1), Bench.portal, in: $0)
        }
        #expect(others.isEmpty)
    }
}
