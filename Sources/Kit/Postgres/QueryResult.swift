import Clibpq

/// One result of libpq: the names, types and texts of its cells.
///
/// Freed with the last reference.
final class QueryResult {
    let pointer: OpaquePointer
    private var indexes: [String: Int] = [:]
    private var keyIndexes: [String: Int] = [:]

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        for column in 0..<columnCount { indexes[columnName(column)] = column }
    }

    deinit {
        PQclear(pointer)
    }

    var status: ExecStatusType { PQresultStatus(pointer) }
    var rowCount: Int { Int(PQntuples(pointer)) }
    var columnCount: Int { Int(PQnfields(pointer)) }

    /// The number of rows a command touched.
    var affected: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    func columnName(_ column: Int) -> String {
        PQfname(pointer, CInt(column)).map { String(cString: $0) } ?? ""
    }

    func columnType(_ column: Int) -> UInt32 { PQftype(pointer, CInt(column)) }
    func sourceTable(_ column: Int) -> UInt32 { PQftable(pointer, CInt(column)) }
    func sourceColumn(_ column: Int) -> Int { Int(PQftablecol(pointer, CInt(column))) }

    /// The column a camelCase key names, remembered for the next row.
    func column(forKey key: String) -> Int? {
        if let known = keyIndexes[key] { return known }
        let found = indexes[ColumnName.snakeCase(key)]
        if let found { keyIndexes[key] = found }
        return found
    }

    func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(pointer, CInt(row), CInt(column)) == 1
    }

    /// The bytes of a cell; valid while the result lives.
    func bytes(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
        let length = Int(PQgetlength(pointer, CInt(row), CInt(column)))
        guard length > 0, let value = PQgetvalue(pointer, CInt(row), CInt(column)) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let raw = UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: raw, count: length)
    }

    func text(_ row: Int, _ column: Int) -> String {
        String(decoding: bytes(row, column), as: UTF8.self)
    }

    /// The error of a failed result without anything that could quote a value.
    func error(query: String?, keepsMessage: Bool) -> PostgresError {
        let state = field("C")
        return PostgresError(
            state.map(PostgresError.Code.init(sqlState:)) ?? .connectionLost,
            sqlState: state,
            constraint: field("n"),
            table: field("t"),
            column: field("c"),
            query: query,
            reason: keepsMessage ? field("M") : nil
        )
    }

    /// The character of the statement at which the server stumbled, from 1.
    var errorPosition: Int? { field("P").flatMap { Int($0) } }

    /// The field by its letter, `PG_DIAG_…` (character macros do not come through to Swift): C SQLSTATE, M message, P
    /// position, n constraint, t table, c column.
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(pointer, CInt(letter.value)).map { String(cString: $0) }
    }
}

/// The bridge between Swift property names and columns.
enum ColumnName {
    /// "clientID" and "clientId" are "client_id", "sentAt" is "sent_at", "portalIDs" is "portal_ids".
    static func snakeCase(_ key: String) -> String {
        let scalars = Array((key.hasSuffix("IDs") ? key.dropLast(3) + "Ids" : key[...]).unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            guard isUpper(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let follows = index > 0 && !isUpper(scalars[index - 1]) && scalars[index - 1] != "_"
            let starts =
                index > 0 && index + 1 < scalars.count && isUpper(scalars[index - 1])
                && isLower(scalars[index + 1])
            if follows || starts { result += "_" }
            result += String(scalar).lowercased()
        }
        return result
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }
    private static func isLower(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }
}
