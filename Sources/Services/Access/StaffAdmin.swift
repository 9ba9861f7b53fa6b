import Audit
package import DeskKit
package import Postgres
import Secrets

/// Who changes staff: an administrator in the console, or the command line with all power.
package enum StaffAuthority: Sendable {
    case administrator(StaffContext)
    case commandLine

    var actor: Actor {
        switch self {
        case .administrator(let staff): staff.actor
        case .commandLine: .commandLine
        }
    }

    var id: StaffID? {
        if case .administrator(let staff) = self { return staff.id }
        return nil
    }

    func administers(_ portal: PortalID) -> Bool {
        switch self {
        case .administrator(let staff): staff.may(.accessStaff, portal)
        case .commandLine: true
        }
    }
}

/// Why a change of staff is refused; the words are `access.staff.refused.<raw value>`.
package enum StaffRefusal: String, Error, Sendable, CaseIterable {
    case loginTaken = "login_taken"
    case badLogin = "bad_login"
    case noName = "no_name"
    case noRole = "no_role"
    case unknown
    /// Nobody changes their own roles, disables or resets themselves.
    case yourself
    /// A portal would be left without an active administrator.
    case lastAdministrator = "last_administrator"
    /// Roles at a portal that the administrator does not administer.
    case elsewhere
    case alreadyDisabled = "already_disabled"
}

