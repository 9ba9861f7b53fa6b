/// A named statement of `sql/queries` and the row it answers: `Query<ClientRow>("clients.find_client")` is the
/// statement `-- name: find_client` of `clients.sql`.
///
/// A row is a `Decodable` struct whose camelCase properties are the snake_case columns ("portalID" is "portal_id"), or
/// a single value for a statement with one column.
package struct Query<Row: Decodable & Sendable>: Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }
}

/// A named statement that answers no rows: a write, a temporary table, a COPY.
package struct Statement: Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }
}

/// What the catalogue test asks of each listed statement.
package protocol QueryDescribing: Sendable {
    var name: String { get }
    /// The columns the Swift side reads, nil when it reads none.
    func expectedRow() throws -> ExpectedRow?
}

extension Query: QueryDescribing {
    package func expectedRow() throws -> ExpectedRow? {
        try ProbeDecoder.expectedRow(of: Row.self)
    }
}

extension Statement: QueryDescribing {
    package func expectedRow() throws -> ExpectedRow? { nil }
}
