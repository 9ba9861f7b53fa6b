package import Audit
import DeskKit
package import Portals
package import Postgres

/// Takes files of the book of business into a portal: staged, checked, merged, in one transaction for all files. Rows
/// that the main system sends again are told apart by its key; a row absent from a later file stays.
package struct ImportBook: Sendable {
    /// Why an import cannot begin.
    package enum Refusal: Error, Hashable, Sendable {
        case unknownFile(String)
        case fileTwice(String)
        case noFile
        case cannotRead(file: String, reason: String)
    }

    private struct Stop: Error {
        let report: ImportReport
    }

    private let audit: AuditTrail

    package init(audit: AuditTrail) {
        self.audit = audit
    }

    /// Imports the files (paths whose names say their kinds). Wrong rows are in the report, and then nothing changed.
    /// Throws `Refusal`, `PostgresError`. The database's time-outs must suit whole files. `progress` hears the file and
    /// how many of its rows were read, often.
    package func callAsFunction(
        _ paths: [String],
        portal: PortalProfile,
        dryRun: Bool,
        by actor: Actor,
        database: Database,
        progress: @escaping @Sendable (_ file: String, _ rows: Int) -> Void = { _, _ in }
    ) async throws -> ImportReport {
        let files = try Self.order(paths)
        do {
            return try await database.transaction(.portal(portal.id)) { session in
                var merge = try MergeOfBook(portal: portal, dryRun: dryRun, session: session)
                for file in files {
                    try merge.stage(file.kind, file.path, progress: progress)
                    if merge.isBroken { throw Stop(report: merge.report) }
                }
                try merge.check()
                guard merge.report.wrong.isEmpty else { throw Stop(report: try merge.counted()) }
                try merge.apply()
                if dryRun { throw Stop(report: merge.report) }
                try record(merge.report, portal, by: actor, in: session)
                merge.report.applied = true
                return merge.report
            }
        } catch let stop as Stop {
            return stop.report
        }
    }

    /// The files in the order of their merge. Throws `Refusal` for a name that says no kind.
    static func order(_ paths: [String]) throws(Refusal) -> [(kind: BookKind, path: String)] {
        guard !paths.isEmpty else { throw .noFile }
        var files: [BookKind: String] = [:]
        for path in paths {
            let name = String(path.split(separator: "/").last ?? "")
            guard let kind = BookKind(fileName: name) else { throw .unknownFile(name) }
            guard files.updateValue(path, forKey: kind) == nil else { throw .fileTwice(name) }
        }
        return BookKind.allCases.compactMap { kind in files[kind].map { (kind, $0) } }
    }

    private func record(
        _ report: ImportReport,
        _ portal: PortalProfile,
        by actor: Actor,
        in session: Session
    ) throws {
        var facts: [String: String] = [:]
        for file in report.files {
            let word = file.file.dropLast(".csv".count)
            facts["\(word)_new"] = String(file.new)
            facts["\(word)_changed"] = String(file.changed)
        }
        facts["new"] = String(report.files.reduce(0) { $0 + $1.new })
        facts["changed"] = String(report.files.reduce(0) { $0 + $1.changed })
        try audit.record(
            AuditEvent(
                "book.imported",
                portal: portal.id,
                by: actor,
                on: Subject("portal", Int64(portal.id.rawValue)),
                facts: facts
            ),
            in: session
        )
        try audit.record(
            "client.imported",
            portal: portal.id,
            by: actor,
            clients: try session.all(ClientsQueries.changedClients),
            in: session
        )
    }
}
