package import DeskKit
package import Postgres
import Secrets

/// The keys that close personal values in audit rows and messages: one per client (or application, or account) and
/// retention class, kept wrapped under the key file. Destroying one makes everything under it unreadable for good.
package struct SubjectKeys: Sendable {
    private let keyRing: KeyRing

    init(keyRing: KeyRing) {
        self.keyRing = keyRing
    }

    /// Seals under the owner's key, which is made at its first use. Throws `SecretsError`, `PostgresError`.
    package func seal(
        _ plaintext: [UInt8],
        portal: PortalID?,
        owner: Subject,
        class retention: RetentionClass,
        in session: Session
    ) throws -> [UInt8] {
        let portal = portal ?? .installation
        let place = Place(portal: portal, owner: owner, retention: retention)
        if let key = try find(place, in: session) {
            return try key.seal(plaintext, context: place.context)
        }
        let wrapped = try keyRing.wrap(DataKey(), context: place.context)
        try session.run(
            AuditQueries.addSubjectKey,
            place.parameters.merging(["key_id": wrapped.keyID, "wrapped": wrapped.bytes]) { $1 }
        )
        // Whoever came first made the key; reading it back gives both writers the same one.
        guard let key = try find(place, in: session) else { throw SecretsError.doesNotOpen }
        return try key.seal(plaintext, context: place.context)
    }

    /// Opens what `seal` closed; nil when the key was destroyed.
    package func open(
        _ sealed: [UInt8],
        portal: PortalID?,
        owner: Subject,
        class retention: RetentionClass,
        in session: Session
    ) throws -> [UInt8]? {
        let place = Place(portal: portal ?? .installation, owner: owner, retention: retention)
        return try find(place, in: session)?.open(sealed, context: place.context)
    }

    /// The ids of the key file that open rows of this table.
    package func idsInUse(in session: Session) throws -> [String] {
        try session.all(AuditQueries.keyIDsInUse)
    }

    func find(_ place: Place, in session: Session) throws -> DataKey? {
        guard let row = try session.first(AuditQueries.findSubjectKey, place.parameters), let wrapped = row.wrapped
        else {
            return nil
        }
        return try keyRing.unwrap(Sealed(keyID: row.keyID, bytes: wrapped), context: place.context)
    }
}

/// Opens what one page shows: each key is asked for once, however many lines it closes.
struct OpenedKeys {
    private var found: [Place: DataKey?] = [:]

    /// Nil when the key was destroyed.
    mutating func open(
        _ sealed: [UInt8],
        _ place: Place,
        by keys: SubjectKeys,
        in session: Session
    ) throws -> [UInt8]? {
        if found[place] == nil { found[place] = .some(try keys.find(place, in: session)) }
        return try found[place]??.open(sealed, context: place.context)
    }
}

/// Whose key, for what.
struct Place: Hashable {
    let portal: PortalID
    let owner: Subject
    let retention: RetentionClass

    var parameters: Parameters {
        ["portal": portal, "kind": owner.kind, "id": owner.id, "class": retention.rawValue]
    }

    var context: SealContext {
        SealContext("subject_key", portal, owner.kind, owner.id, retention.rawValue)
    }
}
