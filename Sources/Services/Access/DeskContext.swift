package import Audit
import DeskKit
package import DeskWeb
package import Hummingbird
import NIOCore
package import Portals

/// One request to the console: its page, and who sent it once the session was found.
package struct DeskContext: PageContext {
    package var coreContext: CoreRequestContextStorage
    package var page = PageState()
    /// Nil only on the public paths: sign-in, set-up links, health, the portal API.
    package internal(set) var staff: StaffContext?
    /// The portals at which the signed-in member of staff has any role, by id.
    package internal(set) var portals: [PortalProfile] = []
    /// The peer's IP address as the socket tells it, "local" where it has none.
    let peer: String
    /// The hash of the session's token, for signing out.
    var sessionHash: [UInt8]?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? "local"
    }

    /// The portal chosen in the switcher; nil for all of the reader's portals.
    package var portal: PortalProfile? {
        page.portal.flatMap { chosen in portals.first { $0.id == chosen } }
    }

    /// Who is signed in. Behind the session's gate there always is somebody.
    package func signedIn() throws -> StaffContext {
        guard let staff else { throw PageError.forbidden }
        return staff
    }

    /// Whoever is signed in as the trail names them.
    package func actor() throws -> Actor {
        try signedIn().actor
    }

    /// The portal of a URL's key, if this right is held there. Throws `AccessDenied`: answered 404 for a portal that
    /// does not exist or is not theirs, 403 for a missing right.
    package func portal(_ key: String, _ right: Right) throws -> PortalProfile {
        let staff = try signedIn()
        guard let portal = portals.first(where: { $0.key == key }) else {
            throw AccessDenied(.hidden, right: right, portal: nil)
        }
        try staff.require(right, portal.id)
        return portal
    }

    /// The portals of a list: the chosen one, or all at which the right is held. Throws `AccessDenied` when none is.
    package func portals(with right: Right) throws -> [PortalProfile] {
        let staff = try signedIn()
        try staff.require(right)
        let all = portals.filter { staff.may(right, $0.id) }
        guard let portal, all.contains(portal) else { return all }
        return [portal]
    }
}

extension StaffContext {
    package var actor: Actor { .staff(id, name: name) }
}
