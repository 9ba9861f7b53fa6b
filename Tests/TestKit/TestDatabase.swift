import Logging
package import Postgres

/// A database of its own for a test or a suite: a clone of the migrated template with the three real logins.
package final class TestDatabase: Sendable {
    package struct URLs: Sendable {
        package var console: String
        package var worker: String
        package var owner: String
        /// The cluster's superuser, whom no policy binds.
        package var superuser: String
    }

    package let name: String
    package let urls: URLs
    /// As role portaldesk_console.
    package let database: Database
    /// As role portaldesk_worker.
    package let workerDatabase: Database
    /// As role portaldesk_owner.
    package let ownerDatabase: Database
    private let superuser: DirectConnection

    /// Clones the template, in about 0.2 s.
    ///
    /// The statements are those of `sql/queries` unless a catalogue is given. The database is dropped some time after
    /// the value and its pools have gone.
    package static func make(catalog: QueryCatalog? = nil, connections: Int = 8) async throws -> TestDatabase {
        await Cluster.shared.enter()
        do {
            return try await TestDatabase(
                name: try await Cluster.shared.cloneTemplate(),
                catalog: try catalog ?? Self.catalog(),
                connections: connections
            )
        } catch {
            await Cluster.shared.leave()
            throw error
        }
    }

    /// The statements of `sql/queries`.
    package static func catalog() throws -> QueryCatalog {
        try QueryCatalog(directory: Repository.path("sql/queries"))
    }

    private init(name: String, catalog: QueryCatalog, connections: Int) async throws {
        self.name = name
        let cluster = Cluster.shared
        urls = URLs(
            console: try await cluster.url(role: "portaldesk_console", database: name),
            worker: try await cluster.url(role: "portaldesk_worker", database: name),
            owner: try await cluster.url(role: "portaldesk_owner", database: name),
            superuser: try await cluster.url(role: "postgres", database: name)
        )
        let logger = Logger(label: "testkit") { _ in SwiftLogNoOpLogHandler() }
        func database(_ url: String) -> Database {
            // A busy machine is no failure: the tests are patient where the console is not.
            Database(
                configuration: DatabaseConfiguration(
                    url: url,
                    connections: connections,
                    acquireTimeout: .seconds(30),
                    statementTimeout: .seconds(60),
                    lockTimeout: .seconds(30),
                    idleTimeout: .seconds(60)
                ),
                catalog: catalog,
                logger: logger
            )
        }
        self.database = database(urls.console)
        workerDatabase = database(urls.worker)
        ownerDatabase = database(urls.owner)
        superuser = try await DirectConnection.open(url: urls.superuser)
    }

    deinit {
        let name = name
        Task {
            try? await Cluster.shared.retire(name)
            await Cluster.shared.leave()
        }
    }

    /// Runs SQL as the superuser, past all policies, for fixtures and for looking at what came of a command; answers
    /// the last statement's rows as text.
    @discardableResult
    package func sql(_ text: String) async throws -> [[String?]] {
        try await superuser.execute(text)
    }

    /// The single value of a statement as text.
    package func value(_ text: String) async throws -> String? {
        try await superuser.execute(text).first?.first ?? nil
    }
}
