import FoundationEssentials

/// The columns a row type reads, found by decoding it from nothing.
package struct ExpectedRow: Sendable {
    package struct Column: Sendable, Hashable {
        /// Nil for a row that is a single value.
        package var name: String?
        package var isOptional: Bool
        package var isArray: Bool
        /// The Swift type whose text is read: "Int64", "String", "Date" and so on.
        package var type: String
    }

    package var columns: [Column] = []
}

/// Runs a row's `init(from:)` and writes down what it asks for.
final class ProbeDecoder: Decoder {
    private final class Notes {
        var row = ExpectedRow()
    }

    private let notes: Notes
    private let column: String?
    private let isOptional: Bool
    private let isArray: Bool

    private init(notes: Notes, column: String? = nil, isOptional: Bool = false, isArray: Bool = false) {
        self.notes = notes
        self.column = column
        self.isOptional = isOptional
        self.isArray = isArray
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Throws what the row's own `init(from:)` throws on sample values.
    static func expectedRow<Row: Decodable>(of type: Row.Type) throws -> ExpectedRow {
        let notes = Notes()
        _ = try ProbeDecoder(notes: notes).sample(Row.self)
        return notes.row
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Keyed(probe: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        Unkeyed(probe: ProbeDecoder(notes: notes, column: column, isOptional: isOptional, isArray: true))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(probe: self) }

    private func note(_ type: String) {
        notes.row.columns.append(.init(name: column, isOptional: isOptional, isArray: isArray, type: type))
    }

    private func at(_ key: any CodingKey, optional: Bool) -> ProbeDecoder {
        ProbeDecoder(notes: notes, column: ColumnName.snakeCase(key.stringValue), isOptional: optional)
    }

    /// A value of the type, noted as a column.
    fileprivate func sample<T: Decodable>(_ type: T.Type) throws -> T {
        for known in Self.known where known.type == type {
            note(known.name)
            if let value = known.sample as? T { return value }
        }
        if let cases = type as? any CaseIterable.Type, let raw = type as? any RawRepresentable.Type {
            note(Self.rawName(raw))
            if let value = Self.firstCase(cases) as? T { return value }
        }
        return try T(from: self)
    }

    private static func rawName<R: RawRepresentable>(_ type: R.Type) -> String { "\(R.RawValue.self)" }
    private static func firstCase<C: CaseIterable>(_ type: C.Type) -> Any? { type.allCases.first }

    private struct Known {
        var type: any Any.Type
        var name: String
        var sample: Any
    }

    private static var known: [Known] {
        [
            Known(type: Bool.self, name: "Bool", sample: true), Known(type: String.self, name: "String", sample: ""),
            Known(type: Double.self, name: "Double", sample: 1.0),
            Known(type: Float.self, name: "Float", sample: Float(1)),
            Known(type: Int.self, name: "Int", sample: 1), Known(type: Int16.self, name: "Int16", sample: Int16(1)),
            Known(type: Int32.self, name: "Int32", sample: Int32(1)),
            Known(type: Int64.self, name: "Int64", sample: Int64(1)),
            Known(type: Date.self, name: "Date", sample: Date(timeIntervalSince1970: 0)),
            Known(type: UUID.self, name: "UUID", sample: UUID()),
            Known(type: [UInt8].self, name: "[UInt8]", sample: [UInt8]()),
        ] + KnownCivil.all.map { Known(type: $0.type, name: $0.name, sample: $0.sample) }
    }
}

extension ProbeDecoder {
    fileprivate struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let probe: ProbeDecoder
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { [] }

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) throws -> Bool { false }

        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
            try probe.at(key, optional: false).sample(type)
        }

        func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try optional(key) }

        // Without these the protocol's own versions for the plain types ask for a value that is not optional.
        func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(key) }
        func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(key) }
        func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(key) }
        func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(key) }
        func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(key) }
        func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(key) }
        func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(key) }
        func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(key) }

        private func optional<T: Decodable>(_ key: Key) throws -> T? {
            try probe.at(key, optional: true).sample(T.self)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> { throw probe.nested }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw probe.nested }
        func superDecoder() throws -> any Decoder { probe }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw probe.nested }
    }

    fileprivate struct Unkeyed: UnkeyedDecodingContainer {
        let probe: ProbeDecoder
        var codingPath: [any CodingKey] { [] }
        var count: Int? { 1 }
        var isAtEnd: Bool { currentIndex > 0 }
        var currentIndex = 0

        init(probe: ProbeDecoder) {
            self.probe = probe
        }

        mutating func decodeNil() throws -> Bool { false }

        mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
            currentIndex += 1
            return try probe.sample(type)
        }

        mutating func nestedContainer<Key: CodingKey>(
            keyedBy type: Key.Type
        ) throws -> KeyedDecodingContainer<Key> { throw probe.nested }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw probe.nested }
        mutating func superDecoder() throws -> any Decoder { throw probe.nested }
    }

    fileprivate struct Single: SingleValueDecodingContainer {
        let probe: ProbeDecoder
        var codingPath: [any CodingKey] { [] }

        func decodeNil() -> Bool { false }
        func decode<T: Decodable>(_ type: T.Type) throws -> T { try probe.sample(type) }
    }

    fileprivate var nested: PostgresError {
        PostgresError(.decoding, column: column, reason: "a row is flat: read JSON as String")
    }
}
