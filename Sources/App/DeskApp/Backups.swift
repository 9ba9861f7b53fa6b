import DeskKit
import Foundation
import Postgres

/// Whole copies of the database by pg_dump, and back. Keys, the ledger of erasures and the send journal are no part of
/// them: they must outlive a restore, and a copy that holds its own keys protects nothing.
package enum Backups {
    /// What `backup.json` says; it is written last, so that a copy that was broken off has none.
    struct Manifest: Codable {
        let madeAt: String
    }

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    private static let manifest = "backup.json"
    private static let dump = "database"

    /// Makes the folder and fills it; answers what to say. Throws `Problem`, `DeskConfiguration.Problem`,
    /// `PostgresError`.
    package static func make(_ folder: String, _ configuration: DeskConfiguration) async throws -> [String] {
        let url = try configuration.require(configuration.backupURL, "BACKUP_DATABASE_URL")
        let manager = FileManager.default
        let found = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        guard found.isEmpty else { throw Problem(description: "\(folder) is not empty") }
        do {
            try manager.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Problem(description: "\(folder) cannot be made")
        }
        let started = Date()
        try await run(
            "pg_dump",
            ["--format=directory", "--compress=6", "--no-password", "--file=\(folder)/\(dump)"],
            url,
            hint: "is BACKUP_DATABASE_URL the login of portaldesk_backup? sql/roles.sql says how it signs in"
        )
        do {
            let note = try JSONEncoder().encode(Manifest(madeAt: started.ISO8601Format()))
            try note.write(to: URL(filePath: "\(folder)/\(manifest)"), options: .atomic)
        } catch {
            throw Problem(description: "\(folder)/\(manifest) cannot be written")
        }
        let journal =
            configuration.journal == nil || configuration.journal == "off"
            ? "No send journal is kept: after a restore of this backup messages may be sent twice."
            : "The send journal stays where it is; it is what keeps a restored database from sending twice."
        return [
            "The database is in \(folder).",
            "The keys are not: keep a copy of the file that PORTALDESK_KEYS names in another place.", journal,
        ]
    }

    /// Fills an empty database, as its owner, all or nothing; answers what to do next. Throws as `make`.
    package static func restore(_ folder: String, _ configuration: DeskConfiguration) async throws -> [String] {
        let url = try configuration.require(configuration.ownerURL, "OWNER_DATABASE_URL")
        guard let note = FileManager.default.contents(atPath: "\(folder)/\(manifest)"),
            let made = try? JSONDecoder().decode(Manifest.self, from: note)
        else { throw Problem(description: "\(folder) holds no finished backup") }
        try await run(
            "pg_restore",
            [
                "--single-transaction", "--exit-on-error", "--no-password", "--no-owner", "--dbname=",
                "\(folder)/\(dump)",
            ],
            url,
            hint: "nothing was changed; the database must be empty, made for it anew, with sql/roles.sql run in it"
        )
        var next = ["The backup of \(made.madeAt) is in the database. Before anybody uses it:", "  portaldesk migrate"]
        if let ledger = configuration.ledgerFile { next.append("  portaldesk erasures replay \(ledger)") }
        return next + [
            "  portaldesk check     (the keys are not in the backup: PORTALDESK_KEYS must name those of then)",
            "What the send journal knows of later messages will stand under Jobs."
                + " Nothing is sent until it is marked there.",
        ]
    }

    /// The address goes by the environment: a command line can be read by everybody on the machine.
    private static func run(
        _ program: String,
        _ arguments: [String],
        _ url: Redacted<String>,
        hint: String
    ) async throws {
        var settings = try ConnectionEnvironment.variables(url: url.reveal())
        let database = settings["PGDATABASE"] ?? ""
        let kept = ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("PG") && !name.contains("DATABASE_URL")
        }
        settings.merge(kept) { given, _ in given }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments.map { $0 == "--dbname=" ? $0 + database : $0 }
        process.environment = settings
        process.standardInput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                ended.resume(throwing: error)
            }
        }
        guard status == 0 else { throw Problem(description: "\(program) did not succeed (\(hint))") }
    }
}
