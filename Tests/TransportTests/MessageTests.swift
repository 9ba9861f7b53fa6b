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
    headers: [(name: String, value: String)] = [],
    files: [AttachedFile] = []
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
        headers: headers,
        files: files
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

    @Test func `a file comes after the words, in lines of 76 characters`() throws {
        let bytes = (0..<200).map { UInt8($0) }
        let file = AttachedFile(name: "Decyzja 12.pdf", type: "application/pdf", bytes: bytes)
        let mail = try message(to: "a", html: "<p>ś</p>", files: [file])
        let lines = lines(mail)
        #expect(
            lines.filter { $0.hasPrefix("Content-Type") }.map { $0.split(separator: ";")[0] } == [
                "Content-Type: multipart/mixed", "Content-Type: multipart/alternative", "Content-Type: text/plain",
                "Content-Type: text/html", "Content-Type: application/pdf",
            ]
        )
        #expect(lines.filter { $0.hasPrefix("--=_portaldesk_mixed") }.count == 3)
        #expect(lines.contains(" filename=\"Decyzja 12.pdf\""))
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
        let start = try #require(lines.lastIndex(of: " filename=\"Decyzja 12.pdf\"")) + 2
        let end = try #require(lines[start...].firstIndex(of: ""))
        #expect(Data(base64Encoded: lines[start..<end].joined()) == Data(bytes))
        #expect(MIME.base64([]).isEmpty)
        #expect("\(file)" == "•••" && "\(mail)" == "•••")
    }

    @Test func `a file's foreign name is cut into encoded pieces, a quote in it is escaped`() throws {
        #expect(MIME.parameter("filename", "a \"b\" \\.pdf") == ";\r\n filename=\"a \\\"b\\\" \\\\.pdf\"")
        #expect(MIME.parameter("filename", "łąka.pdf") == ";\r\n filename*=utf-8''%C5%82%C4%85ka.pdf")
        let name = "Подтверждение изменения данных 2247.pdf"
        let pieces = MIME.parameter("filename", name).components(separatedBy: ";\r\n ").dropFirst()
        #expect(pieces.count > 3 && pieces.allSatisfy { $0.utf8.count <= 76 })
        #expect(pieces.enumerated().allSatisfy { $0.element.hasPrefix("filename*\($0.offset)*=") })
        let joined = pieces.map { $0.drop { $0 != "=" }.dropFirst() }.joined()
        #expect(joined.hasPrefix("utf-8''") && String(joined.dropFirst(7)).removingPercentEncoding == name)
    }

    @Test func `a file without a name, with a line break in it or of no type is refused`() {
        let sound = ("a.pdf", "application/pdf")
        for (name, type, problem) in [
            ("", sound.1, MessageProblem.file), ("a\r\nBcc: x", sound.1, .control(field: "file")),
            (sound.0, "pdf", .file), (sound.0, "application/pdf; x=y", .file), (sound.0, "/pdf", .file),
        ] {
            #expect(throws: problem) {
                try message(to: "a", files: [AttachedFile(name: name, type: type, bytes: [1])])
            }
        }
    }

    @Test func `a masked reply keeps codes and loses people`() {
        let masked = Reply.masked("5.1.1 <a@b.test>:\r\n no +48600100200 queued as 4F1A2B\u{202E}")
        #expect(masked == "5.1.1 ••• no ••• queued as 4F1A2B")
        #expect(Reply.masked(String(repeating: "word ", count: 1_000)).count == 300)
    }
}
