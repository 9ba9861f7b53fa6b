import Postgres

/// What becomes of an occurrence whose wall time the clocks leave out in spring: the moment of the change, or nothing.
package enum MissingHour: String, Codable, CaseIterable, Sendable, PostgresValue {
    case shift, skip
}

/// Which pass of an hour that the clocks show twice in autumn counts; there is never more than one run.
package enum RepeatedHour: String, Codable, CaseIterable, Sendable, PostgresValue {
    case first, last
}

/// What becomes of occurrences for which no worker was there in time.
package enum MissedRuns: String, Codable, CaseIterable, Sendable {
    case skip, one, all

    /// An occurrence up to this late, in seconds, was not missed: a worker that restarts takes that long.
    static let punctual: Double = 120

    /// Whether an occurrence runs, or the code of the reason why it does not.
    enum Decision: Hashable, Sendable {
        case run
        case skip(String)
    }

    /// Decides on occurrences in their order, the lateness of each in seconds. `isEnd` says that the last one here is
    /// the last one that is due at all. None that is later than `latest` minutes runs, and of several wall times that
    /// fall on one instant, as those of the missing hour do, only the last.
    /// `leftOut` are the places of wall times that no clock shows and that the file leaves out.
    func decide(
        lateness: [Double],
        leftOut: Set<Int> = [],
        isEnd: Bool,
        latest: Int,
        paused: Bool
    ) -> [Decision] {
        lateness.indices.map { index in
            let isLast = index == lateness.count - 1
            if paused { return .skip("paused") }
            if leftOut.contains(index) { return .skip("missing_hour") }
            if !isLast, lateness[index] == lateness[index + 1] { return .skip("clock_change") }
            return decide(lateness[index], isNewest: isEnd && isLast, latest: latest)
        }
    }

    private func decide(_ late: Double, isNewest: Bool, latest: Int) -> Decision {
        if late <= Self.punctual { return .run }
        switch self {
        case .skip: return .skip("missed")
        case .one where !isNewest: return .skip("superseded")
        case .one, .all: return late <= Double(latest) * 60 ? .run : .skip("too_late")
        }
    }
}
