import Access
import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Adds a cookie to a portal's list, or changes one. Policies that were published with the list before say so until
/// their next version.
struct SaveCookie: Sendable {
    enum Refusal: String, Error, CaseIterable {
        case changedMeanwhile = "changed_meanwhile"
        case nothingChanged = "nothing_changed"
        /// Another one of this name and kind is in the list.
        case nameTaken = "name_taken"
    }

    let audit: AuditTrail

    static func decide(_ stored: CookieItem, version: Int, _ item: CookieItem, shown: Int) throws(Refusal) {
        guard version == shown else { throw .changedMeanwhile }
        guard stored != item else { throw .nothingChanged }
    }

    /// `id` is nil for a new one; `version` the row's one that the form was shown with. Throws `Refusal`,
    /// `AccessDenied`, `PageError.notFound`, `PostgresError`.
    @discardableResult
    func run(
        _ item: CookieItem,
        id: CookieID? = nil,
        version: Int = 0,
        portal: PortalID,
        by staff: StaffContext,
        in session: Session
    ) throws -> CookieID {
        try staff.require(.textsWrite, portal)
        let values: Parameters = [
            "portal": portal, "name": item.name, "storage": item.storage, "party": item.party,
            "provider": item.provider, "category": item.category, "minutes": item.minutes,
            "purposes": try item.purposes.json(), "state": item.state,
        ]
        let saved: CookieID
        if let id {
            guard let row = try session.first(TextsQueries.holdCookie, ["portal": portal, "cookie": id]) else {
                throw PageError.notFound
            }
            try Self.decide(try row.item(), version: row.version, item, shown: version)
            let place: Parameters = ["cookie": id, "version": version]
            guard try session.run(TextsQueries.changeCookie, values.merging(place) { $1 }) == 1 else {
                throw Refusal.nameTaken
            }
            saved = id
        } else {
            guard let added = try session.first(TextsQueries.addCookie, values) else { throw Refusal.nameTaken }
            saved = added
        }
        try audit.record(
            AuditEvent(
                id == nil ? "cookie.added" : "cookie.changed",
                portal: portal,
                by: staff.actor,
                on: Subject("cookie", saved.rawValue),
                facts: ["name": item.name, "category": item.category.rawValue, "state": item.state.rawValue]
            ),
            in: session
        )
        return saved
    }
}
