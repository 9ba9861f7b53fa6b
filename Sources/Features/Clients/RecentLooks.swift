import DeskKit
import Synchronization

/// Looks at clients that this process wrote down a moment ago, so that the trail is not asked again for each page of
/// one visit.
final class RecentLooks: Sendable {
    struct Look: Hashable, Sendable {
        let staff: StaffID
        let portal: PortalID
        let client: ClientID
    }

    /// As long as one visit is one line of the trail.
    private static let visit = Duration.seconds(600)
    private static let most = 10_000

    private let written = Mutex<[Look: ContinuousClock.Instant]>([:])

    func has(_ look: Look) -> Bool {
        let now = ContinuousClock.now
        return written.withLock { $0[look].map { $0.duration(to: now) < Self.visit } ?? false }
    }

    func note(_ look: Look) {
        let now = ContinuousClock.now
        written.withLock { written in
            if written.count >= Self.most { written = written.filter { $0.value.duration(to: now) < Self.visit } }
            if written.count >= Self.most { written.removeAll() }
            written[look] = now
        }
    }
}
