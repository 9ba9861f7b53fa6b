/// What a key of the file is for.
package enum KeyPurpose: String, Sendable, CaseIterable {
    /// Sealing values and wrapping data keys.
    case seal
    /// Keyed hashes by which rows are found, and the pepper of passwords.
    case lookup
}

/// One line of the key file.
package struct Key: Sendable {
    package let id: String
    package let purpose: KeyPurpose
    let secret: SecretBytes
}

/// The keys of the installation. The newest key of a purpose seals and hashes; every key opens and compares, so that a
/// rotation is a new first line.
package struct KeyRing: Sendable {
    /// Newest first.
    package let keys: [Key]
    private let newestSeal: Key
    let lookupKeys: [Key]

    /// Throws `KeyFileProblem.noKey` unless both purposes have a key.
    init(keys: [Key]) throws(KeyFileProblem) {
        let lookups = keys.filter { $0.purpose == .lookup }
        guard let seal = keys.first(where: { $0.purpose == .seal }) else { throw .noKey(.seal) }
        guard !lookups.isEmpty else { throw .noKey(.lookup) }
        self.keys = keys
        newestSeal = seal
        lookupKeys = lookups
    }

    /// A ring of random keys that no file holds, for tests.
    package static func ephemeral() throws -> KeyRing {
        try KeyRing(keys: KeyPurpose.allCases.map { Key(id: "\($0)-1", purpose: $0, secret: SecretBytes(random: 32)) })
    }

    /// The id under which `seal` seals now; rows under another id may be sealed anew.
    package var sealingKeyID: String { newestSeal.id }

    /// AES-256-GCM under the newest key.
    package func seal(_ plaintext: [UInt8], context: SealContext) throws -> Sealed {
        Sealed(
            keyID: newestSeal.id,
            bytes: try AES256GCM.seal(plaintext, key: newestSeal.secret, context: context)
        )
    }

    /// Throws `SecretsError.unknownKey` or `.doesNotOpen`.
    package func open(_ sealed: Sealed, context: SealContext) throws -> [UInt8] {
        guard let key = keys.first(where: { $0.id == sealed.keyID && $0.purpose == .seal }) else {
            throw SecretsError.unknownKey(id: sealed.keyID)
        }
        return try AES256GCM.open(sealed.bytes, key: key.secret, context: context)
    }

    /// Seals a data key for storage beside what it sealed.
    package func wrap(_ dataKey: DataKey, context: SealContext) throws -> Sealed {
        var bytes = dataKey.key.withBytes { Array($0) }
        defer { wipe(&bytes) }
        return try seal(bytes, context: context)
    }

    /// The data key that `wrap` sealed.
    package func unwrap(_ sealed: Sealed, context: SealContext) throws -> DataKey {
        var bytes = try open(sealed, context: context)
        defer { wipe(&bytes) }
        guard bytes.count == 32 else { throw SecretsError.doesNotOpen }
        return DataKey(SecretBytes(bytes))
    }

    /// Those of the ids in use that the file does not hold, sorted; the program must not start unless there is none.
    package func missing(ids: some Sequence<String>) -> [String] {
        Set(ids).subtracting(keys.map(\.id)).sorted()
    }
}

extension KeyRing: CustomStringConvertible, CustomReflectable {
    /// Ids alone.
    package var description: String { "KeyRing(\(keys.map(\.id).joined(separator: ", ")))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
