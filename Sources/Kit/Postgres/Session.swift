/// The open transaction, inside the synchronous closure that owns it.
///
/// Not `Sendable`, so it can neither leave the closure nor be used by another task.
package final class Session {
    let wire: Wire
    let catalog: QueryCatalog
    private var isOver = false
    private var firstFailure: PostgresError?
    private var whenCommitted: [(key: String, effect: @Sendable () -> Void)] = []
    /// How many statements ran, for the budget of a page.
    package private(set) var statementCount = 0

    init(wire: Wire, catalog: QueryCatalog) {
        self.wire = wire
        self.catalog = catalog
    }

    /// All rows of a `:many` statement.
    ///
    /// Throws `PostgresError`, or `CancellationError` when the task was cancelled.
    package func all<Row>(_ query: Query<Row>, _ parameters: Parameters = [:]) throws -> [Row] {
        let result = try rows(query.name, parameters, [.many])
        return try (0..<result.rowCount).map { try RowDecoder.decode(Row.self, result, $0, query: query.name) }
    }

    /// The first row of a `:first` or `:one` statement, nil when there is none.
    package func first<Row>(_ query: Query<Row>, _ parameters: Parameters = [:]) throws -> Row? {
        let result = try rows(query.name, parameters, [.first, .one])
        return result.rowCount == 0 ? nil : try RowDecoder.decode(Row.self, result, 0, query: query.name)
    }

    /// The row of a `:one` statement.
    ///
    /// Throws `.notOneRow` when it answers none or several.
    package func one<Row>(_ query: Query<Row>, _ parameters: Parameters = [:]) throws -> Row {
        let result = try rows(query.name, parameters, [.one])
        guard result.rowCount == 1 else { throw PostgresError(.notOneRow, query: query.name) }
        return try RowDecoder.decode(Row.self, result, 0, query: query.name)
    }

    /// Runs an `:exec` statement and answers the number of rows it touched.
    @discardableResult
    package func run(_ statement: Statement, _ parameters: Parameters = [:]) throws -> Int {
        try rows(statement.name, parameters, [.exec]).affected
    }

    func rows(_ name: String, _ parameters: Parameters, _ cardinality: Set<Cardinality>) throws -> QueryResult {
        let entry = try catalog.entry(name, cardinality)
        let values = try entry.arguments(parameters)
        return try cancellable {
            try wire.execute(entry.sql, values, name: name)
        }
    }

    /// One statement as the gate sees it: counted, refused after the end, cancelled with the task.
    func cancellable<T>(_ body: () throws -> T) throws -> T {
        if isOver { throw PostgresError(.sessionOver) }
        statementCount += 1
        do {
            return try wire.gate.statement(body)
        } catch let error as PostgresError where error.sqlState == "57014" && wire.gate.isCancelled {
            throw CancellationError()
        } catch let error as PostgresError {
            firstFailure = firstFailure ?? error
            throw error
        }
    }

    /// Throws when the server answers COMMIT with a rollback because a failed statement was swallowed.
    func commit() throws(PostgresError) {
        let result = try wire.execute("COMMIT", name: "COMMIT")
        guard result.commandTag == "COMMIT" else {
            throw firstFailure
                ?? PostgresError(.server, reason: "a statement failed and the transaction was rolled back")
        }
    }

    /// Runs a short, non-blocking effect once the transaction has committed, and never when it does not.
    ///
    /// Of several with one key the first stands.
    package func afterCommit(_ key: String, _ effect: @escaping @Sendable () -> Void) {
        guard !whenCommitted.contains(where: { $0.key == key }) else { return }
        whenCommitted.append((key, effect))
    }

    func runAfterCommit() {
        for entry in whenCommitted { entry.effect() }
        whenCommitted = []
    }

    /// Runs the closure behind a savepoint: when it throws, what it did is undone and the transaction goes on.
    @discardableResult
    package func savepoint<T>(_ body: () throws -> T) throws -> T {
        let effects = whenCommitted.count
        _ = try cancellable { try wire.execute("SAVEPOINT inner_part", name: "SAVEPOINT") }
        do {
            let value = try body()
            try wire.execute("RELEASE SAVEPOINT inner_part", name: "RELEASE")
            return value
        } catch {
            if !wire.isBroken {
                try wire.execute("ROLLBACK TO SAVEPOINT inner_part; RELEASE SAVEPOINT inner_part", name: "ROLLBACK TO")
                firstFailure = nil
            }
            whenCommitted.removeLast(whenCommitted.count - effects)
            throw error
        }
    }

    func end() {
        isOver = true
    }
}

@available(*, unavailable)
extension Session: Sendable {}
