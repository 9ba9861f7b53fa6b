import DeskKit
import Logging
package import Postgres

/// Makes occurrences of schedules without a leader: whoever locks a due schedule inserts its run, keyed by the wall
/// time, together with the run's job and the next time, in one transaction and by the database's clock.
package struct ScheduleClock: Sendable {
    /// How many wall times of one schedule are looked at in one transaction.
    static let chunk = 500

    private let queue: JobQueue

    package init(queue: JobQueue) {
        self.queue = queue
    }

    /// Gives schedules without a next time theirs: the first one that still lies ahead. Throws `PostgresError`.
    package func wind(in session: Session) throws {
        for row in try session.all(JobsQueries.unwoundSchedules) {
            guard let cron = try? CronExpression(row.cron), let first = cron.next(after: row.localNow) else { continue }
            var candidates = [first]
            var lateness = try lateness(candidates, row.timeZone, row.repeatedHour, in: session).map(\.lateness)
            // In the repeated hour a wall time may be ahead on the clock and already past.
            if lateness.allSatisfy({ $0 >= 0 }) {
                candidates = Self.candidates(cron, from: first, localNow: row.localNow)
                lateness = try self.lateness(candidates, row.timeZone, row.repeatedHour, in: session).map(\.lateness)
            }
            let next = zip(candidates, lateness).first { $0.1 < 0 }?.0 ?? candidates.last
            try wind(row.name, row.portalID, at: next, in: session)
        }
    }

    /// Makes the due occurrences of at most twenty schedules of these handlers; answers how many schedules were due.
    /// Throws `PostgresError`.
    package func tick(handlers: [String], in session: Session) throws -> Int {
        let due = try session.all(JobsQueries.dueSchedules, ["handlers": handlers])
        for row in due { try fire(row, in: session) }
        return due.count
    }

    private func fire(_ row: DueRow, in session: Session) throws {
        guard let cron = try? CronExpression(row.cron) else { return }
        let candidates = Self.candidates(cron, from: row.nextLocal, localNow: row.localNow)
        let looks = try lateness(candidates, row.timeZone, row.repeatedHour, in: session)
        let lateness = looks.map(\.lateness)
        // The last candidate is never made here: it is the next time, due or not.
        let due = max(1, lateness.dropLast().prefix { $0 >= 0 }.count)
        let isEnd = due < lateness.count && lateness[due] < 0
        let decisions = row.missed.decide(
            lateness: Array(lateness.prefix(due)),
            leftOut: row.missingHour == .skip ? Set(looks.indices.filter { looks[$0].missing }) : [],
            isEnd: isEnd,
            latest: row.latestMinutes,
            paused: row.paused
        )
        for (time, decision) in zip(candidates, decisions) {
            try add(time, decision, of: row, in: session)
        }
        try wind(row.name, row.portalID, at: candidates.indices.contains(due) ? candidates[due] : nil, in: session)
    }

    private func add(
        _ time: CivilDateTime,
        _ decision: MissedRuns.Decision,
        of row: DueRow,
        in session: Session
    ) throws {
        var reason: String?
        if case .skip(let code) = decision { reason = code }
        let run = try session.first(
            JobsQueries.addOccurrence,
            ["portal": row.portalID, "schedule": row.name, "local_at": time, "reason": reason]
        )
        guard let run, reason == nil else { return }
        try Runs().order(run, row.kind, portal: row.portalID, queue: queue, in: session)
    }

    private func wind(_ name: String, _ portal: PortalID, at next: CivilDateTime?, in session: Session) throws {
        guard let next else { return }
        try session.run(JobsQueries.windSchedule, ["portal": portal, "name": name, "next_local": next])
    }

    private func lateness(
        _ times: [CivilDateTime],
        _ zone: String,
        _ repeated: RepeatedHour,
        in session: Session
    ) throws -> [LatenessRow] {
        try session.all(JobsQueries.lateness, ["locals": times, "zone": zone, "repeated_hour": repeated])
    }

    /// Wall times from one on: those up to three hours ahead of the clock, which covers every change of clocks, and one
    /// beyond.
    static func candidates(
        _ cron: CronExpression,
        from first: CivilDateTime,
        localNow: CivilDateTime
    ) -> [CivilDateTime] {
        let ahead = localNow.adding(hours: 3)
        var times = [first] + cron.times(after: first, through: max(first, ahead), limit: chunk)
        if let beyond = cron.next(after: times.last ?? first) { times.append(beyond) }
        return times
    }
}

extension CivilDateTime {
    /// So many whole hours later on a clock that is never changed.
    func adding(hours: Int) -> CivilDateTime {
        let total = hour + hours
        let later = date.adding(days: total / 24)
        return later.flatMap { CivilDateTime(date: $0, hour: total % 24, minute: minute, second: second) } ?? self
    }
}
