package import FoundationEssentials

/// Where "now" comes from. Civil dates are PostgreSQL's; this is for instants alone: expiry, idle time, log lines.
package struct WallClock: Sendable {
    package let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    package static let system = WallClock { Date() }

    /// A clock that stands still, for tests.
    package static func fixed(_ instant: Date) -> WallClock {
        WallClock { instant }
    }
}
