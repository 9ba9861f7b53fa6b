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
        /// A quoted field that no quote closes.
        case endless(file: String, line: Int)
    }

    private struct Stop: Error {
        let report: ImportReport
    }

    private let audit: AuditTrail

    package init(audit: AuditTrail) {
        self.audit = audit
    }

    /// Imports the files (paths whose names say their kinds). Wrong rows are in the report, and then nothing changed.
    /// Throws `Refusal`, `PostgresError`. The database's time-outs must suit whole files.
    package func callAsFunction(
        _ paths: [String],
        portal: PortalProfile,
        dryRun: Bool,
        by actor: Actor,
        database: Database
    ) async throws -> ImportReport {
        let files = try Self.order(paths)
        do {
            return try await database.transaction(.portal(portal.id)) { session in
                var report = try merge(files, portal, ImportReport(portal: portal.key, dryRun: dryRun), in: session)
                if dryRun { throw Stop(report: report) }
                try record(report, portal, by: actor, in: session)
                report.applied = true
                return report
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

    private func merge(
        _ files: [(kind: BookKind, path: String)],
        _ portal: PortalProfile,
        _ empty: ImportReport,
        in session: Session
    ) throws -> ImportReport {
        var report = empty
        let today = try session.one(ClientsQueries.today, ["portal": portal.id])
        for kind in BookKind.allCases { try session.run(ClientsQueries.stage(kind)) }
        try session.run(ClientsQueries.stageTouched)
        for file in files {
            report.files.append(try stage(file.kind, file.path, portal, today, &report, in: session))
        }
        for index in files.indices { try check(files[index].kind, index, portal, &report, in: session) }
        guard report.wrong.isEmpty else { throw Stop(report: report) }
        for (index, file) in files.enumerated() {
            if file.kind == .client { try session.run(ClientsQueries.adoptProvisional, ["portal": portal.id]) }
            let changed = try session.run(ClientsQueries.change(file.kind), ["portal": portal.id])
            let new = try session.run(ClientsQueries.add(file.kind), ["portal": portal.id])
            report.files[index].changed = changed
            report.files[index].new = new
            report.files[index].same = report.files[index].rows - changed - new
        }
        try session.run(ClientsQueries.forgetTermsOfTouched, ["portal": portal.id])
        try session.run(ClientsQueries.addTermsOfTouched, ["portal": portal.id])
        return report
    }

    private func stage(
        _ kind: BookKind,
        _ path: String,
        _ portal: PortalProfile,
        _ today: CivilDate,
        _ report: inout ImportReport,
        in session: Session
    ) throws -> ImportReport.File {
        var staged = StagedFile(kind: kind, path: path, country: portal.country, today: today)
        do {
            try staged.stage(in: session)
        } catch let problem as CSVRecords.Problem {
            switch problem {
            case .cannotOpen(let reason), .cannotRead(let reason):
                throw Refusal.cannotRead(file: kind.fileName, reason: reason)
            case .endless(let line): throw Refusal.endless(file: kind.fileName, line: line)
            }
        }
        report.wrong += staged.wrong
        var file = ImportReport.File(file: kind.fileName)
        file.rows = staged.rows
        file.wrong = staged.wrongRows
        return file
    }

    private func check(
        _ kind: BookKind,
        _ index: Int,
        _ portal: PortalProfile,
        _ report: inout ImportReport,
        in session: Session
    ) throws {
        // Files with wrong fields already are still checked for the rest, so that one call tells everything.
        let wrong = try session.all(ClientsQueries.check(kind), ["portal": portal.id])
        report.wrong += wrong.map {
            .init(file: kind.fileName, line: $0.line, column: $0.column, reason: $0.reason)
        }
        report.wrong.sort { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
        report.files[index].wrong += Set(wrong.map(\.line)).count
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
