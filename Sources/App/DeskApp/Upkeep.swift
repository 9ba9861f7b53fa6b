import Access
import Audit
import DeskKit
import Documents
import FoundationEssentials
import JobRunner
import Logging
import Messaging
import Postgres
import Requests
import Secrets

/// The short tasks of the command line that look after an installation.
package enum Upkeep {
    /// Brings the database to the newest version, adds the letters that portals lack and renews the register of
    /// personal data. Answers the migrations applied.
    package static func migrate(_ configuration: DeskConfiguration) async throws -> [String] {
        let url = try configuration.require(configuration.ownerURL, "OWNER_DATABASE_URL")
        let logger = Logger(label: "portaldesk")
        let settings = DatabaseConfiguration(
            url: url.reveal(),
            connections: 1,
            statementTimeout: .seconds(3600),
            idleTimeout: .seconds(3600),
            applicationName: "portaldesk migrate"
        )
        let applied = try await Migrator(
            configuration: settings,
            directory: configuration.root + "/sql/migrations",
            logger: logger
        ).migrate()
        let database = Database(
            configuration: settings,
            catalog: try QueryCatalog(directory: configuration.root + "/sql/queries"),
            logger: logger
        )
        let letters = try Letters.load(from: configuration.root + "/admin-web/letters")
        let register = try Register.load(root: configuration.root)
        try await database.transaction(.everyPortal) { session in
            try letters.install(in: session)
            try register.install(in: session)
        }
        await database.close()
        return applied
    }

    /// Repeats the erasures that the ledger outside knows and the database does not, after a restore; as the owner.
    /// Answers what came of each in lines, and the numbers of those that somebody must look at.
    package static func replayErasures(
        _ ledger: String,
        _ configuration: DeskConfiguration
    ) async throws -> (lines: [String], open: [Int64]) {
        let url = try configuration.require(configuration.ownerURL, "OWNER_DATABASE_URL")
        let database = Database(
            configuration: DatabaseConfiguration(url: url.reveal(), connections: 1),
            catalog: try QueryCatalog(directory: configuration.root + "/sql/queries"),
            logger: Logger(label: "portaldesk")
        )
        let replay = try await ErasureLedger(path: ledger).replay(in: database)
        await database.close()
        return (replay.outcomes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }, replay.open)
    }

    /// Adds the letters that portals lack, as `migrate` does, with the console's own rights.
    package static func installLetters(_ installation: Installation) async throws {
        let letters = try Letters.load(from: installation.configuration.root + "/admin-web/letters")
        try await installation.desk.database.transaction(.everyPortal) { try letters.install(in: $0) }
    }

    /// Writes a new key file. Throws `KeyFileProblem`.
    package static func generateKeys(_ path: String) throws {
        try KeyRing.generate(to: path)
    }

    /// One thing that `check` looked at.
    package struct Finding: Sendable {
        package let subject: String
        /// Nil when all is well.
        package let problem: String?
        /// Worth a line, and no failure.
        package var isWarning = false
    }

    /// Looks through an installation: database, migrations, keys, job files, the room of scans, demo staff.
    package static func check(_ configuration: DeskConfiguration) async -> [Finding] {
        var findings: [Finding] = []
        func look(_ subject: String, _ body: () async throws -> String?) async {
            do {
                findings.append(Finding(subject: subject, problem: try await body()))
            } catch {
                findings.append(Finding(subject: subject, problem: "\(error)"))
            }
        }
        await look("listening") {
            try configuration.validateListening()
            return nil
        }
        let installation: Installation
        let rooms: Rooms
        do {
            installation = try Installation(configuration, as: .console)
            rooms = try Rooms(installation)
        } catch {
            return findings + [Finding(subject: "configuration", problem: "\(error)")]
        }
        let database = installation.desk.database
        await look("migrations") {
            let pending = try await Migrator(
                configuration: database.configuration,
                directory: configuration.root + "/sql/migrations",
                logger: installation.logger
            ).pending(in: database)
            return pending.isEmpty ? nil : "not applied: \(pending.joined(separator: ", "))"
        }
        await look("keys") {
            let missing = try await database.read(.everyPortal) { session in
                installation.desk.keys.missing(ids: try rooms.keyIDsInUse(by: .console, in: session))
            }
            return missing.isEmpty ? nil : "the key file lacks \(missing.joined(separator: ", "))"
        }
        await look("job files") {
            _ = try JobFile.load(
                directory: configuration.root + "/jobs",
                registry: try JobRegistry(rooms.handlers)
            )
            return nil
        }
        await look("scans") {
            try await rooms.documents.trial()
            return nil
        }
        if configuration.journal == nil || configuration.journal == "off" {
            let warning = "none is kept: after a restored backup messages may be sent twice (PORTALDESK_JOURNAL)"
            findings.append(Finding(subject: "send journal", problem: warning, isWarning: true))
        } else {
            await look("send journal") {
                try await rooms.journal.trial()
                return nil
            }
        }
        await look("demo staff") {
            let exist = try await database.read(.installation) { try rooms.access.hasDemoStaff(in: $0) }
            guard exist, !configuration.staysHere || !configuration.isDemo else { return nil }
            return "demo staff exist; disable them before the console is used in earnest"
        }
        await database.close()
        return findings
    }
}
