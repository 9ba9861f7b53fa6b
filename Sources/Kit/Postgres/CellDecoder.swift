import FoundationEssentials

/// Decodes one cell from its text.
struct CellDecoder: Decoder, SingleValueDecodingContainer {
    let result: QueryResult
    let row: Int
    let column: Int
    let query: String

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func decodeNil() -> Bool { result.isNull(row, column) }

    func decode(_ type: Bool.Type) throws -> Bool {
        switch try text() {
        case "t": true
        case "f": false
        default: throw mismatch("boolean")
        }
    }

    func decode(_ type: String.Type) throws -> String { try text() }

    func decode(_ type: Double.Type) throws -> Double {
        guard let value = Double(try text()) else { throw mismatch("double precision") }
        return value
    }

    func decode(_ type: Float.Type) throws -> Float {
        guard let value = Float(try text()) else { throw mismatch("real") }
        return value
    }

    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        do {
            return try Self.special(type, self) ?? T(from: self)
        } catch is DecodingError {
            throw mismatch("\(type)")
        }
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = ArrayText.parse(try text()) else { throw mismatch("array") }
        return ElementContainer(elements: elements, cell: self)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw mismatch("object; read JSON as String")
    }

    /// The types whose own coding is not PostgreSQL's text.
    static func special<T>(_ type: T.Type, _ cell: CellDecoder) throws -> T? {
        if type == Date.self { return try cell.value(TimestampText.parse, "timestamptz") as? T }
        if type == UUID.self { return try cell.value(UUID.init(uuidString:), "uuid") as? T }
        if type == [UInt8].self { return try cell.byteArray() as? T }
        return nil
    }

    private func value<T>(_ parse: (String) -> T?, _ name: String) throws -> T {
        guard let value = parse(try text()) else { throw mismatch(name) }
        return value
    }

    func integer<T: FixedWidthInteger>() throws -> T {
        let bytes = try cell()
        var value: T = 0
        let negative = bytes.first == UInt8(ascii: "-")
        for byte in bytes.dropFirst(negative ? 1 : 0) {
            guard (48...57).contains(byte) else { throw mismatch("integer") }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = T(byte - 48)
            let (sum, carry) =
                negative
                ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !overflow, !carry else { throw mismatch("\(T.self)") }
            value = sum
        }
        guard bytes.count > (negative ? 1 : 0) else { throw mismatch("integer") }
        return value
    }

    /// `bytea` in hex.
    private func byteArray() throws -> [UInt8] {
        let bytes = try cell()
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "\\"), bytes[1] == UInt8(ascii: "x"), bytes.count % 2 == 0
        else { throw mismatch("bytea") }
        return try stride(from: 2, to: bytes.count, by: 2).map { index in
            guard let high = Self.nibble(bytes[index]), let low = Self.nibble(bytes[index + 1]) else {
                throw mismatch("bytea")
            }
            return high << 4 | low
        }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 97...102: byte - 87
        default: nil
        }
    }

    func text() throws -> String {
        String(decoding: try cell(), as: UTF8.self)
    }

    private func cell() throws -> UnsafeBufferPointer<UInt8> {
        guard column < result.columnCount, !result.isNull(row, column) else { throw mismatch("a value, found NULL") }
        return result.bytes(row, column)
    }

    func mismatch(_ expected: String) -> PostgresError {
        PostgresError(
            .decoding,
            column: result.columnName(column),
            query: query,
            reason: "the column is not \(expected)"
        )
    }
}

/// The elements of an array cell.
private struct ElementContainer: UnkeyedDecodingContainer {
    let elements: [String?]
    let cell: CellDecoder
    private(set) var currentIndex = 0

    init(elements: [String?], cell: CellDecoder) {
        self.elements = elements
        self.cell = cell
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex] == nil else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        guard !isAtEnd, let text = elements[currentIndex] else { throw cell.mismatch("an array of \(type)") }
        currentIndex += 1
        if let text = text as? T { return text }
        do {
            return try T(from: TextDecoder(text: text))
        } catch is DecodingError {
            throw cell.mismatch("an array of \(type)")
        }
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw cell.mismatch("a flat array")
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw cell.mismatch("a flat array")
    }
    mutating func superDecoder() throws -> any Decoder { throw cell.mismatch("a flat array") }
}
