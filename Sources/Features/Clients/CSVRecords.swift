import Glibc

/// Cuts a CSV file (RFC 4180; comma or semicolon, LF or CRLF, with or without a byte order mark) into records without
/// holding more than one block of it in memory.
struct CSVRecords: ~Copyable {
    /// One record: its fields as they stand in the file, quotes included.
    struct Record {
        /// Line of the file on which it begins, 1 for the first.
        let line: Int
        var fields: [ArraySlice<UInt8>]
    }

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
    private var line = 1
    private var atEnd = false
    private(set) var delimiter = UInt8(ascii: ",")

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

    /// The next record that is not an empty line; nil at the end of the file. Throws `Problem`.
    mutating func next() throws(Problem) -> Record? {
        while true {
            guard let end = try endOfRecord() else { return nil }
            let start = position
            let first = line
            let bytes = buffer[start..<end.text]
            line += end.lines
            position = end.next
            if bytes.isEmpty { continue }
            return Record(line: first, fields: split(bytes, quoted: end.quoted))
        }
    }

    private struct End {
        /// Where the text ends and where the next record begins.
        let text: Int
        let next: Int
        let lines: Int
        let quoted: Bool
    }

    private mutating func endOfRecord() throws(Problem) -> End? {
        var index = position
        var inQuotes = false
        var quoted = false
        var lines = 1
        while true {
            if let found = scan(&index, &inQuotes, &quoted, &lines) {
                let hasReturn = found > position && buffer[found - 1] == UInt8(ascii: "\r")
                return End(text: hasReturn ? found - 1 : found, next: found + 1, lines: lines, quoted: quoted)
            }
            guard !atEnd else {
                guard !inQuotes else { throw .endless(line: line) }
                guard position < buffer.count else { return nil }
                let hasReturn = buffer.last == UInt8(ascii: "\r")
                let end = buffer.count
                return End(text: hasReturn ? end - 1 : end, next: end, lines: lines, quoted: quoted)
            }
            guard buffer.count - position < Self.longest else { throw .endless(line: line) }
            index -= position
            try fill()
            index += position
        }
    }

    /// Walks to the line end that closes the record; nil when the buffer ends first.
    private func scan(_ index: inout Int, _ inQuotes: inout Bool, _ quoted: inout Bool, _ lines: inout Int) -> Int? {
        buffer.withUnsafeBufferPointer { bytes in
            var at = index
            defer { index = at }
            while at < bytes.count {
                let byte = bytes[at]
                if byte == UInt8(ascii: "\"") {
                    inQuotes.toggle()
                    quoted = true
                } else if byte == UInt8(ascii: "\n") {
                    if !inQuotes { return at }
                    lines += 1
                }
                at += 1
            }
            return nil
        }
    }

    private mutating func fill() throws(Problem) {
        buffer.removeSubrange(..<position)
        position = 0
        let held = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.block))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { read(file, $0 + held, Self.block) } ?? -1
        }
        guard count >= 0 else { throw .cannotRead(reason: String(cString: strerror(errno))) }
        buffer.removeLast(Self.block - count)
        atEnd = count == 0
    }

    private func split(_ bytes: ArraySlice<UInt8>, quoted: Bool) -> [ArraySlice<UInt8>] {
        guard quoted else {
            return bytes.split(separator: delimiter, omittingEmptySubsequences: false)
        }
        var fields: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var inQuotes = false
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\"") {
                inQuotes.toggle()
            } else if bytes[index] == delimiter, !inQuotes {
                fields.append(bytes[start..<index])
                start = index + 1
            }
        }
        fields.append(bytes[start...])
        return fields
    }
}

/// One field's text and how it is written again.
enum CSVField {
    /// The text without its quotes; nil for a field with quotes in the wrong place or one that is not UTF-8.
    static func text(_ field: ArraySlice<UInt8>) -> String? {
        guard field.contains(UInt8(ascii: "\"")) else { return String(validating: field, as: UTF8.self) }
        guard field.count >= 2, field.first == UInt8(ascii: "\""), field.last == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        var rest = field.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\""), rest.popFirst() != UInt8(ascii: "\"") { return nil }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
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
