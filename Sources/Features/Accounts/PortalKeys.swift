package import Audit
package import DeskKit
package import Postgres
package import Secrets

/// The keys with which the portals' front ends call the API; shown once when made, kept as a keyed hash.
package struct PortalKeys: Sendable {
    private let database: Database
    private let audit: AuditTrail
    private let lookup: LookupHash

    package init(database: Database, audit: AuditTrail, keyRing: KeyRing) {
        self.database = database
        self.audit = audit
        lookup = keyRing.lookup(.portalKey)
    }

    /// Whether this is a live key of the portal.
    func accepts(_ key: String, portal: PortalID) async throws -> Bool {
        guard (20...100).contains(key.utf8.count) else { return false }
        let candidates = lookup.candidates(key, scope: portal.description)
        return try await database.read(.portal(portal)) { session in
            for hash in candidates
            where try session.first(AccountsQueries.findPortalKey, ["portal": portal, "key_hash": hash]) != nil {
                return true
            }
            return false
        }
    }

    /// Makes a key; the answer is the only time it is seen. `chosen` is for the demo, whose key its visitors know.
    package func make(
        name: String,
        portal: PortalID,
        by actor: Actor,
        chosen: String? = nil,
        in session: Session
    ) throws -> Redacted<String> {
        let key = chosen ?? "pk_" + SecureRandom.token()
        let id = try session.one(
            AccountsQueries.addPortalKey,
            ["portal": portal, "key_hash": lookup.hash(key, scope: portal.description), "name": name]
        )
        try audit.record(
            AuditEvent(
                "portal_key.made",
                portal: portal,
                by: actor,
                on: Subject("portal_key", id),
                facts: ["name": name]
            ),
            in: session
        )
        return Redacted(key)
    }

    /// Ends a key at once; false when it was ended before.
    func revoke(_ id: Int64, portal: PortalID, by actor: Actor, in session: Session) throws -> Bool {
        guard try session.run(AccountsQueries.revokePortalKey, ["portal": portal, "id": id]) == 1 else { return false }
        try audit.record(
            AuditEvent("portal_key.revoked", portal: portal, by: actor, on: Subject("portal_key", id)),
            in: session
        )
        return true
    }
}
