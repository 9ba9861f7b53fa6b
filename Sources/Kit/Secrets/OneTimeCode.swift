package import DeskKit

/// Codes that a person reads and types once. Only their keyed hash is stored (`KeyRing.lookup(.oneTimeCode)`).
package enum OneTimeCode {
    /// No vowels (no words), no letter or digit that is taken for another: twenty signs, 4.3 bits each.
    package static let alphabet = "CDFHJKMNPQRTVWXY3479"

    /// `count` digits, for a text message.
    package static func digits(_ count: Int) -> Redacted<String> { Redacted(SecureRandom.digits(count)) }

    /// A temporary password of `length` signs of `alphabet`.
    package static func temporaryPassword(_ length: Int = 10) -> Redacted<String> {
        Redacted(SecureRandom.code(length, alphabet: alphabet))
    }

    /// `count` recovery codes of 43 bits, written as two groups of five signs with a hyphen.
    package static func recoveryCodes(_ count: Int = 10) -> [Redacted<String>] {
        (0..<count).map { _ in
            Redacted(SecureRandom.code(5, alphabet: alphabet) + "-" + SecureRandom.code(5, alphabet: alphabet))
        }
    }

    /// What was typed, as it is hashed: without blanks and hyphens, in capital letters.
    package static func normalized(_ typed: String) -> String {
        typed.filter { !$0.isWhitespace && $0 != "-" }.uppercased()
    }
}

extension LookupHash {
    /// The hash of a one-time or recovery code, bound to its owner (`scope`: the account or member of staff).
    package func hash(code: Redacted<String>, scope: String) -> [UInt8] {
        hash(OneTimeCode.normalized(code.reveal()), scope: scope)
    }

    /// Whether the typed code is the stored one, in constant time.
    package func matches(code: Redacted<String>, scope: String, stored: [UInt8]) -> Bool {
        matches(OneTimeCode.normalized(code.reveal()), scope: scope, stored: stored)
    }
}
