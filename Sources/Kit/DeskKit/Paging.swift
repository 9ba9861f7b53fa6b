/// Where a page of a list begins or ends: the sort columns of its edge row as text. Its `text` is safe in a URL.
package struct PageKey: Hashable, Sendable {
    package let parts: [String]

    package init(_ parts: [String]) {
        self.parts = parts
    }

    package init(_ parts: String...) {
        self.parts = parts
    }

    /// Percent-encoded parts joined by tildes.
    package var text: String {
        parts.map(Self.encoded).joined(separator: "~")
    }

    /// Reads what `text` wrote; nil when it is mangled, too long, or has not this number of parts.
    package init?(text: String, parts count: Int) {
        guard text.utf8.count <= 1000 else { return nil }
        let pieces = text.split(separator: "~", omittingEmptySubsequences: false).map { Self.decoded($0) }
        let parts = pieces.compactMap { $0 }
        guard parts.count == pieces.count, parts.count == count else { return nil }
        self.parts = parts
    }

    /// Only letters, digits, `-` and `.` stand for themselves; `!` and two hexadecimal digits stand for any byte. The
    /// percent sign is left to the URL, so that a key decoded once too often or too seldom still reads the same.
    private static func encoded(_ part: String) -> String {
        var text = ""
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "!" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "!") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// Which page of a list is asked for. Queries fetch `limit` rows, one more than are shown: the extra one tells that
/// there is a next page. Backwards they fetch in descending order.
package struct PageRequest: Hashable, Sendable {
    package enum Direction: Sendable { case forward, backward }

    package let key: PageKey?
    package let direction: Direction
    package let size: Int

    package init(key: PageKey? = nil, direction: Direction = .forward, size: Int = 50) {
        self.key = key
        self.direction = direction
        self.size = max(1, min(size, 500))
    }

    package var limit: Int { size + 1 }
    package var isBackward: Bool { direction == .backward }
}

/// One page of a list in reading order, with the keys of its neighbours.
package struct PageSlice<Row> {
    package let rows: [Row]
    /// Present when an earlier page exists: ask for what is *before* this key.
    package let before: PageKey?
    /// Present when a later page exists: ask for what is *after* this key.
    package let after: PageKey?

    /// Takes the rows as fetched (at most `request.limit`, descending when the request goes backwards).
    package init(fetched: [Row], request: PageRequest, key: (Row) -> PageKey) {
        let more = fetched.count > request.size
        let kept = Array(fetched.prefix(request.size))
        rows = request.isBackward ? kept.reversed() : kept
        let hasEarlier = request.isBackward ? more : request.key != nil
        let hasLater = request.isBackward ? request.key != nil : more
        before = hasEarlier ? rows.first.map(key) : nil
        after = hasLater ? rows.last.map(key) : nil
    }

    private init(rows: [Row], before: PageKey?, after: PageKey?) {
        self.rows = rows
        self.before = before
        self.after = after
    }

    /// The same page with its rows as another type.
    package func map<Other>(_ transform: (Row) throws -> Other) rethrows -> PageSlice<Other> {
        PageSlice<Other>(rows: try rows.map(transform), before: before, after: after)
    }
}

extension PageSlice: Sendable where Row: Sendable {}

/// A count that stops at a thousand. Queries count at most `fetchLimit` rows.
package struct CappedCount: Hashable, Sendable {
    package static let limit = 1000
    package static let fetchLimit = 1001

    package let shown: Int
    package let isCapped: Bool

    package init(_ counted: Int) {
        shown = min(counted, Self.limit)
        isCapped = counted > Self.limit
    }
}
