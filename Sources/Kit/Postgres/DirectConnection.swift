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

    /// Runs one or several statements and answers the last one's rows, nil for NULL. Its errors keep the server's own
    /// words, so what runs here must not hold personal data.
    @discardableResult
    package func execute(_ sql: String) throws -> [[String?]] {
        guard let wire else { throw PostgresError(.connectionLost) }
        let result = try wire.execute(sql, keepsMessage: true)
        return (0..<result.rowCount).map { row in
            (0..<result.columnCount).map { result.isNull(row, $0) ? nil : result.text(row, $0) }
        }
    }

    package func close() {
        wire = nil
    }
}
