package import Access
import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
package import JobRunner
package import Logging
import Portals
import Postgres
import Secrets

/// What every process of an installation opens: statements, keys, texts and one role's database.
package struct Installation: Sendable {
    package enum Role: Sendable { case console, worker }

    /// No transaction waits for a person or a network: one that does nothing for so long belongs to a process that is
    /// frozen, and its locks stand in everybody's way.
    static let idleTimeout = Duration.seconds(15)

    package let configuration: DeskConfiguration
    package let logger: Logger
    package let desk: Desk
    package let queue: JobQueue
    package let wakeUps: WakeUps

    /// Opens nothing at the database yet. Throws `DeskConfiguration.Problem`, `KeyFileProblem`, `CatalogError`,
    /// `TemplateError`, `PostgresError`.
    package init(
        _ configuration: DeskConfiguration,
        as role: Role,
        statementTimeout: Duration = .seconds(15),
        isStrict: Bool = false
    ) throws {
        let logger = Logger(label: "portaldesk")
        let url =
            switch role {
            case .console: try configuration.require(configuration.consoleURL, "DATABASE_URL")
            case .worker: try configuration.require(configuration.workerURL, "WORKER_DATABASE_URL")
            }
        let database = Database(
            configuration: DatabaseConfiguration(
                url: url.reveal(),
                connections: configuration.connections,
                statementTimeout: statementTimeout,
                lockTimeout: role == .worker ? .seconds(30) : .seconds(5),
                idleTimeout: Self.idleTimeout,
                applicationName: "portaldesk \(role)"
            ),
            catalog: try QueryCatalog(directory: configuration.root + "/sql/queries"),
            logger: logger
        )
        let keys = try KeyRing.load(from: configuration.require(configuration.keysFile, "PORTALDESK_KEYS"))
        let pageKey = keys.lookup(LookupPurpose("pages"))
        let site = try DeskSite(
            root: configuration.root + "/admin-web",
            secure: configuration.isSecure,
            isStrict: isStrict
        ) { message in
            pageKey.hash(Base64URL.encode(message))
        }
        self.configuration = configuration
        self.logger = logger
        desk = Desk(
            database: database,
            site: site,
            keys: keys,
            audit: AuditTrail(keyRing: keys),
            portals: PortalDirectory(),
            logger: logger
        )
        wakeUps = WakeUps(database: database, logger: logger)
        queue = JobQueue(wakeUps: wakeUps)
    }
}
