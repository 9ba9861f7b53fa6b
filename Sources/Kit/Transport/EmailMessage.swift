package import FoundationEssentials

/// Why a message cannot be built; names the field, never its content.
package enum MessageProblem: Error, Hashable {
    /// A line break or other control character where one line belongs.
    case control(field: String)
    /// No header name, or one that the message writes itself.
    case header(name: String)
    /// Not of the form `<left@right>`.
    case messageID
}

/// One e-mail to one person.
package struct EmailMessage: Sendable {
    let from: EmailAddress
    let to: EmailAddress
    private let fromName: String
    private let subject: String
    private let text: String
    private let html: String?
    private let messageID: String
    private let date: Date
    private let headers: [(name: String, value: String)]

    private static let ownHeaders: Set<String> = [
        "from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version", "content-type",
        "content-transfer-encoding", "auto-submitted",
    ]

    /// `messageID` (`<left@right>`) is the caller's and stays the same over all tries. Throws `MessageProblem`.
    package init(
        from: EmailAddress,
        fromName: String,
        to: EmailAddress,
        subject: String,
        text: String,
        html: String? = nil,
        messageID: String,
        date: Date,
        headers: [(name: String, value: String)] = []
    ) throws(MessageProblem) {
        for (field, value) in [("fromName", fromName), ("subject", subject)] + headers.map({ ($0.name, $0.value) })
        where hasControl(value) { throw .control(field: field) }
        let wrong = headers.first { header in
            let name = header.name.lowercased()
            return name.isEmpty || Self.ownHeaders.contains(name)
                || !name.unicodeScalars.allSatisfy { isLetterOrDigit($0) || $0 == "-" }
        }
        if let wrong {
            throw .header(name: String(wrong.name.unicodeScalars.filter(isLetterOrDigit).map(Character.init)))
        }
        guard messageID.hasPrefix("<"), messageID.hasSuffix(">"),
            EmailAddress(String(messageID.dropFirst().dropLast())) != nil
        else { throw .messageID }
        (self.from, self.fromName, self.to, self.subject) = (from, fromName, to, subject)
        (self.text, self.html, self.messageID, self.date, self.headers) = (text, html, messageID, date, headers)
    }

    /// The message as it goes over the wire (RFC 5322, RFC 2045): ASCII, CRLF, body lines of at most 76 characters.
    func encoded() -> [UInt8] {
        let boundary = "=_portaldesk_alternative"  // "=_" never comes out of quoted-printable
        var lines = [
            "From: \(MIME.phrase(fromName))<\(from.text)>", "To: <\(to.text)>",
            "Subject: \(MIME.unstructured(subject))", "Date: \(MIME.date(date))",
            "Message-ID: \(messageID)", "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated",
        ]
        lines += headers.map { "\($0.name): \(MIME.unstructured($0.value))" }
        guard let html else {
            return Array((lines + Self.part("plain", text)).joined(separator: "\r\n").utf8)
        }
        lines += ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "", "--\(boundary)"]
        lines += Self.part("plain", text) + ["--\(boundary)"] + Self.part("html", html) + ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func part(_ kind: String, _ body: String) -> [String] {
        [
            "Content-Type: text/\(kind); charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
            MIME.quotedPrintable(body), "",
        ]
    }
}

extension EmailMessage: CustomStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

func hasControl(_ text: String) -> Bool {
    text.unicodeScalars.contains {
        $0.properties.generalCategory == .control || $0 == "\u{2028}" || $0 == "\u{2029}"
    }
}
