import FoundationEssentials

/// Decodes one row of a result.
///
/// Its errors name the statement and the column, never the value.
struct RowDecoder: Decoder {
    let result: QueryResult
    let row: Int
    let query: String

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decode<Row: Decodable>(
        _ type: Row.Type,
        _ result: QueryResult,
        _ row: Int,
        query: String
    ) throws -> Row {
        let decoder = RowDecoder(result: result, row: row, query: query)
        do {
            return try CellDecoder.special(type, decoder.cell(0)) ?? Row(from: decoder)
        } catch let error as DecodingError {
            throw PostgresError(.decoding, column: decoder.column(of: error), query: query)
        }
    }

    func cell(_ column: Int) -> CellDecoder {
        CellDecoder(result: result, row: row, column: column, query: query)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(RowContainer(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try cell(0).unkeyedContainer()
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        guard result.columnCount == 1 else {
            throw PostgresError(.decoding, query: query, reason: "\(result.columnCount) columns for a single value")
        }
        return cell(0)
    }

    private func column(of error: DecodingError) -> String? {
        let path =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, _): [key]
            @unknown default: [any CodingKey]()
            }
        return path.first.map { ColumnName.snakeCase($0.stringValue) }
    }
}

/// The columns of a row by the property's name.
private struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RowDecoder

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] {
        (0..<decoder.result.columnCount).compactMap { Key(stringValue: decoder.result.columnName($0)) }
    }

    func contains(_ key: Key) -> Bool { decoder.result.column(forKey: key.stringValue) != nil }

    private func cell(_ key: Key) throws -> CellDecoder {
        guard let column = decoder.result.column(forKey: key.stringValue) else {
            throw PostgresError(
                .decoding,
                column: ColumnName.snakeCase(key.stringValue),
                query: decoder.query,
                reason: "no such column"
            )
        }
        return decoder.cell(column)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try cell(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try cell(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try cell(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try cell(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try cell(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try cell(key).integer() }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try cell(key).integer() }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try cell(key).integer() }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try cell(key).integer() }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try cell(key).integer() }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try cell(key).integer() }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try cell(key).integer() }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try cell(key).integer() }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try cell(key).integer() }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try cell(key).integer() }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try cell(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try cell(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try cell(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try cell(key) }
}
