import Access
import Audit
import DeskKit
import DeskWeb
import Foundation
import Portals
import Postgres

/// `portaldesk portals` on an installation: how the first portal comes to be.
package enum PortalTasks {
    /// Why a portal is not added.
    package struct Problem: LoggableError {
        package let description: String
    }

    /// Adds the portal of a profile file and answers a line for a person. Throws `Problem`.
    package static func add(
        _ configuration: DeskConfiguration,
        file: String,
        key: String?,
        name: String?
    ) async throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Problem(description: "\(file) cannot be read")
        }
        return try await with(configuration) { installation, rooms in
            do {
                var profile = try NewPortal.profile(text)
                if let key { profile.identity.key = key }
                if let name { profile.identity.name = name }
                let admin = PortalAdmin(audit: installation.desk.audit, furnishers: rooms.furnishers)
                let (identity, rules) = (profile.identity, profile.rules)
                try await installation.desk.database.transaction(.installation) { session in
                    _ = try admin.add(identity, rules, by: .commandLine, in: session)
                }
                return "\(identity.key) is added; `portaldesk staff add` names its administrator."
            } catch let error as ProfileError {
                let words = installation.desk.site.words(.english)
                let lines = error.problems.map { problem in
                    "\(problem.field): \(words("portals.problem.\(problem.reason.rawValue)"))"
                }
                throw Problem(description: lines.joined(separator: "\n"))
            }
        }
    }

    /// A line for each portal, by id.
    package static func list(_ configuration: DeskConfiguration) async throws -> [String] {
        try await with(configuration) { installation, _ in
            try await installation.desk.portals.all(installation.desk.database).map { "\($0.key)  \($0.name)" }
        }
    }

    private static func with<Value: Sendable>(
        _ configuration: DeskConfiguration,
        _ body: (Installation, Rooms) async throws -> Value
    ) async throws -> Value {
        let installation = try Installation(configuration, as: .console)
        do {
            let value = try await body(installation, try Rooms(installation))
            await installation.desk.database.close()
            return value
        } catch {
            await installation.desk.database.close()
            throw error
        }
    }
}
