import DeskKit
import FoundationEssentials
import Portals
import Postgres

/// Compares one portal's lines of all files with the ledger, from where the last comparison ended. A line is written
/// after its attempt was committed, so that a line without an attempt means: this database is older than the journal.
/// That raises the fence, as do files that are gone and a database that was away for longer than files are kept.
struct CompareJournal: Sendable {
    let journal: SendJournal
    /// So many days before files are removed for their age nobody misses them any more.
    private static let margin = 2

    /// Done when it returns, whoever of this process did it. Throws `JournalProblem`, `PostgresError`.
    func run(_ portal: PortalID, _ database: Database) async throws {
        try await journal.once(portal) { try await compare(portal, database) }
    }

    private func compare(_ portal: PortalID, _ database: Database) async throws {
        let place: Parameters = ["portal": portal]
        let (server, marks) = try await database.read(.portal(portal)) { session in
            (
                try session.one(JournalQueries.server),
                try session.all(JournalQueries.marks, place.merging(["days": SendJournal.days - Self.margin]) { $1 })
            )
        }
        let files = try await journal.reader.files()
        let sizes = Dictionary(files.map { ($0.name, $0.size) }) { $1 }
        let lost = marks.filter { !$0.file.isEmpty && sizes[$0.file, default: -1] < $0.bytes }
        if let cause = cause(marks, lost: lost) {
            try await database.transaction(.portal(portal)) { session in
                try session.run(JournalQueries.raiseFence, place.merging(["cause": cause]) { $1 })
                try session.run(JournalQueries.forgetFiles, place.merging(["files": lost.map(\.file)]) { $1 })
            }
        }
        let known = Dictionary(marks.map { ($0.file, $0.bytes) }) { $1 }
        let gone = Set(lost.map(\.file))
        for file in files {
            var offset = gone.contains(file.name) ? 0 : known[file.name] ?? 0
            while let stretch = try await journal.reader.stretch(of: file.name, from: offset, portal: portal) {
                try await database.transaction(.portal(portal)) { session in
                    try take(stretch, of: file, portal, in: session)
                }
                offset = stretch.next
            }
        }
        try await link(portal, database)
        try await database.transaction(.portal(portal)) { session -> Void in
            let whole: Parameters = ["file": "", "bytes": 0, "changed": nil]
            try session.run(JournalQueries.markFile, place.merging(whole) { $1 })
        }
        journal.noteCompared(portal, server: server)
    }

    /// What makes the comparison itself doubtful. Files that were removed for their age are not missed.
    private func cause(_ marks: [JournalMark], lost: [JournalMark]) -> String? {
        if let whole = marks.first(where: { $0.file.isEmpty }), !whole.fresh { return "too_old" }
        return lost.contains(where: \.fresh) ? "files_missing" : nil
    }

    private func take(
        _ stretch: JournalReader.Stretch,
        of file: JournalReader.Listed,
        _ portal: PortalID,
        in session: Session
    ) throws {
        let place: Parameters = ["portal": portal]
        let entries = stretch.lines.compactMap { line in
            if case .handOver(let entry) = line { entry } else { nil }
        }
        let places = try session.all(
            JournalQueries.unknownLines,
            place.merging(["hashes": entries.map(\.hash), "attempts": entries.map(\.attempt)]) { $1 }
        )
        let unknown = places.map { entries[$0 - 1] }
        if !unknown.isEmpty {
            try session.run(JournalQueries.raiseFence, place.merging(["cause": "lines"]) { $1 })
            try session.run(
                JournalQueries.addLines,
                place.merging([
                    "hashes": unknown.map(\.hash), "attempts": unknown.map(\.attempt),
                    "channels": unknown.map(\.channel.rawValue), "kinds": unknown.map(\.kind),
                    "times": unknown.map(\.at), "words": unknown.map { $0.words ?? [] },
                ]) { $1 }
            )
        }
        try answer(stretch.lines, portal, in: session)
        let mark: Parameters = ["file": file.name, "bytes": stretch.next, "changed": file.changed]
        try session.run(JournalQueries.markFile, place.merging(mark) { $1 })
    }

    /// What gateways said of lines that were listed, in this stretch or in one before.
    private func answer(_ lines: [JournalLine], _ portal: PortalID, in session: Session) throws {
        var hashes: [[UInt8]] = []
        var attempts: [Int] = []
        var words: [String] = []
        for case .answer(_, let hash, let attempt, let word) in lines {
            hashes.append(hash)
            attempts.append(attempt)
            words.append(word)
        }
        guard !hashes.isEmpty else { return }
        try session.run(
            JournalQueries.answerLines,
            ["portal": portal, "hashes": hashes, "attempts": attempts, "answers": words]
        )
    }

    /// Finds the messages of listed lines that are here and planned still, for the page.
    private func link(_ portal: PortalID, _ database: Database) async throws {
        let place: Parameters = ["portal": portal]
        guard try await database.read(.portal(portal), { try $0.one(JournalQueries.hasUnlinkedLines, place) }) else {
            return
        }
        var after = MessageID(0)
        while true {
            let from = after
            let last = try await database.transaction(.portal(portal)) { session -> MessageID? in
                let rows = try session.all(JournalQueries.plannedReferences, place.merging(["after": from]) { $1 })
                let pairs = rows.flatMap { row in
                    journal.hashes.references(row.reference, portal: portal).map { (hash: $0, id: row.id) }
                }
                try session.run(
                    JournalQueries.linkLines,
                    place.merging(["hashes": pairs.map(\.hash), "ids": pairs.map(\.id)]) { $1 }
                )
                return rows.last?.id
            }
            guard let last else { return }
            after = last
        }
    }
}
