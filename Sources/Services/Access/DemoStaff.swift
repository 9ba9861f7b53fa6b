import Audit
package import DeskKit
package import Postgres
package import Secrets

/// Members of staff of the demo, with a password and an authenticator secret that everybody may know. They exist only
/// where the console listens on loopback.
package struct DemoStaff: Sendable {
    /// The console listens beyond loopback.
    package struct NotOnLoopback: LoggableError {
        package let description = "demo staff exist only while the console listens on loopback"
    }

    package struct Person: Sendable {
        package var login: String
        package var name: String
        package var language: String
        package var roles: [PortalID: Set<Role>]

        package init(login: String, name: String, language: String, roles: [PortalID: Set<Role>]) {
            self.login = login
            self.name = name
            self.language = language
            self.roles = roles
        }
    }

    let desk: Desk
    let hasher: PasswordHasher

    package init(desk: Desk, hasher: PasswordHasher) {
        self.desk = desk
        self.hasher = hasher
    }

    /// Adds those who are not there yet, ready to sign in with this password and secret. Throws `NotOnLoopback`, or
    /// `StaffRefusal`.
    package func install(
        _ people: [Person],
        password: Redacted<String>,
        totpSecret: [UInt8],
        listensOnLoopback: Bool
    ) async throws {
        guard listensOnLoopback else { throw NotOnLoopback() }
        let hash = try await hasher.hash(password)
        try await desk.database.transaction(.everyPortal) { session in
            for person in people {
                let known = try session.first(AccessQueries.findStaffByLogin, ["login": person.login])
                guard known == nil else { continue }
                try install(person, hash, totpSecret, in: session)
            }
        }
    }

    /// Who acts when the demo acts in this person's name. Throws `StaffRefusal.unknown`.
    package func context(_ person: Person, in session: Session) throws -> StaffContext {
        guard let row = try session.first(AccessQueries.findStaffByLogin, ["login": person.login]) else {
            throw StaffRefusal.unknown
        }
        return StaffContext(
            id: row.id,
            login: row.login,
            name: row.name,
            language: row.language,
            roles: person.roles
        )
    }

    private func install(_ person: Person, _ hash: String, _ secret: [UInt8], in session: Session) throws {
        let admin = StaffAdmin(desk: desk)
        let (id, _) = try admin.add(
            login: person.login,
            name: person.name,
            language: person.language,
            roles: person.roles,
            demo: true,
            by: .commandLine,
            in: session
        )
        try session.run(AccessQueries.voidLinks, ["staff": id])
        let sealed = try desk.keys.seal(secret, context: .totp(id))
        try session.run(
            AccessQueries.activateStaff,
            [
                "staff": id, "password_hash": hash, "secret": sealed.bytes, "key_id": sealed.keyID,
                "step": 0 as Int64, "language": person.language,
            ]
        )
    }

    /// Whether any of them can sign in: `portaldesk check` and `serve` beyond loopback complain then.
    package static func exist(in session: Session) throws -> Bool {
        try session.one(AccessQueries.demoStaffExist)
    }
}
