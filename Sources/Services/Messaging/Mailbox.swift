import FoundationEssentials

/// The messages of a mailbox file (RFC 4155, mbox), or the one that a mail server pipes in. Lines are read as UTF-8;
/// what is none of it becomes replacement characters.
struct Mailbox: Sendable {
    /// Beyond this a message is cut: a report stands at the beginning of its mail.
    static let longest = 20_000

    let messages: [[String]]

    init(_ bytes: Data) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).lazy.map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        var messages: [[String]] = []
        var isAfterBlank = true
        for line in lines {
            if isAfterBlank, line.hasPrefix("From ") {
                messages.append([])
            } else {
                if messages.isEmpty { messages.append([]) }
                if messages[messages.count - 1].count < Self.longest { messages[messages.count - 1].append(line) }
            }
            isAfterBlank = line.isEmpty
        }
        self.messages = messages.filter { message in message.contains { !$0.isEmpty } }
    }
}

/// A part of a mail: its head and what is below.
struct MailPart: Sendable {
    /// The first value of each field, by its name in small letters, unfolded.
    let head: [String: String]
    let body: [String]

    init(_ lines: [String]) {
        let end = lines.firstIndex { $0.isEmpty } ?? lines.count
        head = Self.fields(lines[..<end])
        let rest = Array(lines[min(end + 1, lines.count)...])
        body = Self.decoded(rest, head["content-transfer-encoding"]?.lowercased() ?? "")
    }

    /// "multipart/report".
    var type: String { Self.word(head["content-type"] ?? "text/plain") }

    /// A parameter of the content's type, "boundary".
    func parameter(_ name: String) -> String? {
        for part in (head["content-type"] ?? "").split(separator: ";").dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, Self.word(halves[0]) == name else { continue }
            let value = halves[1].drop { $0 == " " }
            return value.first == "\"" ? String(value.dropFirst().prefix { $0 != "\"" }) : Self.trimmed(value)
        }
        return nil
    }

    /// The parts of a multipart body, fifty at most.
    var parts: [MailPart] {
        guard type.hasPrefix("multipart/"), let boundary = parameter("boundary"), !boundary.isEmpty else { return [] }
        var parts: [[String]] = []
        for line in body {
            if line.hasPrefix("--\(boundary)") {
                if line.hasPrefix("--\(boundary)--") || parts.count == 50 { break }
                parts.append([])
            } else if !parts.isEmpty {
                parts[parts.count - 1].append(line)
            }
        }
        return parts.map { MailPart($0) }
    }

    /// A block of "Name: value" lines, folded ones included.
    static func fields(_ lines: ArraySlice<String>) -> [String: String] {
        var fields: [String: String] = [:]
        var name = ""
        for line in lines {
            if line.first == " " || line.first == "\t" {
                fields[name]? += " " + trimmed(line[...])
            } else if let colon = line.firstIndex(of: ":") {
                name = word(line[..<colon])
                // A second field of a name is passed over, its folded lines too.
                if fields[name] == nil {
                    fields[name] = trimmed(line[line.index(after: colon)...])
                } else {
                    name = ""
                }
            }
        }
        return fields
    }

    private static func decoded(_ lines: [String], _ encoding: String) -> [String] {
        switch word(encoding[...]) {
        case "base64":
            guard let data = Data(base64Encoded: lines.joined()) else { return [] }
            return String(decoding: data, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
                .map(String.init)
        case "quoted-printable": return quotedPrintable(lines)
        default: return lines
        }
    }

    /// Soft line breaks joined, `=3D` and its like as the ASCII that reports are made of.
    private static func quotedPrintable(_ lines: [String]) -> [String] {
        var whole: [String] = []
        var open = ""
        for line in lines {
            let isSoft = line.hasSuffix("=")
            open += isSoft ? line.dropLast() : line[...]
            if isSoft { continue }
            whole.append(
                open.replacing(/=([0-9A-Fa-f]{2})/) { match in
                    UInt8(match.output.1, radix: 16).map { String(UnicodeScalar($0)) } ?? ""
                }
            )
            open = ""
        }
        return open.isEmpty ? whole : whole + [open]
    }

    private static func word(_ text: some StringProtocol) -> String {
        trimmed(text.prefix { $0 != ";" }).lowercased()
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
