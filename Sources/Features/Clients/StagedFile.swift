import DeskKit
import Postgres

/// Streams one file into its staging table: fields are put into the table's order and held to their rules, numbers and
/// contacts are normalised, and each record carries its line. A record with a refused field is staged without that
/// field and with its line negated, so that other rows may still refer to it and nothing is told twice.
struct StagedFile {
    /// So many wrong fields of a file are listed; all wrong rows are counted.
    static let mostListed = 10_000

    let kind: BookKind
    let path: String
    private let fields: [BookField]
    private let normalizer: FieldNormalizer
    /// For each field its place in the file, nil where the file has none.
    private var places: [Int?] = []
    private(set) var rows = 0
    private(set) var wrong: [ImportReport.Wrong] = []
    private(set) var wrongRows = 0
    /// Whether the header says which column is which; without it no row was read.
    private(set) var isReadable = false

    /// `country` is the portal's: national numbers and phones without a prefix are read by its rules.
    init(kind: BookKind, path: String, country: String, today: CivilDate) {
        self.kind = kind
        self.path = path
        fields = kind.fields
        normalizer = FieldNormalizer(country: country, today: today)
    }

    /// `progress` hears the number of rows read so far. Throws `CSVRecords.Problem`, `PostgresError`.
    mutating func stage(in session: Session, progress: (Int) -> Void) throws {
        var records = try CSVRecords(path: path)
        guard try readHeader(&records) else {
            wrongRows = 1
            return
        }
        isReadable = true
        let width = records.count
        var isAtEnd = false
        try session.copyIn(ClientsQueries.copy(kind)) {
            var chunk: [UInt8] = []
            chunk.reserveCapacity(80_000)
            while !isAtEnd, chunk.count < 65_536 {
                guard try records.advance() else {
                    isAtEnd = true
                    break
                }
                rows += 1
                append(records, width: width, to: &chunk)
            }
            progress(rows)
            return chunk.isEmpty ? nil : chunk
        }
        try session.run(ClientsQueries.analyze(kind))
    }

    private mutating func readHeader(_ records: inout CSVRecords) throws -> Bool {
        guard try records.advance() else {
            note(1, "", "no_header")
            return false
        }
        var names: [String] = []
        for index in 0..<records.count {
            guard let name = try? CSVField.text(records[index]) else {
                note(1, "#\(index + 1)", "not_utf8")
                return false
            }
            names.append(Self.columnName(name, index))
        }
        let known = Set(kind.columns)
        for name in names where !known.contains(name) { note(1, name, "unknown_column") }
        for name in Set(names).sorted() where names.count(where: { $0 == name }) > 1 { note(1, name, "column_twice") }
        for field in fields where field.isNeeded && !names.contains(field.name) {
            note(1, field.name, "missing_column")
        }
        places = fields.map { field in names.firstIndex(of: field.name) }
        return wrong.isEmpty
    }

    /// A file without a header begins with somebody's data: what is no name of a column is shown by its number.
    private static func columnName(_ text: String, _ index: Int) -> String {
        let name = text.trimmingBlanks.lowercased()
        let isName = name.utf8.allSatisfy { ("a"..."z").contains(Unicode.Scalar($0)) || $0 == UInt8(ascii: "_") }
        return isName && !name.isEmpty && name.utf8.count <= 30 ? name : "#\(index + 1)"
    }

    private mutating func append(_ records: borrowing CSVRecords, width: Int, to chunk: inout [UInt8]) {
        guard records.count == width else {
            wrongRows += 1
            return note(records.line, "", "number_of_fields")
        }
        var isWrong = false
        for (index, field) in fields.enumerated() {
            if let place = places[index] {
                do {
                    try append(records, place, field, to: &chunk)
                } catch {
                    isWrong = true
                    note(records.line, field.name, error.code)
                }
            }
            chunk.append(UInt8(ascii: ","))
        }
        if isWrong {
            wrongRows += 1
            chunk.append(UInt8(ascii: "-"))
        }
        chunk.append(contentsOf: String(records.line).utf8)
        chunk.append(UInt8(ascii: "\n"))
    }

    /// Appends the field's value, nothing when it has none.
    private func append(
        _ records: borrowing CSVRecords,
        _ place: Int,
        _ field: BookField,
        to chunk: inout [UInt8]
    ) throws(FieldNormalizer.Refusal) {
        let bytes = records[place]
        if bytes.isEmpty, !field.isNeeded { return }
        if isPlain(bytes), case let rule = field.rule, !rule.isIdentifier {
            if let code = rule.refusal(bytes) { throw FieldNormalizer.Refusal(code: code) }
            return chunk.append(contentsOf: bytes)
        }
        let text = try self.text(bytes)
        guard !text.isEmpty else {
            if field.isNeeded { throw FieldNormalizer.Refusal(code: "missing") }
            return
        }
        guard field.rule.isIdentifier else {
            if let code = field.rule.refusal(Array(text.utf8)[...]) { throw FieldNormalizer.Refusal(code: code) }
            return CSVField.append(text, to: &chunk)
        }
        CSVField.append(try normalized(text, field, records), to: &chunk)
    }

    private func normalized(
        _ text: String,
        _ field: BookField,
        _ records: borrowing CSVRecords
    ) throws(FieldNormalizer.Refusal) -> String {
        let type = other("kind", records)
        if kind == .contact { return try normalizer.contact(text, kind: type).get() }
        let country = other("country", records)
        return try normalizer.number(text, field.name, place: country, isCompany: type == "company").get()
    }

    /// The field's text without blanks at its ends. Control characters other than tabs and line ends are refused.
    private func text(_ bytes: ArraySlice<UInt8>) throws(FieldNormalizer.Refusal) -> String {
        let text: String
        do {
            text = try CSVField.text(bytes)
        } catch {
            throw FieldNormalizer.Refusal(code: error.rawValue)
        }
        let isForbidden = text.utf8.contains { ($0 < 0x20 && !(9...10).contains($0) && $0 != 13) || $0 == 0x7F }
        if isForbidden { throw FieldNormalizer.Refusal(code: "forbidden_character") }
        return text.trimmingBlanks
    }

    private func other(_ column: String, _ records: borrowing CSVRecords) -> String? {
        guard let index = fields.firstIndex(where: { $0.name == column }), let place = places[index] else { return nil }
        return (try? CSVField.text(records[place]))?.trimmingBlanks
    }

    /// Printable ASCII without quotes, commas or backslashes, and without blanks at its ends, travels as it stands.
    private func isPlain(_ field: ArraySlice<UInt8>) -> Bool {
        guard let first = field.first, let last = field.last, first != 0x20, last != 0x20 else { return false }
        return field.allSatisfy {
            $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != 0x5C
        }
    }

    private mutating func note(_ line: Int, _ column: String, _ reason: String) {
        guard wrong.count < Self.mostListed else { return }
        wrong.append(.init(file: kind.fileName, line: line, column: column, reason: reason))
    }
}

extension FieldRule {
    fileprivate var isIdentifier: Bool {
        if case .identifier = self { return true }
        return false
    }
}
