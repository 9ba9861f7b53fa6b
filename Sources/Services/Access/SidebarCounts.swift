import DeskKit
import DeskWeb
package import Postgres
import Synchronization

/// What waits behind an entry of the sidebar.
package struct Waiting: Sendable, Hashable {
    package var count: Int
    /// Of these, or beside them, what should have been done by now.
    package var late: Int

    package init(count: Int = 0, late: Int = 0) {
        self.count = count
        self.late = late
    }
}

/// A room that counts what waits for a reader, for the sidebar.
package protocol CountsWaiting: Sendable {
    /// By the address of the entry; only of portals at which the reader may act on it. The session's scope is the
    /// reader's portals.
    func waiting(for staff: StaffContext, in session: Session) throws -> [String: Waiting]
}

/// The numbers beside the entries, counted at most every few seconds for each reader, and anew after anything was
/// posted.
final class SidebarCounts: Sendable {
    static let seconds = Duration.seconds(10)

    private struct Entry {
        let staff: StaffContext
        let until: ContinuousClock.Instant
        let counts: [String: Waiting]
    }

    private let rooms: [any CountsWaiting]
    private let database: Database
    private let cache = Mutex<[StaffID: Entry]>([:])

    init(_ rooms: [any CountsWaiting], _ database: Database) {
        self.rooms = rooms
        self.database = database
    }

    /// Throws `PostgresError`.
    func counts(for staff: StaffContext) async throws -> [String: Waiting] {
        guard !rooms.isEmpty else { return [:] }
        let now = ContinuousClock.now
        let known = cache.withLock { $0[staff.id] }
        if let known, known.staff == staff, known.until > now { return known.counts }
        let rooms = rooms
        let counts = try await database.read(.portals(staff.portals, staff: staff.id)) { session in
            try rooms.reduce(into: [String: Waiting]()) { sum, room in
                try sum.merge(room.waiting(for: staff, in: session)) { $1 }
            }
        }
        cache.withLock { $0[staff.id] = Entry(staff: staff, until: now + Self.seconds, counts: counts) }
        return counts
    }

    /// What anybody did may change anybody's numbers.
    func forget() {
        cache.withLock { $0 = [:] }
    }
}

extension NavigationEntry {
    func with(_ waiting: Waiting?) -> NavigationEntry {
        guard let waiting else { return self }
        return NavigationEntry(
            key: key,
            href: href,
            badge: waiting.count > 0 ? CappedCount(waiting.count) : nil,
            lateBadge: waiting.late > 0 ? CappedCount(waiting.late) : nil
        )
    }
}
