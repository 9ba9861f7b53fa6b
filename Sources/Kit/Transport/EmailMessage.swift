package import FoundationEssentials

/// Why a message cannot be built; names the field, never its content.
package enum MessageProblem: Error, Hashable {
    /// A line break or other control character where one line belongs.
    case control(field: String)
    /// No header name, or one that the message writes itself.
    case header(name: String)
    /// Not of the form `<left@right>`.
    case messageID
    /// A file without a name, or of a type that is none.
    case file
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
    private let files: [AttachedFile]

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
        headers: [(name: String, value: String)] = [],
        files: [AttachedFile] = []
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
        for file in files { try file.check() }
        self.files = files
        (self.from, self.fromName, self.to, self.subject) = (from, fromName, to, subject)
        (self.text, self.html, self.messageID, self.date, self.headers) = (text, html, messageID, date, headers)
    }

    /// The message as it goes over the wire (RFC 5322, RFC 2045): ASCII, CRLF, body lines of at most 76 characters.
    func encoded() -> [UInt8] {
        var lines = [
            "From: \(MIME.phrase(fromName))<\(from.text)>", "To: <\(to.text)>",
            "Subject: \(MIME.unstructured(subject))", "Date: \(MIME.date(date))",
            "Message-ID: \(messageID)", "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated",
        ]
        lines += headers.map { "\($0.name): \(MIME.unstructured($0.value))" }
        lines += files.isEmpty ? words : Self.multipart("mixed", [words] + files.map(\.lines))
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// What it says, as one part or as two ways of reading it.
    private var words: [String] {
        let plain = Self.part("plain", text)
        guard let html else { return plain }
        return Self.multipart("alternative", [plain, Self.part("html", html)])
    }

    private static func part(_ kind: String, _ body: String) -> [String] {
        [
            "Content-Type: text/\(kind); charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
            MIME.quotedPrintable(body), "",
        ]
    }

    /// RFC 2046 §5.1; "=_" comes out of neither quoted-printable nor base64, so no part holds the boundary.
    private static func multipart(_ kind: String, _ parts: [[String]]) -> [String] {
        let boundary = "=_portaldesk_\(kind)"
        return ["Content-Type: multipart/\(kind); boundary=\"\(boundary)\"", ""]
            + parts.flatMap { ["--\(boundary)"] + $0 } + ["--\(boundary)--", ""]
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
