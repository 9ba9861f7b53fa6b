import DeskKit

/// What went wrong between us and PostgreSQL, cut so that no row data can leak through a log line: the server's
/// message, its DETAIL and the parameters are never kept, because they quote values.
package struct PostgresError: Error, Sendable, Hashable {
    /// The kinds of failure a caller may tell apart.
    package enum Code: String, Sendable, Hashable {
        case configuration
        case connectionFailed
        case connectionLost
        case poolTimeout
        case poolClosed
        case statementTimeout
        case lockTimeout
        case uniqueViolation
        case foreignKeyViolation
        case checkViolation
        case notNullViolation
        case exclusionViolation
        case serializationFailure
        case deadlock
        case permissionDenied
        case readOnly
        case server
        case unknownStatement
        case parameters
        case notOneRow
        case decoding
        case sessionOver
        case copy
        case migration
    }

    package var code: Code
    /// The five characters of the server's SQLSTATE.
    package var sqlState: String?
    /// The violated constraint, a name from the schema.
    package var constraint: String?
    /// The table and column of the failure, names from the schema.
    package var table: String?
    package var column: String?
    /// The named statement, "module.name".
    package var query: String?
    /// Words that are safe to log: ours, or the server's where no value was in play (connecting, describing).
    package var reason: String?

    package init(
        _ code: Code,
        sqlState: String? = nil,
        constraint: String? = nil,
        table: String? = nil,
        column: String? = nil,
        query: String? = nil,
        reason: String? = nil
    ) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.table = table
        self.column = column
        self.query = query
        self.reason = reason
    }

    /// Whether the failure is the violation of this constraint or unique index.
    package func violates(_ constraint: String) -> Bool {
        self.constraint == constraint
    }

    /// Whether the connection cannot be used again after this.
    var endsConnection: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .readOnly: true
        default: false
        }
    }

    func naming(_ query: String?) -> PostgresError {
        var copy = self
        copy.query = copy.query ?? query
        return copy
    }
}

extension PostgresError: LoggableError {
    package var description: String {
        var parts = ["PostgresError.\(code.rawValue)"]
        if let sqlState { parts.append("sqlstate=\(sqlState)") }
        if let query { parts.append("query=\(query)") }
        if let constraint { parts.append("constraint=\(constraint)") }
        if let table { parts.append("table=\(table)") }
        if let column { parts.append("column=\(column)") }
        if let reason { parts.append("(\(reason))") }
        return parts.joined(separator: " ")
    }
}

extension PostgresError.Code {
    /// The code of a SQLSTATE (PostgreSQL manual, appendix A).
    init(sqlState: String) {
        switch sqlState {
        case "23505": self = .uniqueViolation
        case "23503": self = .foreignKeyViolation
        case "23514": self = .checkViolation
        case "23502": self = .notNullViolation
        case "23P01": self = .exclusionViolation
        case "40001": self = .serializationFailure
        case "40P01": self = .deadlock
        case "42501": self = .permissionDenied
        case "25006": self = .readOnly
        case "57014": self = .statementTimeout
        case "55P03": self = .lockTimeout
        case "57P01", "57P02", "57P03", "57P05", "25P03": self = .connectionLost
        default: self = sqlState.hasPrefix("08") ? .connectionLost : .server
        }
    }
}
