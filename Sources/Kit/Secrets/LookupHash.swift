/// What a keyed hash is of. Each purpose has its own derived key, so that the same text hashes differently in each.
package struct LookupPurpose: Sendable, Hashable {
    let name: String

    package init(_ name: String) { self.name = name }

    package static let phone = LookupPurpose("phone")
    package static let email = LookupPurpose("email")
    package static let session = LookupPurpose("session")
    package static let link = LookupPurpose("link")
    package static let oneTimeCode = LookupPurpose("one-time-code")
    package static let recoveryCode = LookupPurpose("recovery-code")
    package static let companyCode = LookupPurpose("company-code")
    package static let device = LookupPurpose("device")
    package static let portalKey = LookupPurpose("portal-key")
    package static let throttle = LookupPurpose("throttle")
    package static let journal = LookupPurpose("journal")
}

/// Keyed hashes (HMAC-SHA-256, 32 bytes) of normalised values: rows are found by them, and a stolen table tells neither
/// phone numbers nor six-digit codes.
package struct LookupHash: Sendable {
    /// Newest first.
    private let derived: [SecretBytes]

    init(purpose: LookupPurpose, keys: [Key]) {
        derived = keys.map { HKDF.derive(from: $0.secret, info: "portaldesk lookup \(purpose.name)", count: 32) }
    }

    /// The hash to store. `scope` binds it to one row (a portal, an account): equal codes of two accounts differ.
    package func hash(_ value: String, scope: String = "") -> [UInt8] {
        candidates(value, scope: scope).first ?? []
    }

    /// The hashes a stored row may bear, newest key first; one entry unless the lookup key was rotated.
    package func candidates(_ value: String, scope: String = "") -> [[UInt8]] {
        derived.map { HMAC.sha256(key: $0, lengthPrefixed([scope, value])) }
    }

    /// Whether `stored` is the hash of `value` under any key of the file, in constant time per key.
    package func matches(_ value: String, scope: String = "", stored: [UInt8]) -> Bool {
        candidates(value, scope: scope).reduce(false) { constantTimeEqual($1, stored) || $0 }
    }
}

extension KeyRing {
    /// The keyed hash of one purpose; cheap enough to make at start and keep.
    package func lookup(_ purpose: LookupPurpose) -> LookupHash {
        LookupHash(purpose: purpose, keys: lookupKeys)
    }
}
