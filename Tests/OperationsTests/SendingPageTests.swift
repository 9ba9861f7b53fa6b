import Access
import DeskKit
import DeskWeb
import HTTPTypes
import TestKit
import Testing

@testable import Operations

@Suite struct SendingPageTests {
    private let path = "/operations/sending/warsaw"

    /// Two hand-overs that the database did not know, one of them of a message that is here.
    private func stopped() async throws -> Console {
        let console = try await Console.make()
        try await console.database.sql(
            """
            INSERT INTO client (portal_id, id, kind, name, country, language)
                VALUES (1, 77, 'person', 'Żak <b>', 'PL', 'pl');
            INSERT INTO message (portal_id, kind, channel, client_id, subject_kind, subject_id, language,
                template_version, key_subject_kind, key_subject_id, recipient, recipient_hint, content)
                VALUES (1, 'reminders.payment', 'sms', 77, 'reminder', 1, 'pl', 1, 'client', 77, '\\x00',
                    '+48 ••• ••• 127', '\\x00');
            INSERT INTO sending_fence (portal_id, cause) VALUES (1, 'lines');
            INSERT INTO journal_line (portal_id, hash, attempt, fence_id, channel, kind, handed_at, answer, message_id)
            SELECT 1, decode(lpad(n::text, 32, '0'), 'hex'), 1, f.id, 'sms', 'reminders.payment', now(),
                CASE WHEN n = 1 THEN 'accepted' END, CASE WHEN n = 1 THEN m.id END
            FROM generate_series(1, 2) AS n, sending_fence AS f, message AS m
            """
        )
        return console
    }

    private func form(_ console: Console, _ reason: String, seen: Int = 2) async throws -> [String: String] {
        let fence = try await console.database.value("SELECT max(id) FROM sending_fence") ?? ""
        return ["fence": fence, "seen": String(seen), "reason": reason]
    }

    @Test(arguments: Language.allCases) func `the list stands in every language`(language: Language) async throws {
        let console = try await stopped()
        let words = console.site.words(language)
        let page = try await console.get(path, language: language)
        #expect(page.status == .ok && page.body.contains("+48 ••• ••• 127"))
        for key in ["cause.lines", "unknown", "answer.accepted", "answer.none", "resume"] {
            #expect(page.body.contains(words("operations.sending.\(key)")), "\(key)")
        }
        #expect(page.body.contains("Żak &lt;b&gt;"))
        let jobs = try await console.get("/operations/jobs", language: language)
        #expect(jobs.body.contains(words("operations.alarm.sending_stopped")) && jobs.body.contains(path))
        try await console.database.sql(
            """
            INSERT INTO journal_trouble (portal_id, host, code)
            SELECT 1, c || '<1>', c FROM unnest(ARRAY['missing', 'full', 'not_writable', 'failed', 'unreadable',
                'foreign', 'not_configured']) AS c
            """
        )
        let troubled = try await console.get(path, language: language)
        #expect(troubled.status == .ok && troubled.body.contains("foreign&lt;1&gt;"))
    }

    @Test func `where nothing stands still the page says so`() async throws {
        let console = try await Console.make()
        #expect(try await console.get(path).body.contains("Sending flows"))
        #expect(try await console.get("/operations/sending/moscow").status == .notFound)
    }

    @Test func `a mark needs a reason and the whole list, and lets sending go on once`() async throws {
        let console = try await stopped()
        let empty = try await console.post("\(path)/resume", try await form(console, " "))
        #expect(empty.status == .unprocessableContent && empty.body.contains("Say why"))
        let grown = try await console.post("\(path)/resume", try await form(console, "seen", seen: 1))
        #expect(grown.location == path)
        #expect(try await console.database.value("SELECT count(*) FROM sending_fence WHERE marked_at IS NULL") == "1")
        #expect(try await console.post("\(path)/resume", try await form(console, "seen <all>")).location == path)
        let page = try await console.get(path)
        #expect(page.body.contains("Eva let sending go on") && page.body.contains("seen &lt;all&gt;"))
        #expect(!page.body.contains("\(path)/resume"))
        #expect(try await console.post("\(path)/resume", try await form(console, "again")).status == .seeOther)
        let trail = try await console.database.sql("SELECT action FROM audit_event").map { $0.first ?? nil }
        #expect(trail == ["sending.resumed"])
        #expect(try await console.get("/operations/jobs").body.contains(path) == false)
    }

    @Test func `an administrator may mark, an auditor may only look`() async throws {
        let console = try await stopped()
        let looked = try await console.get(path, as: [.auditor])
        #expect(looked.status == .ok && !looked.body.contains("\(path)/resume"))
        let refused = try await console.post("\(path)/resume", try await form(console, "seen"), as: [.auditor])
        #expect(refused.status == .forbidden)
        #expect(try await console.get(path, as: [.helpdesk]).status != .ok)
        #expect(try await console.get("/operations/jobs", as: [.administrator]).body.contains(path))
        let done = try await console.post("\(path)/resume", try await form(console, "seen"), as: [.administrator])
        #expect(done.location == path)
    }
}
