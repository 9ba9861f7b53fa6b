/// Where a database is and how patient we are with it.
package struct DatabaseConfiguration: Sendable {
    /// A libpq URL or keyword string; several hosts allowed, then the one that takes writes is chosen.
    package var url: String
    /// How many connections the pool may hold.
    package var connections: Int
    /// How long a caller waits for a connection.
    package var acquireTimeout: Duration
    package var statementTimeout: Duration
    package var lockTimeout: Duration
    /// How long a transaction may sit between two statements.
    package var idleTimeout: Duration
    /// Shown in `pg_stat_activity`.
    package var applicationName: String

    package init(
        url: String,
        connections: Int = 8,
        acquireTimeout: Duration = .seconds(2),
        statementTimeout: Duration = .seconds(15),
        lockTimeout: Duration = .seconds(5),
        idleTimeout: Duration = .seconds(15),
        applicationName: String = "portaldesk"
    ) {
        self.url = url
        self.connections = connections
        self.acquireTimeout = acquireTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleTimeout = idleTimeout
        self.applicationName = applicationName
    }
}

extension Duration {
    /// Whole milliseconds, at least 1 for anything above zero.
    var milliseconds: Int64 {
        let parts = components
        let value = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
        return self > .zero ? max(1, value) : 0
    }
}
