import Access
import Audit
import Clients
import DeskKit
import DeskWeb
import Foundation
import Portals
import Postgres

/// `portaldesk import` on an installation: takes files of the book of business into a portal.
package enum ImportTask {
    /// Why nothing was even tried.
    package enum Failure: Error, Hashable, Sendable {
        /// The call itself makes no sense, in words.
        case usage(String)
        case cannotRead(String)
    }

    /// What an import did, as values and in words.
    package struct Answer: Sendable {
        let report: ImportReport
        /// A table of the files, then a line per wrong field.
        package let lines: [String]

        /// Whether a row is wrong, and so nothing changed.
        package var isRefused: Bool { !report.wrong.isEmpty }

        /// The report as JSON.
        package func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(report), as: UTF8.self)
        }
    }

    /// `portal` is its key; `progress` hears each file and how many of its rows were read. Throws `Failure`,
    /// `DeskConfiguration.Problem`, `PostgresError`.
    package static func run(
        _ configuration: DeskConfiguration,
        files: [String],
        portal: String,
        dryRun: Bool,
        progress: @escaping @Sendable (_ file: String, _ rows: Int) -> Void
    ) async throws -> Answer {
        let installation = try Installation(configuration, as: .worker, statementTimeout: .seconds(7200))
        let desk = installation.desk
        do {
            guard let profile = try await desk.portals.find(portal, desk.database) else {
                throw Failure.usage("There is no portal \(portal).")
            }
            let report = try await ImportBook(audit: desk.audit)(
                files,
                portal: profile,
                dryRun: dryRun,
                by: .commandLine,
                database: desk.database,
                progress: progress
            )
            await desk.database.close()
            return Answer(report: report, lines: ImportLines(desk.site.catalog).lines(of: report))
        } catch let refusal as ImportBook.Refusal {
            await desk.database.close()
            throw failure(refusal)
        } catch {
            await desk.database.close()
            throw error
        }
    }

    private static func failure(_ refusal: ImportBook.Refusal) -> Failure {
        switch refusal {
        case .unknownFile(let name):
            let known = BookKind.allCases.map(\.fileName).joined(separator: ", ")
            return .usage("\(name) is none of \(known).")
        case .fileTwice(let name): return .usage("\(name) is given twice.")
        case .noFile: return .usage("Name at least one file.")
        case .cannotRead(let file, let reason): return .cannotRead("\(file) cannot be read: \(reason).")
        }
    }
}

/// An import's report as lines of English text.
struct ImportLines {
    private let catalog: Catalog

    init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    func lines(of report: ImportReport) -> [String] {
        let head = ["", "rows", "new", "changed", "same", "wrong"]
        let rows = report.files.map { file in
            [file.file] + [file.rows, file.new, file.changed, file.same, file.wrong].map(String.init)
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let table = ([head] + rows).map { row in
            row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + blanks : blanks + row[column]
            }.joined(separator: "  ")
        }
        return table + report.wrong.map(line) + [outcome(report)]
    }

    private func line(_ wrong: ImportReport.Wrong) -> String {
        let key = "clients.import.reason.\(wrong.reason)"
        let reason = catalog.has(key) ? catalog.text(key, [:], .english) : wrong.reason
        return "\(wrong.file):\(wrong.line) \(wrong.column.isEmpty ? "" : wrong.column + ": ")\(reason)"
    }

    private func outcome(_ report: ImportReport) -> String {
        let key =
            report.applied
            ? "clients.import.applied" : report.wrong.isEmpty ? "clients.import.tried" : "clients.import.refused"
        return catalog.text(key, ["portal": .text(report.portal)], .english)
    }
}
