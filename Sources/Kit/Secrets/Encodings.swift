/// Base64 for URLs and cookies, without padding (RFC 4648 §5).
package enum Base64URL {
    package static func encode(_ bytes: [UInt8]) -> String {
        RadixText(alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits: 6).encode(bytes)
    }
}

/// Base64 as key files and PHC strings write it (RFC 4648 §4), read with or without padding.
package enum Base64 {
    private static let text = RadixText(
        alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        bits: 6
    )

    /// Without padding.
    package static func encode(_ bytes: [UInt8]) -> String { text.encode(bytes) }

    package static func decode(_ string: String) -> [UInt8]? {
        let end = string.lastIndex { $0 != "=" }.map(string.index(after:)) ?? string.startIndex
        return string[end...].count > 2 ? nil : text.decode(string[..<end])
    }
}

/// Base32 for authenticator apps (RFC 4648 §6), without padding; small letters and blanks are read too.
package enum Base32 {
    private static let text = RadixText(alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5)

    package static func encode(_ bytes: [UInt8]) -> String { text.encode(bytes) }

    package static func decode(_ string: String) -> [UInt8]? {
        let end = string.lastIndex { $0 != "=" }.map(string.index(after:)) ?? string.startIndex
        return text.decode(string[..<end].filter { $0 != " " && $0 != "-" }.uppercased()[...])
    }
}

/// Hexadecimal, small letters.
package enum Hex {
    package static func encode(_ bytes: [UInt8]) -> String {
        RadixText(alphabet: "0123456789abcdef", bits: 4).encode(bytes)
    }
}

/// Bits in groups, the highest first.
private struct RadixText {
    let alphabet: [Character]
    let bits: Int

    init(alphabet: String, bits: Int) {
        self.alphabet = Array(alphabet)
        self.bits = bits
    }

    func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var held = 0
        var pending = 0
        for byte in bytes {
            held = (held << 8 | Int(byte)) & 0xFFFF
            pending += 8
            while pending >= bits {
                pending -= bits
                text.append(alphabet[held >> pending & (1 << bits - 1)])
            }
        }
        if pending > 0 { text.append(alphabet[held << (bits - pending) & (1 << bits - 1)]) }
        return text
    }

    /// Nil for a strange character, an impossible length, or stray bits at the end.
    func decode(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var held = 0
        var pending = 0
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            held = (held << bits | value) & 0xFFFF
            pending += bits
            if pending >= 8 {
                pending -= 8
                bytes.append(UInt8(held >> pending & 0xFF))
            }
        }
        guard pending < bits, held & (1 << pending - 1) == 0 else { return nil }
        return bytes
    }
}
