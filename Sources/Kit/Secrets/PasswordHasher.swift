package import DeskKit
import Foundation

/// The answer to a typed password.
package enum PasswordVerdict: Sendable, Hashable {
    case wrong
    /// `needsRehash`: stored at another cost or under an older pepper; hash again while the password is at hand.
    case right(needsRehash: Bool)
}

/// Argon2id with a pepper that is not in the database; two at once, a short queue, then `SecretsError.busy`.
package struct PasswordHasher: Sendable {
    /// Longer passwords are wrong without a look: nobody types them, and hashing them is work for nothing.
    package static let largestPassword = 1_024

    private let cost: PasswordCost
    private let peppers: [(keyID: String, pepper: SecretBytes)]
    private let gate: HashGate

    package init(keys: KeyRing, cost: PasswordCost = .standard, width: Int = 2, waiting: Int = 16) {
        self.cost = cost
        peppers = keys.lookupKeys.map { key in
            (key.id, HKDF.derive(from: key.secret, info: "portaldesk password pepper", count: 32))
        }
        gate = HashGate(width: width, waiting: waiting)
    }

    /// The PHC string to store. Throws `SecretsError.tooLong` beyond `largestPassword` bytes, `.busy` under a flood.
    package func hash(_ password: Redacted<String>) async throws -> String {
        guard password.reveal().utf8.count <= Self.largestPassword else { throw SecretsError.tooLong }
        guard let newest = peppers.first else { throw SecretsError.unavailable }
        let cost = cost
        return try await gate.run {
            try PasswordHash(
                password: Self.bytes(of: password),
                cost: cost,
                keyID: newest.keyID,
                pepper: newest.pepper,
                salt: SecureRandom.bytes(16),
                count: 32
            ).phc
        }
    }

    /// Compares with the stored string; nil (nobody of that name, or no password yet) costs the same time and is wrong.
    package func verify(_ password: Redacted<String>, against stored: String?) async throws -> PasswordVerdict {
        guard let stored, let parsed = PasswordHash(phc: stored),
            let known = peppers.first(where: { $0.keyID == parsed.keyID }),
            password.reveal().utf8.count <= Self.largestPassword
        else {
            try await verifyNothing(password)
            return .wrong
        }
        let again = try await gate.run {
            try PasswordHash(
                password: Self.bytes(of: password),
                cost: parsed.cost,
                keyID: known.keyID,
                pepper: known.pepper,
                salt: parsed.salt,
                count: parsed.hash.count
            )
        }
        guard constantTimeEqual(again.hash, parsed.hash) else { return .wrong }
        return .right(needsRehash: parsed.cost != cost || known.keyID != peppers.first?.keyID)
    }

    /// The work of one comparison, for a name that nobody bears.
    package func verifyNothing(_ password: Redacted<String>) async throws {
        let fits = password.reveal().utf8.count <= Self.largestPassword
        _ = try await hash(fits ? password : Redacted("too long to be anybody's"))
    }

    /// In the composed form (NFC), since keyboards differ in how they send ł, ő and й.
    private static func bytes(of password: Redacted<String>) -> [UInt8] {
        Array(password.reveal().precomposedStringWithCanonicalMapping.utf8)
    }
}
