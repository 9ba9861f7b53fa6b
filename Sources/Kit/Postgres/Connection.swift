import Clibpq

/// One connection as an actor on its own thread, so that libpq is never entered twice and its blocking calls block
/// nobody else.
actor Connection {
    private nonisolated let thread: ConnectionThread
    private nonisolated let gate = CancellationGate()
    private var wire: Wire?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init() throws(PostgresError) {
        thread = try ConnectionThread(name: "pg-connection")
    }

    deinit {
        thread.stop()
    }

    func open(_ configuration: DatabaseConfiguration) throws(PostgresError) {
        wire = try Wire(url: configuration.url, applicationName: configuration.applicationName, gate: gate)
    }

    func close() {
        wire = nil
    }

    /// What came of one transaction.
    struct Outcome<T: Sendable>: Sendable {
        var result: Result<T, any Error>
        /// Whether the connection may be used again.
        var isReusable: Bool
        /// Whether nothing of the caller's had run yet, so that another connection may try.
        var failedAtBegin = false
    }

    /// Opens a transaction with its scope, runs the closure and commits; rolls back when it throws.
    ///
    /// Cancelling the task cancels the statement that runs; a commit under way is never cancelled.
    nonisolated func transaction<T: Sendable>(
        opening: String,
        work: UInt64,
        catalog: QueryCatalog,
        _ body: @escaping @Sendable (Session) throws -> T
    ) async -> Outcome<T> {
        await withTaskCancellationHandler {
            await perform(opening: opening, work: work, catalog: catalog, isCancelled: Task.isCancelled, body)
        } onCancel: {
            gate.cancel(work: work)
        }
    }

    private func perform<T: Sendable>(
        opening: String,
        work: UInt64,
        catalog: QueryCatalog,
        isCancelled: Bool,
        _ body: @Sendable (Session) throws -> T
    ) -> Outcome<T> {
        guard let wire else {
            return Outcome(result: .failure(PostgresError(.connectionLost)), isReusable: false, failedAtBegin: true)
        }
        gate.beginWork(work)
        defer { gate.endWork() }
        // A cancel that came before `beginWork` named no running work; the task remembers it.
        if isCancelled || Task.isCancelled { return Outcome(result: .failure(CancellationError()), isReusable: true) }
        do {
            try Self.begin(wire, opening)
        } catch {
            rollBack(wire)
            let isReusable = !error.endsConnection && isIdle(wire)
            return Outcome(result: .failure(error), isReusable: isReusable, failedAtBegin: error.endsConnection)
        }
        let session = Session(wire: wire, catalog: catalog)
        defer { session.end() }
        do {
            let value = try body(session)
            try session.commit()
            session.runAfterCommit()
            return Outcome(result: .success(value), isReusable: isIdle(wire))
        } catch {
            rollBack(wire)
            let ends = (error as? PostgresError)?.endsConnection ?? false
            return Outcome(result: .failure(error), isReusable: !ends && isIdle(wire))
        }
    }

    private static func begin(_ wire: Wire, _ opening: String) throws(PostgresError) {
        try wire.execute(opening, name: "BEGIN")
        try wire.assertParameter("TimeZone", is: "UTC")
        try wire.assertParameter("DateStyle", is: "ISO")
    }

    private func rollBack(_ wire: Wire) {
        if wire.isBroken || wire.transactionStatus == PQTRANS_IDLE { return }
        // A failed rollback leaves a status other than idle, and the connection is thrown away.
        _ = try? wire.execute("ROLLBACK", name: "ROLLBACK")
    }

    private func isIdle(_ wire: Wire) -> Bool {
        !wire.isBroken && wire.transactionStatus == PQTRANS_IDLE
    }
}
