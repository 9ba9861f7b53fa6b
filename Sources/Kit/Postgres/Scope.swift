package import DeskKit

/// What a transaction may touch. It opens with the transaction, in the same round trip, as the transaction-local settings
/// `portaldesk.portals` (an array literal, "{1,2}") and `portaldesk.staff` (a staff id or ""), which the row policies read.
package struct Scope: Sendable, Hashable {
    package var portals: [PortalID]
    package var staff: StaffID?

    /// No rows of any portal: installation-wide tables only.
    package static let installation = Scope(portals: [], staff: nil)

    /// Installation-wide tables, on behalf of a member of staff.
    package static func installation(staff: StaffID) -> Scope {
        Scope(portals: [], staff: staff)
    }

    /// The rows of these portals.
    package static func portals(_ ids: [PortalID], staff: StaffID? = nil) -> Scope {
        Scope(portals: ids, staff: staff)
    }

    /// The rows of one portal.
    package static func portal(_ id: PortalID, staff: StaffID? = nil) -> Scope {
        Scope(portals: [id], staff: staff)
    }

    /// For jobs and imports: every portal, listed by id at the time of use.
    package static func everyPortal(_ ids: [PortalID]) -> Scope {
        Scope(portals: ids, staff: nil)
    }

    /// The array literal the policies read.
    var portalList: String {
        "{" + portals.map { String($0.rawValue) }.joined(separator: ",") + "}"
    }

    var staffText: String {
        staff.map { String($0.rawValue) } ?? ""
    }
}
