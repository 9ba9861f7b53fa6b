package import Audit
package import DeskKit
package import Postgres

/// Adding portals and changing their profiles, each with its audit row.
package struct PortalAdmin: Sendable {
    /// Why a change is refused, beside `ProfileError`.
    package enum Refusal: Error, Sendable {
        case unknown
        /// Somebody else saved in the meantime; what stands now.
        case changedMeanwhile(PortalProfile)
    }

    let audit: AuditTrail
    let furnishers: [any FurnishesPortals]

    package init(audit: AuditTrail, furnishers: [any FurnishesPortals] = []) {
        self.audit = audit
        self.furnishers = furnishers
    }

    /// Saves what was edited, if it still has the version it was edited at; answers the names of the changed fields.
    /// The key never changes. Throws `Refusal` or `ProfileError`.
    @discardableResult
    package func save(
        _ id: PortalID,
        version: Int,
        _ identity: PortalIdentity,
        _ rules: PortalRules,
        by actor: Actor,
        in session: Session
    ) throws -> [String] {
        guard let row = try session.first(PortalsQueries.lockPortal, ["portal": id]) else { throw Refusal.unknown }
        let stored = try row.decoded()
        guard stored.version == version else { throw Refusal.changedMeanwhile(stored) }
        var identity = identity
        identity.key = stored.key
        try check(identity, rules, in: session)
        let changed = try Self.changes(stored, identity, rules)
        guard !changed.isEmpty else { return [] }
        var parameters = try Self.parameters(identity, rules)
        parameters["key"] = nil
        parameters["portal"] = id
        parameters["version"] = version
        try session.run(PortalsQueries.changePortal, parameters)
        try audit.record(
            AuditEvent(
                "portals.profile_changed",
                portal: id,
                by: actor,
                on: Subject("portal", Int64(id.rawValue)),
                facts: ["fields": changed.joined(separator: ", ")]
            ),
            in: session
        )
        if stored.languages != identity.languages || stored.timeZone != identity.timeZone {
            for room in furnishers { try room.furnish(id, in: session) }
        }
        return changed
    }

    /// Adds a portal, and what other rooms give a new one. The transaction's scope holds it afterwards. Throws
    /// `ProfileError`, `PostgresError`.
    package func add(
        _ identity: PortalIdentity,
        _ rules: PortalRules,
        by actor: Actor,
        in session: Session
    ) throws -> PortalID {
        try check(identity, rules, in: session)
        let id: PortalID
        do {
            id = try session.savepoint {
                try session.one(PortalsQueries.addPortal, try Self.parameters(identity, rules))
            }
        } catch let error as PostgresError where error.violates("portal_key_key") {
            throw ProfileError([ProfileProblem("key", .keyTaken)])
        }
        // The line is the installation's: a portal's own trail is read by those who have a role there.
        try audit.record(
            AuditEvent(
                "portals.added",
                portal: nil,
                by: actor,
                on: Subject("portal", Int64(id.rawValue)),
                facts: ["key": identity.key]
            ),
            in: session
        )
        _ = try session.one(PortalsQueries.reachPortal, ["portal": id])
        for room in furnishers { try room.furnish(id, in: session) }
        return id
    }

    private func check(_ identity: PortalIdentity, _ rules: PortalRules, in session: Session) throws {
        var problems = ProfileCheck.problems(identity, rules)
        if try !session.one(PortalsQueries.zoneExists, ["zone": identity.timeZone]) {
            problems.append(ProfileProblem("timeZone", .unknownZone))
        }
        if !problems.isEmpty { throw ProfileError(problems) }
    }

    private static func parameters(_ identity: PortalIdentity, _ rules: PortalRules) throws -> Parameters {
        [
            "key": identity.key, "name": identity.name, "country": identity.country,
            "time_zone": identity.timeZone, "currency": identity.currency, "languages": identity.languages,
            "profile": try ProfileJSON.text(rules),
        ]
    }

    /// The names of the fields that differ, as the JSON names them at its first level.
    package static func changes(
        _ stored: PortalProfile,
        _ identity: PortalIdentity,
        _ rules: PortalRules
    ) throws -> [String] {
        let before = try ProfileJSON.topLevel(stored.identity).merging(ProfileJSON.topLevel(stored.rules)) { $1 }
        let after = try ProfileJSON.topLevel(identity).merging(ProfileJSON.topLevel(rules)) { $1 }
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    }
}

extension PortalDirectory {
    /// Adds the portal that a profile file describes: `{"identity": {…}, "rules": {…}}`, as in `sql/demo/portals`. A
    /// portal with this key that is there already stays as it is. Throws `ProfileError` with everything that is wrong.
    @discardableResult
    package static func install(
        profileJSON: String,
        audit: AuditTrail,
        furnishers: [any FurnishesPortals] = [],
        by actor: Actor,
        in session: Session
    ) throws -> PortalID {
        let file = try ProfileJSON.decode(ProfileFile.self, profileJSON)
        if let known = try PortalDirectory().find(file.identity.key, in: session) { return known.id }
        return try PortalAdmin(audit: audit, furnishers: furnishers)
            .add(file.identity, file.rules, by: actor, in: session)
    }
}

/// What another room gives a portal that is new, or that speaks another language or keeps another time than before.
/// DeskApp fits them in. Called in the change's transaction, whose scope holds the portal.
package protocol FurnishesPortals: Sendable {
    func furnish(_ portal: PortalID, in session: Session) throws
}

struct ProfileFile: Codable {
    let identity: PortalIdentity
    let rules: PortalRules
}
