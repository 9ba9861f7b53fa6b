import Foundation
import Testing

@testable import Transport

/// A message to `person`@example.test; each test changes what it is about.
func message(
    to person: String,
    from: String = "desk",
    subject: String = "Rata 3/36",
    text: String = "Dzień dobry",
    html: String? = nil,
    headers: [(name: String, value: String)] = []
) throws -> EmailMessage {
    try EmailMessage(
        from: try #require(EmailAddress("\(from)@example.test")),
        fromName: "Biuro „Łódź”",
        to: try #require(EmailAddress("\(person)@example.test")),
        subject: subject,
        text: text,
        html: html,
        messageID: "<reminder.17@desk.example.test>",
        date: Date(timeIntervalSince1970: 1_795_262_400),
        headers: headers
    )
}

@Suite struct MessageTests {
    func lines(_ message: EmailMessage) -> [String] {
        String(decoding: message.encoded(), as: UTF8.self).components(separatedBy: "\r\n")
    }

    @Test func `the head is ASCII and says what it was given`() throws {
        let lines = try lines(message(to: "zofia", headers: [("List-Unsubscribe", "<https://example.test/u>")]))
        #expect(lines.contains("To: <zofia@example.test>"))
        #expect(lines.contains("Subject: Rata 3/36"))
        #expect(lines.contains("Message-ID: <reminder.17@desk.example.test>"))
        #expect(lines.contains("Date: Sat, 21 Nov 2026 12:00:00 +0000"))
        #expect(lines.contains("List-Unsubscribe: <https://example.test/u>"))
        #expect(lines.contains("From: =?utf-8?B?Qml1cm8g4oCexYHDs2TFuuKAnQ==?= <desk@example.test>"))
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
    }

    @Test func `a long foreign subject is folded into words of 75 characters`() throws {
        let subject = String(repeating: "Напоминание об оплате 🚗 ", count: 8)
        let encoded = MIME.unstructured(subject)
        let words = encoded.components(separatedBy: "\r\n ")
        #expect(words.count > 3 && words.allSatisfy { $0.utf8.count <= 75 })
        let decoded = words.compactMap { Data(base64Encoded: String($0.dropFirst(10).dropLast(2))) }
        #expect(decoded.map { String(decoding: $0, as: UTF8.self) }.joined() == subject)
    }

    @Test func `text that looks encoded is encoded`() {
        #expect(MIME.unstructured("=?utf-8?Q?x?=") == "=?utf-8?B?PT91dGYtOD9RP3g/PQ==?=")
        #expect(MIME.phrase("A \"B\" \\") == "\"A \\\"B\\\" \\\\\" ")
        #expect(MIME.phrase("") == "")
    }

    @Test func `quoted-printable keeps lines short, dots harmless and blanks at the end`() {
        #expect(MIME.quotedPrintable("ś = 1") == "=C5=9B =3D 1")
        #expect(MIME.quotedPrintable(".\n..x\r\nend \r.") == "=2E\r\n=2E.x\r\nend=20\r\n=2E")
        let long = MIME.quotedPrintable(String(repeating: "abcdefghi ", count: 40)).components(separatedBy: "\r\n")
        #expect(long.allSatisfy { $0.utf8.count <= 76 })
        #expect(long.map { $0.hasSuffix("=") ? String($0.dropLast()) : $0 }.joined().hasPrefix("abcdefghi abc"))
    }

    @Test func `a line break in any head field is refused by name`() throws {
        #expect(throws: MessageProblem.control(field: "subject")) {
            try message(to: "a", subject: "x\r\nBcc: all@example.test")
        }
        #expect(throws: MessageProblem.control(field: "subject")) { try message(to: "a", subject: "x\u{2028}y") }
        #expect(throws: MessageProblem.control(field: "X-Kind")) {
            try message(to: "a", headers: [("X-Kind", "a\nb")])
        }
        #expect(throws: MessageProblem.header(name: "Bcc")) { try message(to: "a", headers: [("Bcc", "b")]) }
        #expect(throws: MessageProblem.header(name: "XYB")) { try message(to: "a", headers: [("X\r\nY: B", "b")]) }
    }

    @Test(arguments: [
        "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nDATA", "a\n@b", "<a@b>", "a@-b.c", "a@b..c", ".a@b", "ą@b.c",
        "a@łódź.pl", "a@" + String(repeating: "b", count: 64), "a,b@c",
    ])
    func `what is no address is refused`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func `ordinary addresses are taken, and print as dots`() {
        for text in ["zofia.k+desk@example.test", "o'brien@x-y.example", "a@b"] {
            #expect(EmailAddress(text).map { "\($0)" } == "•••")
        }
    }

    @Test func `html comes second, after the text`() throws {
        let lines = try lines(message(to: "a", html: "<p>ś</p>"))
        let kinds = lines.filter { $0.hasPrefix("Content-Type: text") }
        #expect(kinds == ["Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"])
        #expect(lines.contains("<p>=C5=9B</p>"))
        #expect(lines.filter { $0.hasPrefix("--=_") }.count == 3)
    }

    @Test func `a masked reply keeps codes and loses people`() {
        let masked = Reply.masked("5.1.1 <a@b.test>:\r\n no +48600100200 queued as 4F1A2B\u{202E}")
        #expect(masked == "5.1.1 ••• no ••• queued as 4F1A2B")
        #expect(Reply.masked(String(repeating: "word ", count: 1_000)).count == 300)
    }
}
