import FoundationEssentials

extension Encodable {
    /// JSON as it is stored: keys in order, so that the same value is the same text. Throws `EncodingError`.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension Decodable {
    /// Reads a stored JSON text. Throws `DecodingError`.
    package init(json text: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
}
