package import DeskKit
import DeskWeb
import Portals
import Postgres

/// `portaldesk staff`: the same commands as on the administrator's pages, with the authority of the command line.
package struct StaffCommands: Sendable {
    /// What cannot be done, for the person at the command line.
    package struct Problem: LoggableError {
        package let description: String
    }

    /// One line of `staff list`.
    package struct Line: Sendable, Hashable {
        package let login: String
        package let state: StaffState
        package let isDemo: Bool
        /// "ebok-millennium:helpdesk", by portal.
        package let roles: [String]
    }

    private let desk: Desk
    private let admin: StaffAdmin

    package init(desk: Desk) {
        self.desk = desk
        admin = StaffAdmin(desk: desk)
    }

    /// Adds somebody with these roles at these portals ("all" is every one) and answers the path of the set-up link.
    package func add(login: String, name: String, portals: [String], roles: [String]) async throws -> Redacted<String> {
        let held = try roles.map { name in
            guard let role = Role(rawValue: name) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(description: "unknown role \(name); roles are \(known)")
            }
            return role
        }
        return try await inWords {
            try await desk.database.transaction(.everyPortal) { session in
                let wanted = try chosen(portals, in: session)
                let added = try admin.add(
                    login: login.lowercased(),
                    name: name,
                    language: "en",
                    roles: Dictionary(uniqueKeysWithValues: wanted.map { ($0, Set(held)) }),
                    by: .commandLine,
                    in: session
                )
                return added.token.map { "/welcome/\($0)" }
            }
        }
    }

    /// Everybody, by login.
    package func list() async throws -> [Line] {
        try await desk.database.read(.everyPortal) { session in
            let portals = try desk.portals.all(in: session)
            let keys = Dictionary(uniqueKeysWithValues: portals.map { ($0.id, $0.key) })
            var lines: [Line] = []
            var after: String?
            while true {
                let rows = try session.all(
                    AccessQueries.listStaff,
                    ["portals": portals.map(\.id), "after": after, "before": nil as String?, "limit": 200]
                )
                for row in rows {
                    let roles = try admin.roles(of: row.id, in: session).sorted { $0.key < $1.key }
                    let texts = roles.flatMap { portal, held in
                        held.map(\.rawValue).sorted().map { "\(keys[portal] ?? "\(portal)"):\($0)" }
                    }
                    lines.append(Line(login: row.login, state: row.state, isDemo: row.demo, roles: texts))
                }
                guard rows.count == 200, let last = rows.last else { return lines }
                after = last.login
            }
        }
    }

    package func disable(login: String) async throws {
        try await inWords {
            try await desk.database.transaction(.everyPortal) { session in
                try admin.disable(try find(login, in: session), by: .commandLine, in: session)
            }
        }
    }

    /// Voids all that somebody signs in with and answers the path of a new set-up link.
    package func reset(login: String) async throws -> Redacted<String> {
        try await inWords {
            try await desk.database.transaction(.everyPortal) { session in
                try admin.reset(try find(login, in: session), by: .commandLine, in: session).map { "/welcome/\($0)" }
            }
        }
    }

    private func find(_ login: String, in session: Session) throws -> StaffID {
        let row = try session.first(AccessQueries.findStaffByLogin, ["login": login.lowercased()])
        guard let row else { throw StaffRefusal.unknown }
        return row.id
    }

    private func chosen(_ keys: [String], in session: Session) throws -> [PortalID] {
        let portals = try desk.portals.all(in: session)
        if keys.contains("all") { return portals.map(\.id) }
        return try Set(keys).map { key in
            guard let portal = portals.first(where: { $0.key == key }) else {
                let known = portals.map(\.key).joined(separator: ", ")
                throw Problem(description: "unknown portal \(key); portals are \(known)")
            }
            return portal.id
        }
    }

    /// Refusals in the console's own English words.
    private func inWords<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let refusal as StaffRefusal {
            throw Problem(description: desk.site.words(.english)("access.staff.refused.\(refusal.rawValue)"))
        }
    }
}
