package import Audit
package import DeskKit
package import DeskWeb
package import Logging
package import Portals
package import Postgres
package import Secrets

/// What every room is handed at start.
package struct Desk: Sendable {
    package let database: Database
    package let site: DeskSite
    package let keys: KeyRing
    package let audit: AuditTrail
    package let portals: PortalDirectory
    package let logger: Logger

    package init(
        database: Database,
        site: DeskSite,
        keys: KeyRing,
        audit: AuditTrail,
        portals: PortalDirectory,
        logger: Logger
    ) {
        self.database = database
        self.site = site
        self.keys = keys
        self.audit = audit
        self.portals = portals
        self.logger = logger
    }

    package var clock: WallClock { site.clock }
}
