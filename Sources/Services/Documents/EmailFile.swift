import FoundationEssentials

/// An `.eml` file as it was read: who wrote, when, what, and the files that came with it.
package struct EmailFile: Sendable, Equatable {
    package let name: String
    package let address: String
    package let subject: String
    /// The sender's own day, `YYYY-MM-DD`; nil without a readable date.
    package let date: String?
    package let text: String
    /// PDF, JPEG and PNG by their declared type, not yet looked through.
    package let attachments: [[UInt8]]

    /// Whether bytes begin like a message (RFC 5322): a line with a field's name and a colon.
    package static func isLikely(_ bytes: [UInt8]) -> Bool {
        let line = bytes.prefix(200).prefix { $0 != UInt8(ascii: "\n") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 1 else { return false }
        return line[..<colon].allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The same as a letter of ours, so that it can be kept as a page beside other evidence.
    package func sheet(language: String) -> PrintedSheet {
        PrintedSheet(
            language: language,
            head: [name, address].filter { !$0.isEmpty }.joined(separator: " · "),
            title: subject,
            paragraphs: text.split(separator: "\n\n").map(String.init),
            foot: date ?? ""
        )
    }
}

extension DocumentsService {
    /// Reads an `.eml` file in the closed room in which scans are read too; nothing of it is run or fetched.
    package func read(email file: [UInt8]) async throws(ScanRefusal) -> EmailFile {
        guard !file.isEmpty else { throw .empty }
        guard file.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        guard EmailFile.isLikely(file) else { throw .unknownType }
        let converter = converter
        return try await workbench.run {
            Result { () throws(ScanRefusal) in try converter.read(email: file) }
        }
    }
}

extension Converter {
    /// Blocks; see `DocumentsService.read`. Python's own parser knows every encoding that mail is sent in.
    func read(email bytes: [UInt8]) throws(ScanRefusal) -> EmailFile {
        guard let file = MemoryFile(bytes) else { throw .busy }
        let result = try sandbox.run(["/usr/bin/python3", "-I", "-c", Self.reader], input: file)
        guard result.ending == .exited(code: 0),
            let read = try? JSONDecoder().decode(Read.self, from: Data(result.output))
        else { throw .damaged }
        return EmailFile(
            name: read.name,
            address: read.address,
            subject: read.subject,
            date: read.date,
            text: read.text,
            attachments: read.files.compactMap { Data(base64Encoded: $0).map(Array.init) }
        )
    }

    private struct Read: Decodable {
        let name: String
        let address: String
        let subject: String
        let date: String?
        let text: String
        let files: [String]
    }

    private static let reader = """
        import base64, email, email.policy, email.utils, html.parser, json, sys
        class Plain(html.parser.HTMLParser):
            def __init__(self):
                super().__init__()
                self.out, self.hidden = [], 0
            def handle_starttag(self, tag, attributes):
                self.hidden += tag in ("script", "style")
                if tag in ("p", "br", "div", "tr", "li"): self.out.append("\\n")
            def handle_endtag(self, tag):
                self.hidden -= tag in ("script", "style")
            def handle_data(self, data):
                if not self.hidden: self.out.append(data)
        def clean(text):
            return "".join(c for c in text.replace("\\r\\n", "\\n") if c in "\\n\\t" or c.isprintable()).strip()
        message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        name, address = email.utils.parseaddr(str(message["from"] or ""))
        body = message.get_body(preferencelist=("plain", "html"))
        text = body.get_content() if body else ""
        if body and body.get_content_type() == "text/html":
            plain = Plain()
            plain.feed(text)
            text = "".join(plain.out)
        try:
            day = message["date"].datetime.date().isoformat()
        except (AttributeError, TypeError, ValueError):
            day = None
        files, left = [], 5 << 20
        for part in message.iter_attachments():
            if part.get_content_type() not in ("application/pdf", "image/jpeg", "image/png"): continue
            content = part.get_payload(decode=True) or b""
            if content and len(content) <= left:
                left -= len(content)
                files.append(base64.b64encode(content).decode())
        json.dump({"name": clean(name)[:200], "address": clean(address)[:254],
                   "subject": clean(str(message["subject"] or ""))[:300], "date": day,
                   "text": clean(text)[:9000], "files": files[:10]}, sys.stdout)
        """
}
