import Clibpq

/// One connection outside of any pool, on its own thread, for administration and tests: it runs SQL as text.
package actor DirectConnection {
    private nonisolated let thread: ConnectionThread
    private var wire: Wire?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private init() throws(PostgresError) {
        thread = try ConnectionThread(name: "pg-direct")
    }

    deinit {
        thread.stop()
    }

    /// Throws `.configuration` or `.connectionFailed`.
    package static func open(url: String, applicationName: String = "portaldesk") async throws -> DirectConnection {
        let connection = try DirectConnection()
        try await connection.connect(url, applicationName)
        return connection
    }

    private func connect(_ url: String, _ applicationName: String) throws(PostgresError) {
        wire = try Wire(url: url, applicationName: applicationName)
    }

    /// Runs one or several statements and answers the last one's rows, nil for NULL.
    ///
    /// Its errors keep the server's own words, so what runs here must not hold personal data.
    @discardableResult
    package func execute(_ sql: String) throws -> [[String?]] {
        guard let wire else { throw PostgresError(.connectionLost) }
        let result = try wire.execute(sql, keepsMessage: true)
        return (0..<result.rowCount).map { row in
            (0..<result.columnCount).map { result.isNull(row, $0) ? nil : result.text(row, $0) }
        }
    }

    /// Prepares a statement and tells what the server knows of it.
    ///
    /// Throws with the server's words, which speak of the statement only, since no value is given.
    package func describe(_ sql: String) throws -> StatementDescription {
        guard let wire else { throw PostgresError(.connectionLost) }
        _ = try wire.checked(PQprepare(wire.pointer, "", sql, 0, nil), name: nil, keepsMessage: true)
        let result = try wire.checked(PQdescribePrepared(wire.pointer, ""), name: nil, keepsMessage: true)
        return StatementDescription(
            parameters: (0..<PQnparams(result.pointer)).map { PQparamtype(result.pointer, $0) },
            columns: (0..<result.columnCount).map { column in
                StatementDescription.Column(
                    name: result.columnName(column),
                    type: result.columnType(column),
                    sourceTable: result.sourceTable(column),
                    sourceColumn: result.sourceColumn(column)
                )
            }
        )
    }

    package func close() {
        wire = nil
    }
}

/// What the server says of a prepared statement; types and tables by their object ids.
package struct StatementDescription: Sendable, Hashable {
    package struct Column: Sendable, Hashable {
        package var name: String
        package var type: UInt32
        /// The table and the number of the column that is read unchanged, 0 for anything computed.
        package var sourceTable: UInt32
        package var sourceColumn: Int
    }

    package var parameters: [UInt32]
    package var columns: [Column]
}
