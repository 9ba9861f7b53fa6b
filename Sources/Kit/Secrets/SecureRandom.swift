import Copenssl

/// Randomness for tokens, codes and keys: OpenSSL's generator, seeded by the kernel.
package enum SecureRandom {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        if RAND_bytes(&bytes, Int32(count)) != 1 {
            // OpenSSL could not seed itself; Swift's own generator reads getrandom(2) and blocks rather than fails.
            var system = SystemRandomNumberGenerator()
            for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &system) }
        }
        return bytes
    }

    /// A token of 256 bits, 43 characters of base64url, fit for cookies and links.
    package static func token() -> String { Base64URL.encode(bytes(32)) }

    /// `count` decimal digits, each equally likely, zeroes in front included.
    package static func digits(_ count: Int) -> String { code(count, alphabet: "0123456789") }

    /// `length` characters, each drawn evenly from `alphabet` (which must not be empty).
    package static func code(_ length: Int, alphabet: String) -> String {
        var generator = SecureGenerator()
        let letters = Array(alphabet)
        return String((0..<length).compactMap { _ in letters.randomElement(using: &generator) })
    }
}

/// Swift's unbiased drawing (rejection sampling) over OpenSSL's bytes.
private struct SecureGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 {
        SecureRandom.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
