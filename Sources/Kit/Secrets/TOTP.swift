package import DeskKit

/// Time-based one-time passwords (RFC 6238): six digits, 30 seconds, HMAC-SHA-1, which every authenticator app knows.
package struct TOTP: Sendable {
    private let secret: SecretBytes

    /// A secret of 160 bits, as RFC 4226 §4 advises.
    package init() { secret = SecretBytes(random: 20) }

    /// The secret as it was opened from the database.
    package init(secret: [UInt8]) { self.secret = SecretBytes(secret) }

    /// The number of the 30-second step of a Unix time in seconds.
    package static func step(at unixSeconds: Int64) -> Int64 { unixSeconds / 30 }

    /// The secret's bytes, to be sealed.
    package func revealSecret() -> [UInt8] { secret.withBytes { Array($0) } }

    /// The secret in base32, for typing into an app.
    package func revealBase32() -> Redacted<String> { Redacted(Base32.encode(revealSecret())) }

    /// The `otpauth:` address that a QR code shows to an authenticator app.
    package func uri(issuer: String, account: String) -> Redacted<String> {
        let issuer = percentEncoded(issuer)
        let label = "\(issuer):\(percentEncoded(account))"
        return Redacted("otpauth://totp/\(label)?secret=\(revealBase32().reveal())&issuer=\(issuer)")
    }

    /// The step whose code was typed: the current one or its neighbour on either side, later than `lastStep`; else
    /// nil. The caller stores the answer as the new `lastStep` in the same transaction, guarded by a condition, so
    /// that a code is never accepted twice (RFC 6238 §5.2).
    package func verify(_ typed: Redacted<String>, at step: Int64, lastStep: Int64) -> Int64? {
        let code = Array(typed.reveal().filter { !$0.isWhitespace }.utf8)
        var found: Int64?
        for candidate in (step - 1)...(step + 1) where candidate >= 0 {
            let fits = constantTimeEqual(Array(self.code(at: candidate).utf8), code)
            if fits, candidate > lastStep { found = candidate }
        }
        return found
    }

    /// The code that an authenticator app shows at a Unix time in seconds.
    package func revealCode(at unixSeconds: Int64) -> Redacted<String> {
        Redacted(code(at: Self.step(at: unixSeconds)))
    }

    /// The code of a step; `digits` and `hash` differ from the default only in the vectors of the RFC.
    func code(at step: Int64, digits: Int = 6, hash: HMAC.Hash = .sha1) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
        let mac = secret.withBytes { HMAC.authenticate(hash, key: $0, counter) }
        let offset = Int(mac[mac.count - 1] & 0x0F)
        let number = mac[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(1) { power, _ in power * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }
}

extension TOTP: CustomStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

private func percentEncoded(_ text: String) -> String {
    text.utf8.map { byte in
        let letter = Character(UnicodeScalar(byte))
        let plain = letter.isASCII && (letter.isLetter || letter.isNumber || "-._~".contains(letter))
        return plain ? String(letter) : "%" + Hex.encode([byte]).uppercased()
    }.joined()
}
