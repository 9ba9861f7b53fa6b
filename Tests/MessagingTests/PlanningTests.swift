import DeskKit
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct PlanningTests {
    @Test func `a message is planned with its letter's version, sealed, with one job`() async throws {
        let post = try await Post.make()
        let id = try await post.enqueue(post.message())
        let row = try await post.database.sql(
            """
            SELECT state, language, template_version::text, recipient_hint, secret::text, key_subject_kind,
                (position('K7QX'::bytea IN content) + position('600100127'::bytea IN recipient))::text
            FROM message WHERE id = \(id)
            """
        )
        #expect(row.first == ["planned", "pl", "1", "+48 ••• ••• 127", "true", "client", "0"])
        #expect(
            try await post.column("SELECT kind || ' ' || (payload ->> 'message') || ' ' || unique_key FROM job")
                == ["messaging.send \(id) \(id)"]
        )
    }

    @Test func `the newest version of the letter is used`() async throws {
        let post = try await Post.make()
        try await post.database.sql(
            """
            INSERT INTO template (portal_id, kind, channel, language, version, body)
            VALUES (1, 'accounts.first_code', 'sms', 'pl', 2, 'Nowy: {{code}} & <b>')
            """
        )
        try await post.enqueue(post.message())
        try await post.work()
        #expect(try await post.column("SELECT template_version FROM message") == ["2"])
        #expect(try await post.column("SELECT body FROM inbox_message") == ["Nowy: K7QX-99 & <b>"])
    }

    @Test func `a language without a letter falls back to the portal's first`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message { $0.language = "hu" })
        try await post.enqueue(post.message { $0.language = "en" })
        #expect(try await post.column("SELECT language FROM message ORDER BY id") == ["pl", "en"])
    }

    @Test func `values are put in as they are`() async throws {
        let post = try await Post.make()
        try await post.enqueue(post.message { $0.values["login"] = "O'Neil <&> {{code}} 🚗" })
        try await post.work()
        let body = try await post.column("SELECT body FROM inbox_message").first
        #expect(body?.contains("O'Neil <&> {{code}} 🚗") == true)
    }

    @Test func `a letter whose tag has no value is not sent`() async throws {
        let post = try await Post.make()
        await #expect(throws: LetterText.MissingValue.self) {
            try await post.enqueue(post.message { $0.values["code"] = nil })
        }
        #expect(try await post.states().isEmpty)
        #expect(try await post.column("SELECT kind FROM job").isEmpty)
    }

    @Test(arguments: [
        "600100127", "+48 600 100 127", "+4860010012a", "+48600100127\r\nX: y", "", "+486001001270000000",
    ])
    func `what is no phone number is refused`(recipient: String) async throws {
        let post = try await Post.make()
        await #expect(throws: Outbox.Refusal.badRecipient) {
            try await post.enqueue(post.message { $0.recipient = recipient })
        }
        #expect(try await post.states().isEmpty)
    }

    @Test(arguments: [
        "zak", "@example.test", "a@b@c", "a@example.test\nBcc: x@y.z", "a b@example.test", "ż@example.test",
    ])
    func `what is no address is refused`(recipient: String) async throws {
        let post = try await Post.make()
        var message = post.reminder(to: "zofia")
        message.recipient = recipient
        let wrong = message
        await #expect(throws: Outbox.Refusal.badRecipient) { try await post.enqueue(wrong) }
    }

    @Test func `a kind without a letter is refused by name`() async throws {
        let post = try await Post.make()
        await #expect(throws: Outbox.Refusal.noTemplate(kind: "accounts.nothing", channel: "sms")) {
            try await post.enqueue(post.message { $0.kind = "accounts.nothing" })
        }
    }

    @Test func `a portal that wants it has its text messages without diacritics`() async throws {
        let post = try await Post.make()
        try await post.database.sql(#"UPDATE portal SET profile = '{"transliteratesSMS": true}' WHERE id = 1"#)
        try await post.enqueue(post.message { $0.values["login"] = "żółw" })
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.work()
        let bodies = try await post.column("SELECT body FROM inbox_message ORDER BY channel DESC")
        #expect(bodies.first?.contains("Zaloguj sie jako zolw w ciagu 72 godz. i ustaw wlasne haslo.") == true)
        #expect(bodies.last?.contains("Dzień dobry") == true)
    }

    @Test func `folding keeps what the alphabet of text messages holds`() {
        #expect(GSMFolding.text("Zażółć gęślą jaźń – „Łódź”…") == "Zazolc gesla jazn - \"Lodz\"...")
        #expect(GSMFolding.text("Őszi tűz, öt év, Árvíz") == "Öszi tüz, öt év, Arviz")
        #expect(GSMFolding.text("Код 1 € ñ 🚗") == "Код 1 € ñ 🚗")
    }

    @Test func `letters are installed once, and a portal's own versions stay`() async throws {
        let post = try await Post.make()
        let letters = try Letters.load(from: Repository.path("admin-web/letters"))
        let count = "SELECT count(*) FROM template"
        let before = try await post.database.value(count)
        try await post.database.database.transaction(.everyPortal) { try letters.install(in: $0) }
        #expect(try await post.database.value(count) == before)
        #expect(
            try await post.column("SELECT DISTINCT language FROM template WHERE portal_id = 1 ORDER BY 1") == [
                "en", "pl",
            ]
        )
    }
}
