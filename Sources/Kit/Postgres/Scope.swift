package import DeskKit

/// What a transaction may touch.
///
/// It opens with the transaction, in the same round trip, as the transaction-local settings `portaldesk.portals` (an
/// array literal, "{0,1,2}") and `portaldesk.staff` (a staff id or ""), which the row policies read. Rows of portal 0,
/// the installation's own, are in every scope.
package struct Scope: Sendable, Hashable {
    private let portals: [PortalID]
    private let reachesEveryPortal: Bool
    package let staff: StaffID?

    private init(portals: [PortalID], reachesEveryPortal: Bool = false, staff: StaffID?) {
        self.portals = portals
        self.reachesEveryPortal = reachesEveryPortal
        self.staff = staff
    }

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

    /// For the worker and the command line: every portal there is when the transaction opens, as the database's
    /// function `every_portal()` lists them.
    package static let everyPortal = Scope(portals: [], reachesEveryPortal: true, staff: nil)

    /// The SQL expression of the array literal that the policies read.
    var portalsExpression: String {
        if reachesEveryPortal { return "every_portal()" }
        return "'{" + (["0"] + portals.map { String($0.rawValue) }).joined(separator: ",") + "}'"
    }

    /// The SQL expression of the staff setting.
    var staffExpression: String {
        "'" + (staff.map { String($0.rawValue) } ?? "") + "'"
    }
}
