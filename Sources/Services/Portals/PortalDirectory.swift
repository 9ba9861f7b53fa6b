package import DeskKit
package import Postgres
import Synchronization

/// All portals, read from the database once and again whenever one changed: each use asks for the versions alone.
package final class PortalDirectory: Sendable {
    private struct Cache {
        var fingerprint = ""
        var portals: [PortalProfile] = []
    }

    private let cache = Mutex(Cache())

    package init() {}

    /// Every portal, by id. One small statement when nothing changed, two otherwise. Throws `PostgresError`, or
    /// `ProfileError` when stored rules cannot be read.
    package func all(in session: Session) throws -> [PortalProfile] {
        let current = try session.one(PortalsQueries.fingerprint)
        if let portals = cache.withLock({ $0.fingerprint == current ? $0.portals : nil }) { return portals }
        let portals = try session.all(PortalsQueries.listPortals).map { try $0.decoded() }
        cache.withLock { $0 = Cache(fingerprint: current, portals: portals) }
        return portals
    }

    /// The portal with this key, "ebok-millennium"; nil when there is none.
    package func find(_ key: String, in session: Session) throws -> PortalProfile? {
        try all(in: session).first { $0.key == key }
    }

    package func find(_ id: PortalID, in session: Session) throws -> PortalProfile? {
        try all(in: session).first { $0.id == id }
    }

    /// Every portal, in a transaction of its own.
    package func all(_ database: Database) async throws -> [PortalProfile] {
        try await database.read(.installation) { try self.all(in: $0) }
    }

    package func find(_ key: String, _ database: Database) async throws -> PortalProfile? {
        try await all(database).first { $0.key == key }
    }
}
