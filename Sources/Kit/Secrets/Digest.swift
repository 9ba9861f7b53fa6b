import Copenssl

/// Unkeyed digests: for content names and comparisons, never for phone numbers, codes or passwords.
package enum Digest {
    /// SHA-256, 32 bytes (FIPS 180-4).
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = SHA256(bytes, bytes.count, &digest)
        return digest
    }
}

/// Keyed digests (RFC 2104).
package enum HMAC {
    /// The hash under the HMAC, and with it the length of the answer in bytes.
    package enum Hash: Int, Sendable {
        case sha1 = 20
        case sha256 = 32
        case sha512 = 64
    }

    /// HMAC-SHA-256, 32 bytes.
    package static func sha256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        key.withUnsafeBufferPointer { authenticate(.sha256, key: $0, bytes) }
    }

    /// HMAC-SHA-256 under a key that is kept wiped, 32 bytes.
    package static func sha256(key: SecretBytes, _ bytes: [UInt8]) -> [UInt8] {
        key.withBytes { authenticate(.sha256, key: $0, bytes) }
    }

    static func authenticate(_ hash: Hash, key: UnsafeBufferPointer<UInt8>, _ bytes: [UInt8]) -> [UInt8] {
        let function =
            switch hash {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        var code = [UInt8](repeating: 0, count: hash.rawValue)
        // OpenSSL refuses a null key even of length zero.
        let empty: UInt8 = 0
        withUnsafePointer(to: empty) { none in
            _ = Copenssl.HMAC(function, key.baseAddress ?? none, Int32(key.count), bytes, bytes.count, &code, nil)
        }
        return code
    }
}

/// HKDF with SHA-256 (RFC 5869): several independent keys out of one.
package enum HKDF {
    /// `count` bytes (at most 255 × 32) for the purpose named by `info`.
    package static func derive(from key: SecretBytes, salt: [UInt8] = [], info: String, count: Int) -> SecretBytes {
        derive(from: key, salt: salt, info: Array(info.utf8), count: count)
    }

    static func derive(from key: SecretBytes, salt: [UInt8], info: [UInt8], count: Int) -> SecretBytes {
        let salt = salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt
        var input = key.withBytes { Array($0) }
        var extracted = HMAC.sha256(key: salt, input)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 0
        while output.count < count, counter < .max {
            counter += 1
            block = HMAC.sha256(key: extracted, block + info + [counter])
            output += block
        }
        var kept = Array(output.prefix(count))
        defer {
            wipe(&input)
            wipe(&extracted)
            wipe(&output)
            wipe(&block)
            wipe(&kept)
        }
        return SecretBytes(kept)
    }
}

/// Equality in a time that depends on the lengths alone.
package func constantTimeEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}

/// Equality of two tokens in a time that depends on the lengths alone.
package func constantTimeEqual(_ one: String, _ other: String) -> Bool {
    constantTimeEqual(Array(one.utf8), Array(other.utf8))
}
