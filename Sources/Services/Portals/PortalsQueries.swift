import DeskKit
package import Postgres

/// The statements of `sql/queries/portals.sql`.
package enum PortalsQueries {
    static let fingerprint = Query<String>("portals.fingerprint")
    static let listPortals = Query<PortalRow>("portals.list_portals")
    static let lockPortal = Query<PortalRow>("portals.lock_portal")
    static let addPortal = Query<PortalID>("portals.add_portal")
    static let changePortal = Statement("portals.change_portal")
    static let reachPortal = Query<String>("portals.reach_portal")
    static let zoneExists = Query<Bool>("portals.zone_exists")

    package static let all: [any QueryDescribing] = [
        fingerprint, listPortals, lockPortal, addPortal, changePortal, reachPortal,
        zoneExists,
    ]
}

struct PortalRow: Decodable, Sendable {
    let id: PortalID
    let version: Int
    let key: String
    let name: String
    let country: String
    let timeZone: String
    let currency: String
    let languages: [String]
    let profile: String

    /// Throws `ProfileError` when the stored rules cannot be read.
    func decoded() throws -> PortalProfile {
        let identity = PortalIdentity(
            key: key,
            name: name,
            country: country,
            timeZone: timeZone,
            currency: currency,
            languages: languages
        )
        return PortalProfile(id: id, version: version, identity: identity, rules: try ProfileJSON.rules(profile))
    }
}
