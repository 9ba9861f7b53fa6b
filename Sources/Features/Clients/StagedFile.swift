import DeskKit
import Postgres

/// Streams one file into its staging table: fields are put into the table's order, numbers and contacts are normalised,
/// and each record carries its line.
struct StagedFile {
    let kind: BookKind
    let path: String
    private let normalizer: FieldNormalizer
    private(set) var rows = 0
    private(set) var wrong: [ImportReport.Wrong] = []
    private(set) var wrongRows = 0

    /// `country` is the portal's: national numbers and phones without a prefix are read by its rules.
    init(kind: BookKind, path: String, country: String, today: CivilDate) {
        self.kind = kind
        self.path = path
        normalizer = FieldNormalizer(kind: kind, country: country, today: today)
    }

    /// Throws `CSVRecords.Problem`, `PostgresError`. Wrong records are left out and listed.
    mutating func stage(in session: Session) throws {
        var records = try CSVRecords(path: path)
        guard let header = try records.next(), let places = places(of: header) else { return }
        let width = header.fields.count
        var isAtEnd = false
        try session.copyIn(ClientsQueries.copy(kind)) {
            guard !isAtEnd else { return nil }
            var chunk: [UInt8] = []
            chunk.reserveCapacity(80_000)
            while chunk.count < 65_536 {
                guard let record = try records.next() else {
                    isAtEnd = true
                    break
                }
                rows += 1
                append(record, width: width, places, to: &chunk)
            }
            return chunk.isEmpty ? nil : chunk
        }
        try session.run(ClientsQueries.analyze(kind))
    }

    /// For each column of the table its place in the file, nil where the file has none.
    private mutating func places(of header: CSVRecords.Record) -> [Int?]? {
        var names: [String] = []
        for field in header.fields {
            guard let name = CSVField.text(field) else {
                note(1, "", "not_utf8")
                return nil
            }
            names.append(String(name.lowercased().filter { !$0.isWhitespace }))
        }
        for name in names where !kind.columns.contains(name) { note(1, name, "unknown_column") }
        for name in Set(names) where names.count(where: { $0 == name }) > 1 { note(1, name, "column_twice") }
        for name in kind.required.sorted() where !names.contains(name) { note(1, name, "missing_column") }
        return wrong.isEmpty ? kind.columns.map { names.firstIndex(of: $0) } : nil
    }

    private mutating func append(
        _ record: CSVRecords.Record,
        width: Int,
        _ places: [Int?],
        to chunk: inout [UInt8]
    ) {
        guard record.fields.count == width else {
            wrongRows += 1
            return note(record.line, "", "number_of_fields")
        }
        let start = chunk.count
        chunk.append(contentsOf: String(record.line).utf8)
        var isWrong = false
        for (index, place) in places.enumerated() {
            chunk.append(UInt8(ascii: ","))
            guard let place else { continue }
            let field = record.fields[place]
            if field.isEmpty { continue }
            let column = kind.columns[index]
            if isPlain(field), !normalizer.changes(column) {
                chunk.append(contentsOf: field)
                continue
            }
            guard let text = CSVField.text(field) else {
                isWrong = true
                note(record.line, column, isUTF8(field) ? "quotes" : "not_utf8")
                continue
            }
            switch normalizer.normalize(text, column, record, places) {
            case .success(let value): CSVField.append(value, to: &chunk)
            case .failure(let refusal):
                isWrong = true
                note(record.line, column, refusal.code)
            }
        }
        chunk.append(UInt8(ascii: "\n"))
        guard isWrong else { return }
        wrongRows += 1
        chunk.removeSubrange(start...)
    }

    /// Printable ASCII without quotes, commas or backslashes travels as it stands.
    private func isPlain(_ field: ArraySlice<UInt8>) -> Bool {
        field.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != 0x5C }
    }

    private func isUTF8(_ field: ArraySlice<UInt8>) -> Bool {
        String(validating: field, as: UTF8.self) != nil
    }

    private mutating func note(_ line: Int, _ column: String, _ reason: String) {
        guard wrong.count < 10_000 else { return }
        wrong.append(.init(file: kind.fileName, line: line, column: column, reason: reason))
    }
}
