import FoundationEssentials

/// Decodes one element of an array from its text.
struct TextDecoder: Decoder, SingleValueDecodingContainer {
    let text: String

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func decodeNil() -> Bool { false }

    func decode(_ type: Bool.Type) throws -> Bool {
        switch text {
        case "t": true
        case "f": false
        default: throw corrupted
        }
    }

    func decode(_ type: String.Type) throws -> String { text }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        if type == Date.self { return try value(TimestampText.parse(text)) }
        if type == UUID.self { return try value(UUID(uuidString: text)) }
        return try T(from: self)
    }

    func decode(_ type: Double.Type) throws -> Double { try value(Double(text)) }
    func decode(_ type: Float.Type) throws -> Float { try value(Float(text)) }
    func decode(_ type: Int.Type) throws -> Int { try value(Int(text)) }
    func decode(_ type: Int8.Type) throws -> Int8 { try value(Int8(text)) }
    func decode(_ type: Int16.Type) throws -> Int16 { try value(Int16(text)) }
    func decode(_ type: Int32.Type) throws -> Int32 { try value(Int32(text)) }
    func decode(_ type: Int64.Type) throws -> Int64 { try value(Int64(text)) }
    func decode(_ type: UInt.Type) throws -> UInt { try value(UInt(text)) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try value(UInt8(text)) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try value(UInt16(text)) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try value(UInt32(text)) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try value(UInt64(text)) }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw corrupted }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw corrupted }

    private func value<T>(_ found: Any?) throws -> T {
        guard let found = found as? T else { throw corrupted }
        return found
    }

    private var corrupted: DecodingError {
        DecodingError.dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: "not of the asked type"))
    }
}
