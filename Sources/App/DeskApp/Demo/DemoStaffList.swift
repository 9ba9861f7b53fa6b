package import Access
import DeskKit
import Foundation
import Portals
import Secrets

/// The demo's members of staff, one per role, as `sql/demo/staff.json` lists them: everybody may know how they sign in.
package struct DemoStaffList: Decodable, Sendable {
    package struct Person: Decodable, Sendable {
        package let role: Role
        package let login: String
        package let name: String
    }

    /// How one of them signs in; `totp` is the authenticator's secret in base32.
    package struct SignIn: Encodable, Sendable {
        package let role: String
        package let login: String
        package let password: String
        package let totp: String
    }

    package struct Problem: LoggableError {
        package let description: String
    }

    package let password: String
    package let totp: String
    package let people: [Person]

    /// Reads the list below `root`, the folder that holds `sql`.
    package static func load(root: String) throws -> DemoStaffList {
        try .demo(root + "/sql/demo/staff.json")
    }

    package var signIns: [SignIn] {
        people.map { SignIn(role: $0.role.rawValue, login: $0.login, password: password, totp: totp) }
    }

    /// The authenticator's secret. Throws `Problem`.
    package func secret() throws -> [UInt8] {
        guard let bytes = Base32.decode(totp) else { throw Problem(description: "sql/demo/staff.json: totp") }
        return bytes
    }

    /// The six digits that an authenticator app would show at this Unix time.
    package func code(at unixSeconds: Int64) throws -> String {
        TOTP(secret: try secret()).revealCode(at: unixSeconds).reveal()
    }

    /// Each with the own role at these portals.
    func demoStaff(_ portals: [PortalProfile]) -> [DemoStaff.Person] {
        people.map { person in
            DemoStaff.Person(
                login: person.login,
                name: person.name,
                language: "en",
                roles: Dictionary(portals.map { ($0.id, [person.role]) }) { first, _ in first }
            )
        }
    }
}
