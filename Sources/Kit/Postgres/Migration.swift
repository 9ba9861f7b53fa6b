import FoundationEssentials

/// One file of `sql/migrations`: `0007_add_closure_reason.sql` with its header.
package struct Migration: Sendable, Hashable {
    package let number: Int
    /// "0007_add_closure_reason".
    package let name: String
    package let sql: String
    /// Whether the running release breaks on the new schema, so that it must be stopped first.
    package let isBreaking: Bool
    /// False for what PostgreSQL refuses inside a transaction, such as CREATE INDEX CONCURRENTLY.
    package let isTransactional: Bool
    /// 64-bit FNV-1a of the file, in hex: it tells a changed file, it keeps out no forger.
    package let checksum: String

    /// Throws `.migration` with the file and what is wrong with its name or header.
    package init(file: String, text: String) throws(PostgresError) {
        name = String(file.dropLast(file.hasSuffix(".sql") ? 4 : 0))
        let digits = name.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(digits),
            name.dropFirst(4).first == "_", name.count > 5
        else { throw PostgresError(.migration, reason: "\(file) is not named NNNN_what_it_does.sql") }
        self.number = number
        sql = text
        let header = try Self.header(text, file)
        guard let breaking = header["breaking"] else {
            throw PostgresError(.migration, reason: "\(file) does not begin with -- breaking: yes or -- breaking: no")
        }
        isBreaking = breaking == "yes"
        isTransactional = header["transaction"] != "none"
        checksum = Self.fingerprint(text)
    }

    /// All migrations of the directory in order.
    ///
    /// Throws `.migration` for a gap, a duplicate or a malformed file.
    package static func load(directory: String) throws(PostgresError) -> [Migration] {
        var found: [Migration] = []
        for file in try SQLFiles.names(in: directory) {
            found.append(try Migration(file: file, text: try SQLFiles.text(directory + "/" + file)))
        }
        return try ordered(found)
    }

    static func ordered(_ migrations: [Migration]) throws(PostgresError) -> [Migration] {
        let sorted = migrations.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        for (index, migration) in sorted.enumerated() where migration.number != index + 1 {
            let reason =
                index > 0 && migration.number == sorted[index - 1].number
                ? "\(sorted[index - 1].name) and \(migration.name) have the same number"
                : "\(migration.name) stands where number \(index + 1) should: a gap"
            throw PostgresError(.migration, reason: reason)
        }
        return sorted
    }

    private static func header(_ text: String, _ file: String) throws(PostgresError) -> [String: String] {
        let allowed = ["breaking": ["yes", "no"], "transaction": ["none"]]
        var header: [String: String] = [:]
        for line in text.split(separator: "\n").prefix(while: { $0.hasPrefix("--") }) {
            let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1).map { words($0) }
            guard parts.count == 2, let values = allowed[parts[0]] else { continue }
            guard values.contains(parts[1]) else {
                throw PostgresError(.migration, reason: "\(file): \(parts[0]) is \(values.joined(separator: " or "))")
            }
            header[parts[0]] = parts[1]
        }
        return header
    }

    private static func words(_ text: Substring) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
