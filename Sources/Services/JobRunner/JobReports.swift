package import DeskKit

/// A schedule as `jobs list` prints it.
package struct ScheduleReport: Codable, Sendable {
    let portalID: PortalID
    package let portal: String
    package let name: String
    package let cron: String
    package let zone: String
    /// The next run on the portal's clock.
    package let next: CivilDateTime?
    package let pausedReason: String?
    package let changed: Bool
    let handler: String
    package let today: CivilDate
}

/// What a dry run looks at.
struct DryRunPlan: Sendable {
    let portalID: PortalID
    let portal: String
    let name: String
    let handler: String
    let today: CivilDate
}

/// A portal with its day, by a job file's clock.
struct PortalDay: Decodable, Sendable {
    let portalID: PortalID
    let portal: String
    let today: CivilDate
}

/// A run as `jobs history` and `jobs run` print it.
package struct RunReport: Sendable {
    package let portal: String
    package let id: RunID
    package let name: String
    package let trigger: Runs.Trigger
    package let state: Runs.State
    package let reason: String?
    package let date: CivilDate
    package let at: CivilDateTime
    package let progress: Int
    package let total: Int?
    package let counts: [String: Int]
}

extension RunReport: Codable {
    init(_ row: HistoryRow) {
        self.init(
            portal: row.portal,
            id: row.id,
            name: row.name,
            trigger: row.trigger,
            state: row.state,
            reason: row.reason,
            date: row.date,
            at: row.at,
            progress: row.progress,
            total: row.total,
            counts: RunCounts.read(row.counts)
        )
    }
}

struct HistoryRow: Decodable, Sendable {
    let portal: String
    let id: RunID
    let name: String
    let trigger: Runs.Trigger
    let state: Runs.State
    let reason: String?
    let date: CivilDate
    let at: CivilDateTime
    let progress: Int
    let total: Int?
    let counts: String
}

/// What a run would do at one portal, as `jobs run --dry-run` prints it.
package struct DryRunReport: Codable, Sendable {
    package let portal: String
    package let name: String
    package let date: CivilDate
    package let counts: [String: Int]
    package let recipients: [RunRecipient]
}
