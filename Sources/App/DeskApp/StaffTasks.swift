package import Access
import DeskKit
import Postgres

/// `portaldesk staff` on an installation.
package enum StaffTasks {
    /// Opens the installation for one command and closes it again.
    package static func run<T: Sendable>(
        _ configuration: DeskConfiguration,
        _ body: (StaffCommands) async throws -> T
    ) async throws -> T {
        let installation = try Installation(configuration, as: .console)
        do {
            let result = try await body(StaffCommands(desk: installation.desk))
            await installation.desk.database.close()
            return result
        } catch {
            await installation.desk.database.close()
            throw error
        }
    }

    /// Adds somebody and answers the path of the set-up link, as text to be printed once.
    package static func add(
        _ configuration: DeskConfiguration,
        login: String,
        name: String,
        portals: [String],
        roles: [String]
    ) async throws -> String {
        try await run(configuration) {
            try await $0.add(login: login, name: name, portals: portals, roles: roles).reveal()
        }
    }

    /// One line of text per member of staff.
    package static func list(_ configuration: DeskConfiguration) async throws -> [String] {
        try await run(configuration) { try await $0.list() }.map { line in
            ([line.login, line.state.rawValue + (line.isDemo ? " (demo)" : "")] + line.roles).joined(separator: "  ")
        }
    }

    package static func disable(_ configuration: DeskConfiguration, login: String) async throws {
        try await run(configuration) { try await $0.disable(login: login) }
    }

    /// Answers the path of a new set-up link.
    package static func reset(_ configuration: DeskConfiguration, login: String) async throws -> String {
        try await run(configuration) { try await $0.reset(login: login).reveal() }
    }
}
