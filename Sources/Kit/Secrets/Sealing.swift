import Copenssl
package import DeskKit

/// What a ciphertext belongs to (its associated data): it opens only under the same kind and parts, so that a value
/// moved to another row, column or portal is refused.
package struct SealContext: Sendable, Hashable {
    let bytes: [UInt8]

    /// `kind` names table and column ("staff.totp_secret"), `parts` the row (portal, id, version).
    package init(_ kind: String, _ parts: any (CustomStringConvertible & Sendable)...) {
        bytes = lengthPrefixed([kind] + parts.map(\.description))
    }
}

/// Fields one after the other, each with its length in front, so that no two lists run together into the same bytes.
func lengthPrefixed(_ fields: [String]) -> [UInt8] {
    fields.flatMap { field in
        let bytes = Array(field.utf8)
        return (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) } + bytes
    }
}

/// A ciphertext (12 bytes of nonce, the text, 16 bytes of tag) and the id of the key that opens it.
package struct Sealed: Sendable, Hashable {
    package let keyID: String
    package let bytes: [UInt8]

    package init(keyID: String, bytes: [UInt8]) {
        self.keyID = keyID
        self.bytes = bytes
    }
}

/// Why something does not open or cannot be made; holds no secret and no personal data.
package enum SecretsError: Error, Equatable, CustomStringConvertible {
    /// The key file has no such key.
    case unknownKey(id: String)
    /// Changed, cut short, moved to another row, or sealed under another key.
    case doesNotOpen
    /// Opened, but no UTF-8 where text was expected.
    case notText
    /// A password of more bytes than the hasher takes.
    case tooLong
    /// Every place at the password hasher, and in the queue before it, is taken: try again in a moment.
    case busy
    /// OpenSSL or libargon2 refused to work, which means too little memory.
    case unavailable

    package var description: String {
        switch self {
        case .unknownKey(let id): "the key file holds no key with the id \(id)"
        case .doesNotOpen: "the sealed value does not open here"
        case .notText: "the sealed value is not text"
        case .tooLong: "the password is too long"
        case .busy: "too many passwords are being checked"
        case .unavailable: "the cryptographic library refused to work"
        }
    }
}

/// A key of one thing (a scan, a client's personal data): made at random, stored only wrapped by the key ring;
/// destroying the wrapped key destroys what it sealed.
package struct DataKey: Sendable {
    let key: SecretBytes

    package init() { key = SecretBytes(random: 32) }

    init(_ key: SecretBytes) { self.key = key }

    /// AES-256-GCM under a random nonce: nonce, ciphertext, tag.
    package func seal(_ plaintext: [UInt8], context: SealContext) throws -> [UInt8] {
        try AES256GCM.seal(plaintext, key: key, context: context)
    }

    /// Throws `SecretsError.doesNotOpen` for changed bytes or another context.
    package func open(_ sealed: [UInt8], context: SealContext) throws -> [UInt8] {
        try AES256GCM.open(sealed, key: key, context: context)
    }
}

extension KeyRing {
    /// Seals a text, such as a message's body or a provider's password.
    package func seal(text: Redacted<String>, context: SealContext) throws -> Sealed {
        var bytes = Array(text.reveal().utf8)
        defer { wipe(&bytes) }
        return try seal(bytes, context: context)
    }

    /// Opens what `seal(text:context:)` made.
    package func openText(_ sealed: Sealed, context: SealContext) throws -> Redacted<String> {
        var bytes = try open(sealed, context: context)
        defer { wipe(&bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SecretsError.notText }
        return Redacted(text)
    }
}
