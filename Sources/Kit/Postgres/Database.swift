package import Logging
import ServiceLifecycle
import Synchronization

/// A database as one role sees it: a pool of connections and the named statements.
///
/// Every access is a transaction whose closure is synchronous, so that none stays open across anything but its own SQL.
package final class Database: Service, Sendable {
    package let configuration: DatabaseConfiguration
    package let catalog: QueryCatalog
    private let pool: ConnectionPool
    private let logger: Logger
    private let work = Atomic<UInt64>(0)

    /// Opens nothing yet; the first transaction connects.
    package init(configuration: DatabaseConfiguration, catalog: QueryCatalog, logger: Logger) {
        self.configuration = configuration
        self.catalog = catalog
        self.logger = logger
        pool = ConnectionPool(configuration: configuration)
    }

    package var metrics: PoolMetrics { pool.metrics }

    /// Runs the closure in one READ COMMITTED transaction with this scope and commits; rolls back when it throws.
    ///
    /// Throws what the closure throws, `PostgresError`, or `CancellationError` when the task was cancelled. After a
    /// restart of the server an idle connection is replaced silently as long as nothing of the closure has run.
    package func transaction<T: Sendable>(
        _ scope: Scope,
        _ body: @escaping @Sendable (Session) throws -> T
    ) async throws -> T {
        try await perform(Opening.text(scope, configuration, isReadOnly: false), body)
    }

    /// The same in a READ ONLY transaction.
    package func read<T: Sendable>(
        _ scope: Scope,
        _ body: @escaping @Sendable (Session) throws -> T
    ) async throws -> T {
        try await perform(Opening.text(scope, configuration, isReadOnly: true), body)
    }

    /// Serves until graceful shutdown or cancellation, then closes the pool.
    package func run() async throws {
        try? await gracefulShutdown()
        await close()
    }

    /// Refuses further transactions and closes idle connections.
    package func close() async {
        await pool.close()
    }

    private func perform<T: Sendable>(
        _ opening: String,
        _ body: @escaping @Sendable (Session) throws -> T
    ) async throws -> T {
        let deadline = ContinuousClock.now + configuration.acquireTimeout
        while true {
            let lease = try await lease(until: deadline)
            let outcome = await lease.connection.transaction(
                opening: opening,
                work: work.add(1, ordering: .relaxed).newValue,
                catalog: catalog,
                body
            )
            pool.release(lease, isReusable: outcome.isReusable)
            if outcome.failedAtBegin, !lease.isFresh || ContinuousClock.now < deadline, !Task.isCancelled {
                logger.debug("a broken connection was replaced")
                continue
            }
            return try outcome.result.get()
        }
    }

    /// Tries again until the deadline while the server refuses connections, as it does during a restart.
    private func lease(until deadline: ContinuousClock.Instant) async throws -> ConnectionPool.Lease {
        while true {
            do {
                return try await pool.acquire(until: deadline)
            } catch let error as PostgresError where error.code == .connectionFailed {
                let pause = ContinuousClock.now + .milliseconds(50)
                if pause > deadline { throw error }
                try await ContinuousClock().sleep(until: pause)
            }
        }
    }
}

/// The first message of a transaction: everything it needs, in one round trip, all of it local to the transaction so
/// that a pooler may hand the connection on.
enum Opening {
    static func text(_ scope: Scope, _ configuration: DatabaseConfiguration, isReadOnly: Bool) -> String {
        let settings = [
            ("TimeZone", "'UTC'"), ("DateStyle", "'ISO, YMD'"),
            ("statement_timeout", "'\(configuration.statementTimeout.milliseconds)'"),
            ("lock_timeout", "'\(configuration.lockTimeout.milliseconds)'"),
            ("idle_in_transaction_session_timeout", "'\(configuration.idleTimeout.milliseconds)'"),
            ("portaldesk.portals", scope.portalsExpression), ("portaldesk.staff", scope.staffExpression),
        ]
        // Names and values are ours or integers; nothing here needs quoting.
        let calls = settings.map { "set_config('\($0.0)', \($0.1), true)" }.joined(separator: ", ")
        return "BEGIN ISOLATION LEVEL READ COMMITTED \(isReadOnly ? "READ ONLY" : "READ WRITE"); SELECT \(calls)"
    }
}
