import DeskKit
import Portals
import Postgres

/// One import inside its transaction: files are staged one by one, checked together, and merged in their order.
struct MergeOfBook {
    var report: ImportReport
    private let portal: PortalProfile
    private let today: CivilDate
    private let session: Session
    private var kinds: [BookKind] = []
    private var isReadable = true
    /// Whether the transaction can only be rolled back.
    private(set) var isBroken = false

    /// Makes the staging tables, of every kind: the checks of one look into the others.
    init(portal: PortalProfile, dryRun: Bool, session: Session) throws {
        self.portal = portal
        self.session = session
        report = ImportReport(portal: portal.key, dryRun: dryRun)
        today = try session.one(ClientsQueries.today, ["portal": portal.id])
        _ = try session.one(ClientsQueries.planForWholeFiles)
        for kind in BookKind.allCases { try session.run(ClientsQueries.stage(kind)) }
        try session.run(ClientsQueries.stageTouched)
        try session.run(ClientsQueries.stageWrong)
    }

    /// Throws `ImportBook.Refusal` for a file that cannot be read, `PostgresError`.
    mutating func stage(_ kind: BookKind, _ path: String, progress: (String, Int) -> Void) throws {
        var staged = StagedFile(kind: kind, path: path, country: portal.country, today: today)
        do {
            try staged.stage(in: session) { progress(kind.fileName, $0) }
        } catch let problem as CSVRecords.Problem {
            switch problem {
            case .cannotOpen(let reason), .cannotRead(let reason):
                throw ImportBook.Refusal.cannotRead(file: kind.fileName, reason: reason)
            case .endless(let line):
                // The COPY failed and with it the transaction: what was found until here is all there is to tell.
                isBroken = true
                report.wrong += staged.wrong + [.init(file: kind.fileName, line: line, column: "", reason: "endless")]
            }
        }
        if !isBroken { report.wrong += staged.wrong }
        var file = ImportReport.File(file: kind.fileName)
        file.rows = staged.rows
        file.wrong = staged.wrongRows + (isBroken ? 1 : 0)
        report.files.append(file)
        kinds.append(kind)
        if !staged.isReadable { isReadable = false }
    }

    /// Checks all files for what single fields cannot tell, those with refused fields too, so that one call tells
    /// everything. Nothing is checked beside a file without a readable header: its rows would seem to be missing.
    mutating func check() throws {
        guard isReadable else { return }
        _ = try session.one(ClientsQueries.dropRestricted, ["portal": portal.id])
        for (index, kind) in kinds.enumerated() {
            let found = try session.all(ClientsQueries.check(kind), ["portal": portal.id])
            report.files[index].wrong += found.first?.total ?? 0
            report.wrong += found.map {
                .init(file: kind.fileName, line: $0.line, column: $0.column, reason: $0.reason)
            }
        }
        let order = Dictionary(uniqueKeysWithValues: kinds.enumerated().map { ($1.fileName, $0) })
        report.wrong.sort {
            (order[$0.file] ?? 0, $0.line, $0.column) < (order[$1.file] ?? 0, $1.line, $1.column)
        }
    }

    /// Merges everything and writes the search terms of whoever it touched. The caller has seen that nothing is wrong.
    mutating func apply() throws {
        for (index, kind) in kinds.enumerated() {
            let (changed, new) = try merge(kind)
            count(index, new: new, changed: changed)
        }
        try session.run(ClientsQueries.forgetTermsOfTouched, ["portal": portal.id])
        try session.run(ClientsQueries.addTermsOfTouched, ["portal": portal.id])
    }

    /// The report with what the rows that are not wrong would do. Merges them, so the transaction must not commit.
    mutating func counted() throws -> ImportReport {
        guard isReadable else { return report }
        for (index, kind) in kinds.enumerated() {
            try session.run(ClientsQueries.dropWrong(kind))
            let new = try session.one(ClientsQueries.countNew(kind), ["portal": portal.id])
            count(index, new: new, changed: try merge(kind).changed)
        }
        return report
    }

    private func merge(_ kind: BookKind) throws -> (changed: Int, new: Int) {
        if kind == .client { try session.run(ClientsQueries.adoptProvisional, ["portal": portal.id]) }
        let changed = try session.run(ClientsQueries.change(kind), ["portal": portal.id])
        return (changed, try session.run(ClientsQueries.add(kind), ["portal": portal.id]))
    }

    private mutating func count(_ index: Int, new: Int, changed: Int) {
        report.files[index].new = new
        report.files[index].changed = changed
        report.files[index].same = report.files[index].rows - report.files[index].wrong - new - changed
    }
}