/// Adding, changing, disabling and resetting staff; every command in one transaction with its audit rows. Shared by the
/// administrator's pages and `portaldesk staff`.
package struct StaffAdmin: Sendable {
    let desk: Desk
    private let links: LookupHash

    package init(desk: Desk) {
        self.desk = desk
        links = desk.keys.lookup(.link)
    }

    /// A new member of staff and the token of the set-up link, which is good for 24 hours and one use. Throws
    /// `StaffRefusal`.
    package func add(
        login: String,
        name: String,
        language: String,
        roles: [PortalID: Set<Role>],
        demo: Bool = false,
        by authority: StaffAuthority,
        in session: Session
    ) throws -> (id: StaffID, token: Redacted<String>) {
        guard roles.keys.allSatisfy(authority.administers) else { throw StaffRefusal.elsewhere }
        guard roles.values.contains(where: { !$0.isEmpty }) else { throw StaffRefusal.noRole }
        guard !name.isEmpty else { throw StaffRefusal.noName }
        guard Self.isLogin(login) else { throw StaffRefusal.badLogin }
        let id: StaffID
        do {
            id = try session.savepoint {
                try session.one(
                    AccessQueries.addStaff,
                    ["login": login, "name": name, "email": nil as String?, "language": language, "demo": demo]
                )
            }
        } catch let error as PostgresError where error.violates("staff_login_unique") {
            throw StaffRefusal.loginTaken
        }
        try record(action: "access.staff_added", id, authority, in: session)
        for (portal, held) in roles.sorted(by: { $0.key < $1.key }) {
            for role in held.sorted(by: { $0.rawValue < $1.rawValue }) {
                try change(role, given: true, id, portal, authority, in: session)
            }
        }
        return (id, try issueLink(id, in: session))
    }

    /// Ends every session and voids links; the row stays for the trail. Throws `StaffRefusal`.
    package func disable(_ staff: StaffID, by authority: StaffAuthority, in session: Session) throws {
        let row = try guarded(staff, authority, losesRoles: true, in: session)
        guard row.state != .disabled else { throw StaffRefusal.alreadyDisabled }
        try session.run(AccessQueries.disableStaff, ["staff": staff])
        try cutOff(staff, in: session)
        try record(action: "access.staff_disabled", staff, authority, in: session)
    }

    /// Voids password, authenticator, recovery codes, devices and sessions, and answers the token of a new set-up link.
    /// Also lets a disabled member of staff back in. Throws `StaffRefusal`.
    package func reset(
        _ staff: StaffID,
        by authority: StaffAuthority,
        in session: Session
    ) throws -> Redacted<String> {
        // The command line may reset the only administrator: that is how one who lost everything comes back.
        let isCommand = authority.id == nil
        let row = try guarded(staff, authority, losesRoles: !isCommand, in: session)
        try session.run(AccessQueries.resetStaff, ["staff": row.id])
        try cutOff(staff, in: session)
        try session.run(AccessQueries.forgetRecoveryCodes, ["staff": staff])
        try session.run(AccessQueries.forgetDevices, ["staff": staff])
        try record(action: "access.staff_reset", staff, authority, in: session)
        return try issueLink(staff, in: session)
    }

    /// Gives and takes roles so that at these portals exactly these are held. Throws `StaffRefusal`.
    package func setRoles(
        _ staff: StaffID,
        _ wanted: [PortalID: Set<Role>],
        by authority: StaffAuthority,
        in session: Session
    ) throws {
        _ = try session.one(AccessQueries.queueForStaff)
        guard authority.id != staff else { throw StaffRefusal.yourself }
        guard wanted.keys.allSatisfy(authority.administers) else { throw StaffRefusal.elsewhere }
        guard try session.first(AccessQueries.findStaff, ["staff": staff]) != nil else { throw StaffRefusal.unknown }
        let held = try roles(of: staff, in: session)
        let last = Set(try session.all(AccessQueries.portalsOnlyAdministeredBy, ["staff": staff]))
        for (portal, want) in wanted.sorted(by: { $0.key < $1.key }) {
            let have = held[portal] ?? []
            if have.contains(.administrator), !want.contains(.administrator), last.contains(portal) {
                throw StaffRefusal.lastAdministrator
            }
            for role in Role.allCases where have.contains(role) != want.contains(role) {
                try change(role, given: want.contains(role), staff, portal, authority, in: session)
            }
        }
    }

    /// Whoever adds a portal administers it, since nobody else does yet. Throws `PostgresError`.
    func giveFounder(_ staff: StaffContext, _ portal: PortalID, in session: Session) throws {
        try change(.administrator, given: true, staff.id, portal, .administrator(staff), in: session)
    }

    /// What somebody is, per portal; the scope decides which portals are seen.
    package func roles(of staff: StaffID, in session: Session) throws -> [PortalID: Set<Role>] {
        let rows = try session.all(AccessQueries.rolesOfStaff, ["staff": staff])
        return Dictionary(grouping: rows, by: \.portalID).mapValues { Set($0.map(\.role)) }
    }

    /// Small letters, digits, dot, underscore, hyphen and at-sign, 2 to 80 of them.
    package static func isLogin(_ text: String) -> Bool {
        (2...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._@-".utf8.contains(byte)
            }
    }

    private func guarded(
        _ staff: StaffID,
        _ authority: StaffAuthority,
        losesRoles: Bool,
        in session: Session
    ) throws -> StaffRow {
        _ = try session.one(AccessQueries.queueForStaff)
        guard authority.id != staff else { throw StaffRefusal.yourself }
        guard let row = try session.first(AccessQueries.findStaff, ["staff": staff]) else { throw StaffRefusal.unknown }
        guard try roles(of: staff, in: session).keys.allSatisfy(authority.administers) else {
            throw StaffRefusal.elsewhere
        }
        if losesRoles, row.state == .active,
            try !session.all(AccessQueries.portalsOnlyAdministeredBy, ["staff": staff]).isEmpty
        {
            throw StaffRefusal.lastAdministrator
        }
        return row
    }

    private func cutOff(_ staff: StaffID, in session: Session) throws {
        try session.run(AccessQueries.endSessionsOfStaff, ["staff": staff])
        try session.run(AccessQueries.voidLinks, ["staff": staff])
    }

    private func change(
        _ role: Role,
        given: Bool,
        _ staff: StaffID,
        _ portal: PortalID,
        _ authority: StaffAuthority,
        in session: Session
    ) throws {
        if given {
            try session.run(
                AccessQueries.addRole,
                ["portal": portal, "staff": staff, "role": role, "given_by": authority.id]
            )
            try record(action: "access.role_given", staff, authority, portal, ["role": role.rawValue], in: session)
        } else {
            try session.run(AccessQueries.removeRole, ["portal": portal, "staff": staff, "role": role])
            try record(action: "access.role_taken", staff, authority, portal, ["role": role.rawValue], in: session)
        }
    }

    private func issueLink(_ staff: StaffID, in session: Session) throws -> Redacted<String> {
        let token = SecureRandom.token()
        let sealed = try desk.keys.seal(TOTP().revealSecret(), context: .totp(staff))
        try session.run(
            AccessQueries.addLink,
            ["hash": links.hash(token), "staff": staff, "secret": sealed.bytes, "key_id": sealed.keyID]
        )
        return Redacted(token)
    }

    private func record(
        action: String,
        _ staff: StaffID,
        _ authority: StaffAuthority,
        _ portal: PortalID? = nil,
        _ facts: [String: String] = [:],
        in session: Session
    ) throws {
        let event = AuditEvent(action, portal: portal, by: authority.actor, on: .staff(staff), facts: facts)
        try desk.audit.record(event, in: session)
    }
}
