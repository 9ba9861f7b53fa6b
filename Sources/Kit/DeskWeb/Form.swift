/// A posted form as it came: every name with its values in order. `FormReader` makes typed values of it.
package struct Form: Sendable {
    package let fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)]) {
        self.fields = fields
    }

    /// The first value of a name, line ends as `\n`; empty when it was not sent.
    package subscript(_ name: String) -> String {
        fields.first { $0.name == name }?.value ?? ""
    }

    package func all(_ name: String) -> [String] {
        fields.lazy.filter { $0.name == name }.map(\.value)
    }

    package func has(_ name: String) -> Bool {
        fields.contains { $0.name == name }
    }

    /// The one-use key that the page issued; nil when it is absent or none of ours.
    package var key: FormKey? {
        FormKey(rawValue: self[FormKey.field])
    }

    /// Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1); nil when it is not UTF-8 or holds a NUL.
    package init?(urlencoded bytes: some Sequence<UInt8>) {
        var fields: [(name: String, value: String)] = []
        for pair in Array(bytes).split(separator: UInt8(ascii: "&")) where fields.count < Self.maximumFields {
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(halves[0]), let value = Self.decoded(halves.count > 1 ? halves[1] : []) else {
                return nil
            }
            fields.append((name, value))
        }
        self.fields = fields
    }

    static let maximumFields = 5000

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                result.append(value)
                rest = rest.dropFirst(2)
            default: result.append(byte)
            }
        }
        return text(result)
    }

    /// Text as fields hold it: UTF-8 without NUL, with line ends as `\n`.
    static func text(_ bytes: some Collection<UInt8>) -> String? {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return text.replacing("\r\n", with: "\n")
    }
}
