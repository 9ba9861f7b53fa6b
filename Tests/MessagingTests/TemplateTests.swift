import DeskKit
import HTTPTypes
import Hummingbird
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Messaging

@Suite struct TemplateTests {
    private let path = "/messaging/templates/warsaw/reminders.payment/sms/pl"
    private let body = "{{portal}}: {{amount}}, umowa {{contract}}, do {{due_date}}."

    private func versions(_ console: Console) async throws -> [String] {
        try await console.post.column(
            """
            SELECT concat_ws(' ', language, version, made_by) FROM template
            WHERE portal_id = 1 AND kind = 'reminders.payment' AND channel = 'sms' ORDER BY language, version
            """
        )
    }

    @Test("a letter saved is a new version, in force from then on, with its line in the trail")
    func saved() async throws {
        let console = try await Console.make()
        let form = ["body": body, "version": "1"]
        #expect(try await console.post(path, form, as: [.scheduler]).status == .seeOther)
        #expect(try await versions(console) == ["en 1", "pl 1", "pl 2 1"])
        #expect(try await console.trail().last?.hasPrefix("template.saved Eva") == true)
        let message = console.post.message {
            ($0.kind, $0.secret) = ("reminders.payment", false)
            $0.values = ["portal": "eBOK", "amount": "1 zł", "contract": "U/1", "due_date": "30 lis 2026"]
        }
        try await console.post.enqueue(message)
        try await console.post.work()
        #expect(
            try await console.post.column("SELECT body FROM inbox_message") == [
                "eBOK: 1 zł, umowa U/1, do 30 lis 2026."
            ]
        )
        #expect(try await console.post.column("SELECT template_version FROM message") == ["2"])
    }

    @Test("the second of two people is told, and saves nothing")
    func twoAtOnce() async throws {
        let console = try await Console.make()
        async let one = console.post(path, ["body": body, "version": "1"], as: [.scheduler])
        async let two = console.post(path, ["body": body + " Ola", "version": "1"], as: [.scheduler], staff: 2)
        let answers = try await [one, two]
        #expect(Set(answers.map(\.status)) == [.seeOther, .unprocessableContent])
        #expect(answers.contains { $0.body.contains("Somebody saved another version") })
        #expect(try await versions(console).count == 3)
    }

    @Test(
        "what cannot be filled in, or is missing, is said at the field; what was typed is kept",
        arguments: [
            ("{{portal}} {{amount}} {{contract}} {{due_date}} {{iban}}", "{{iban}} is nothing"),
            ("{{portal}} {{amount}} {{contract}}", "{{due_date}} must stand"),
            ("{{#portal}}x{{/portal}} {{amount}} {{contract}} {{due_date}}", "Tags are written as"),
            ("{{portal}} {{amount}} {{contract}} {{due_date}", "Tags are written as"),
            ("{{{portal}}} {{amount}} {{contract}} {{due_date}}", "Tags are written as"),
        ]
    )
    func wrong(text: String, words: String) async throws {
        let console = try await Console.make()
        let answer = try await console.post(path, ["body": text, "version": "1"], as: [.scheduler])
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains(words), "\(words)")
        #expect(answer.body.contains("f-body-error"))
        #expect(try await versions(console) == ["en 1", "pl 1"])
    }

    @Test("a preview saves nothing and shows encoding, parts and the letters that cost")
    func preview() async throws {
        let console = try await Console.make()
        let form = ["body": body + " Żółć", "version": "1", "act": "preview"]
        let answer = try await console.post(path, form, as: [.scheduler])
        #expect(answer.status == .ok)
        #expect(answer.body.contains("An invented client"))
        #expect(try await versions(console) == ["en 1", "pl 1"])
    }

    @Test("a language without a letter is listed, shows what goes out instead, and can be written")
    func fallback() async throws {
        let console = try await Console.make()
        try await console.post.database.sql(
            "ALTER TABLE template DISABLE TRIGGER ALL; DELETE FROM template WHERE portal_id = 1 AND language = 'pl'"
        )
        let list = try await console.get("/messaging/templates", as: [.scheduler])
        #expect(list.body.contains(path) && list.body.contains("not there in Polish"))
        let page = try await console.get(path, as: [.scheduler])
        #expect(page.body.contains("There is no letter in this language yet. Clients get the one in English"))
        #expect(try await console.post(path, ["body": body, "version": "0"], as: [.scheduler]).status == .seeOther)
        #expect(try await versions(console) == ["en 1", "pl 1 1"])
    }

    @Test("rights, portals, languages and letters that are not there", arguments: Language.allCases)
    func rights(language: Language) async throws {
        let console = try await Console.make()
        #expect(try await console.get(path, as: [.scheduler], language: language).status == .ok)
        let mail = path.replacing("/sms/", with: "/email/")
        #expect(try await console.get(mail, as: [.scheduler], language: language).body.contains("name=\"subject\""))
        #expect(try await console.get(path, as: [.helpdesk]).status == .forbidden)
        #expect(try await console.post(path, ["body": body, "version": "1"], as: [.helpdesk]).status == .forbidden)
        for other in ["/pl", "/sms", "payment"] {
            let wrong = path.replacing(other, with: other + "x")
            #expect(try await console.get(wrong, as: [.scheduler]).status == .notFound, "\(wrong)")
        }
        #expect(try await console.get(path.replacing("warsaw", with: "budapest"), as: [.scheduler]).status == .notFound)
    }

    @Test(
        "parts are counted as phones count them",
        arguments: [
            (String(repeating: "a", count: 160), 1, false), (String(repeating: "a", count: 161), 2, false),
            (String(repeating: "a", count: 306), 2, false), (String(repeating: "a", count: 307), 3, false),
            (String(repeating: "€", count: 80), 1, false), (String(repeating: "€", count: 81), 2, false),
            (String(repeating: "ś", count: 70), 1, true), (String(repeating: "ś", count: 71), 2, true),
            (String(repeating: "a", count: 159) + "ś", 3, true), ("🙂" + String(repeating: "a", count: 69), 2, true),
            ("", 1, false),
        ]
    )
    func parts(text: String, count: Int, isUnicode: Bool) {
        let parts = SMSParts(text)
        #expect(parts.count == count)
        #expect(parts.isUnicode == isUnicode)
    }
}
