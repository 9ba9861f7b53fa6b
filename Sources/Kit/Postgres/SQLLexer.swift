/// Cuts SQL into pieces as far as we need: what is quoted or commented is left alone (PostgreSQL manual, 4.1).
struct SQLLexer {
    enum Piece: Hashable {
        /// Anything without meaning here: words, numbers, operators, blanks.
        case code(String)
        /// A string, quoted identifier or dollar-quoted body.
        case quoted(String)
        case comment(String)
        /// `@name`.
        case parameter(String)
        case semicolon
    }

    private let bytes: [UInt8]
    private var index = 0
    private var pieces: [Piece] = []
    private var codeStart = 0

    static func pieces(of sql: String) -> [Piece] {
        var lexer = SQLLexer(bytes: Array(sql.utf8))
        lexer.run()
        return lexer.pieces
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func run() {
        while index < bytes.count {
            if !quoted(), !comment(), !dollarQuoted(), !parameter(), !semicolon() { skipCode() }
        }
        flushCode(to: index)
    }

    private func byte(_ at: Int) -> UInt8? { bytes.indices.contains(at) ? bytes[at] : nil }

    private func slice(_ from: Int, _ to: Int) -> String { String(decoding: bytes[from..<to], as: UTF8.self) }

    private mutating func flushCode(to end: Int) {
        if end > codeStart { pieces.append(.code(slice(codeStart, end))) }
    }

    private mutating func take(to end: Int, _ piece: (String) -> Piece) {
        flushCode(to: index)
        pieces.append(piece(slice(index, end)))
        index = end
        codeStart = end
    }

    /// 'text' with doubled quotes, E'text' with backslashes, "identifier".
    private mutating func quoted() -> Bool {
        guard let quote = byte(index), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return false }
        let escapes =
            quote == UInt8(ascii: "'") && index > 0 && (bytes[index - 1] | 32) == UInt8(ascii: "e")
            && !(index > 1 && Self.isWord(bytes[index - 2]))
        var end = index + 1
        while let next = byte(end) {
            if escapes, next == UInt8(ascii: "\\") {
                end += 2
            } else if next == quote {
                end += 1
                guard byte(end) == quote else { break }
                end += 1
            } else {
                end += 1
            }
        }
        take(to: min(end, bytes.count), Piece.quoted)
        return true
    }

    /// `-- to the end of the line` and `/* nested */`.
    private mutating func comment() -> Bool {
        if byte(index) == UInt8(ascii: "-"), byte(index + 1) == UInt8(ascii: "-") {
            take(to: bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count, Piece.comment)
            return true
        }
        guard byte(index) == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "*") else { return false }
        var depth = 1
        var end = index + 2
        while end < bytes.count, depth > 0 {
            let pair = (bytes[end], byte(end + 1))
            if pair.0 == UInt8(ascii: "*"), pair.1 == UInt8(ascii: "/") {
                depth -= 1
                end += 2
            } else if pair.0 == UInt8(ascii: "/"), pair.1 == UInt8(ascii: "*") {
                depth += 1
                end += 2
            } else {
                end += 1
            }
        }
        take(to: min(end, bytes.count), Piece.comment)
        return true
    }

    /// `$$body$$` and `$tag$body$tag$`; `$1` is code.
    private mutating func dollarQuoted() -> Bool {
        guard byte(index) == UInt8(ascii: "$"), !(index > 0 && Self.isWord(bytes[index - 1])) else { return false }
        var end = index + 1
        while let next = byte(end), Self.isWord(next) { end += 1 }
        guard byte(end) == UInt8(ascii: "$"), !(byte(index + 1).map(Self.isDigit) ?? true) else { return false }
        let tag = Array(bytes[index...end])
        var close = end + 1
        while close + tag.count <= bytes.count, !bytes[close..<close + tag.count].elementsEqual(tag) { close += 1 }
        take(to: min(close + tag.count, bytes.count), Piece.quoted)
        return true
    }

    /// `@name`, unless the `@` is part of an operator such as `@>`, `<@`, `@@`.
    private mutating func parameter() -> Bool {
        guard byte(index) == UInt8(ascii: "@"), let first = byte(index + 1), Self.isWord(first), !Self.isDigit(first),
            !(index > 0 && Self.isOperator(bytes[index - 1]))
        else { return false }
        var end = index + 1
        while let next = byte(end), Self.isWord(next) { end += 1 }
        take(to: end) { .parameter(String($0.dropFirst())) }
        return true
    }

    private mutating func semicolon() -> Bool {
        guard byte(index) == UInt8(ascii: ";") else { return false }
        take(to: index + 1) { _ in .semicolon }
        return true
    }

    private mutating func skipCode() {
        index += 1
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte >= 128
    }

    /// What makes a following `@` the second half of an operator; `=@id` is a comparison with a parameter.
    private static func isOperator(_ byte: UInt8) -> Bool { "<@~!?|&^#".utf8.contains(byte) }
}
