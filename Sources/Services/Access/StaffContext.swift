package import DeskKit
package import Postgres

/// Who is signed in and what they may do where. Loaded anew with every request, so that a change takes effect at once.
package struct StaffContext: Sendable, Hashable {
    package let id: StaffID
    package let login: String
    package let name: String
    /// BCP 47 tag of the console's language.
    package let language: String
    /// The roles per portal; a portal without any is not there.
    package let roles: [PortalID: Set<Role>]
    private let rights: [PortalID: Set<Right>]

    package init(id: StaffID, login: String, name: String, language: String, roles: [PortalID: Set<Role>]) {
        self.id = id
        self.login = login
        self.name = name
        self.language = language
        self.roles = roles
        rights = roles.mapValues(Roles.rights)
    }

    /// Whether this right is held at this portal.
    package func may(_ right: Right, _ portal: PortalID) -> Bool {
        rights[portal]?.contains(right) ?? false
    }

    /// Whether this right is held at any portal.
    package func may(_ right: Right) -> Bool {
        rights.values.contains { $0.contains(right) }
    }

    /// The portals at which this right is held, by id.
    package func portals(with right: Right) -> [PortalID] {
        rights.filter { $0.value.contains(right) }.keys.sorted()
    }

    /// Every portal with a role, by id.
    package var portals: [PortalID] { roles.keys.sorted() }

    /// Throws `AccessDenied` unless the right is held at the portal: `.hidden` (answered 404) when the member of staff
    /// has no role there at all, `.forbidden` (403, audited) when the role does not carry the right.
    package func require(_ right: Right, _ portal: PortalID) throws(AccessDenied) {
        guard roles[portal] != nil else { throw AccessDenied(.hidden, right: right, portal: portal) }
        guard may(right, portal) else { throw AccessDenied(.forbidden, right: right, portal: portal) }
    }

    /// Throws `AccessDenied` unless the right is held at some portal.
    package func require(_ right: Right) throws(AccessDenied) {
        guard may(right) else { throw AccessDenied(.forbidden, right: right, portal: nil) }
    }

    /// The scope of a transaction at one portal, after the right was checked.
    package func scope(_ right: Right, _ portal: PortalID) throws(AccessDenied) -> Scope {
        try require(right, portal)
        return .portal(portal, staff: id)
    }

    /// The scope of a list over all portals at which the right is held. Throws when there is none.
    package func scope(_ right: Right) throws(AccessDenied) -> Scope {
        try require(right)
        return .portals(portals(with: right), staff: id)
    }
}

/// A request for what its sender may not do. The middleware audits it and answers with a page.
package struct AccessDenied: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Not even its existence is shown: 404.
        case hidden
        /// A missing right: 403, with words.
        case forbidden
    }

    package let kind: Kind
    package let right: Right
    package let portal: PortalID?

    package init(_ kind: Kind, right: Right, portal: PortalID?) {
        self.kind = kind
        self.right = right
        self.portal = portal
    }
}
