import Glibc

/// Cuts a CSV file (RFC 4180; comma or semicolon, LF or CRLF, with or without a byte order mark) into records without
/// holding more than one block of it in memory.
struct CSVRecords: ~Copyable {
    /// What ends the reading.
    enum Problem: Error, Hashable {
        case cannotOpen(reason: String)
        case cannotRead(reason: String)
        /// A quoted field that no quote closes, or one record of more than a megabyte.
        case endless(line: Int)
    }

    private static let block = 1 << 18
    private static let longest = 1 << 20

    private let file: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var nextLine = 1
    private var atEnd = false
    private var places: [Range<Int>] = []
    private(set) var delimiter = UInt8(ascii: ",")
    /// Line of the file on which the record at hand begins, 1 for the first.
    private(set) var line = 1

    /// Opens the file and finds out its delimiter from the first line. Throws `Problem`.
    init(path: String) throws(Problem) {
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotOpen(reason: String(cString: strerror(errno))) }
        try fill()
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let head = buffer[position...].prefix { $0 != UInt8(ascii: "\n") }
        let semicolons = head.count { $0 == UInt8(ascii: ";") }
        if semicolons > head.count(where: { $0 == UInt8(ascii: ",") }) { delimiter = UInt8(ascii: ";") }
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// How many fields the record at hand has.
    var count: Int { places.count }

    /// A field of the record at hand as it stands in the file, quotes included.
    subscript(index: Int) -> ArraySlice<UInt8> { buffer[places[index]] }

    /// Goes to the next record that is not an empty line; false at the end of the file. Throws `Problem`.
    mutating func advance() throws(Problem) -> Bool {
        while true {
            guard let end = try endOfRecord() else { return false }
            line = nextLine
            nextLine += end.lines
            position = end.next
            if places.count == 1, places[0].isEmpty { continue }
            return true
        }
    }

    private struct End {
        /// Where the next record begins.
        let next: Int
        let lines: Int
    }

    private mutating func endOfRecord() throws(Problem) -> End? {
        while true {
            if position == buffer.count, atEnd { return nil }
            var found: [Range<Int>] = []
            swap(&found, &places)
            found.removeAll(keepingCapacity: true)
            let end = buffer.withUnsafeBufferPointer {
                Self.scan($0, from: position, isLast: atEnd, delimiter, &found)
            }
            swap(&found, &places)
            if let end { return end }
            guard !atEnd, buffer.count - position < Self.longest else { throw .endless(line: nextLine) }
            try fill()
        }
    }

    /// Walks to the line end that closes the record; nil when the bytes end first. Quotes count where a field begins
    /// with one: elsewhere they are characters, which only that field's own check refuses.
    private static func scan(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from first: Int,
        isLast: Bool,
        _ delimiter: UInt8,
        _ fields: inout [Range<Int>]
    ) -> End? {
        var start = first
        var at = first
        var lines = 1
        var inQuotes = false
        var isQuoted = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                if at == start { isQuoted = true }
                if isQuoted { inQuotes.toggle() }
            } else if byte == delimiter {
                if !inQuotes {
                    fields.append(start..<at)
                    start = at + 1
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\n") {
                if !inQuotes {
                    let hasReturn = at > start && bytes[at - 1] == UInt8(ascii: "\r")
                    fields.append(start..<(hasReturn ? at - 1 : at))
                    return End(next: at + 1, lines: lines)
                }
                lines += 1
            }
            at += 1
        }
        guard isLast, !inQuotes else { return nil }
        let hasReturn = at > start && bytes[at - 1] == UInt8(ascii: "\r")
        fields.append(start..<(hasReturn ? at - 1 : at))
        return End(next: at, lines: lines)
    }

    private mutating func fill() throws(Problem) {
        buffer.removeSubrange(..<position)
        position = 0
        let held = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.block))
        var count: Int
        repeat {
            count = buffer.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { read(file, $0 + held, Self.block) } ?? -1
            }
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .cannotRead(reason: String(cString: strerror(errno))) }
        buffer.removeLast(Self.block - count)
        atEnd = count == 0
    }
}

/// One field's text and how it is written again.
enum CSVField {
    /// Why a field has no text.
    enum Fault: String, Error {
        case quotes
        case notUTF8 = "not_utf8"
    }

    /// The text without its quotes. Throws for quotes in the wrong place and for what is not UTF-8.
    static func text(_ field: ArraySlice<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: try bytes(field), as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    private static func bytes(_ field: ArraySlice<UInt8>) throws(Fault) -> ArraySlice<UInt8> {
        guard field.contains(UInt8(ascii: "\"")) else { return field }
        guard field.count >= 2, field.first == UInt8(ascii: "\""), field.last == UInt8(ascii: "\"") else {
            throw .quotes
        }
        var bytes: [UInt8] = []
        var rest = field.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\""), rest.popFirst() != UInt8(ascii: "\"") { throw .quotes }
            bytes.append(byte)
        }
        return bytes[...]
    }

    /// Appends the text as a quoted field; an empty one is left bare, which COPY reads as NULL.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        guard !text.isEmpty else { return }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
