import DeskKit
import JobRunner
package import Postgres

/// The statements of `sql/queries/operations*.sql`.
package enum OperationsQueries {
    static let schedules = Query<ScheduleLine>("operations.schedules")
    static let latestRuns = Query<RunMarkRow>("operations.latest_runs")
    static let findRun = Query<RunLine>("operations.find_run")
    static let runs = Query<RunLine>("operations.runs")
    static let quarantinedJobs = Query<QuarantinedLine>("operations.quarantined_jobs")
    static let queues = Query<QueueLine>("operations.queues")
    static let failures = Query<FailureLine>("operations.failures")
    static let instants = Query<InstantLine>("operations.instants")
    static let watch = Statement("operations_watch.watch")
    static let untold = Query<UntoldAlarm>("operations_watch.untold")
    static let markTold = Statement("operations_watch.mark_told")
    static let owners = Query<AlarmReader>("operations_watch.owners")
    static let alarms = Query<AlarmLine>("operations_watch.alarms")
    static let metrics = Query<Metric>("operations_watch.metrics")
    static let fence = Query<FenceLine>("operations_sending.fence")
    static let fenceLines = Query<JournalRow>("operations_sending.fence_lines")
    static let journalTroubles = Query<TroubleLine>("operations_sending.journal_troubles")
    static let portalIDs = Query<PortalID>("operations.portal_ids")
    static let today = Query<CivilDate>("operations.today")
    static let members = Query<String>("operations.members")
    static let clientOfNumber = Query<ClientID>("operations.client_of_number")

    package static let all: [any QueryDescribing] = [
        schedules, latestRuns, findRun, runs, quarantinedJobs, queues, failures,
        instants, portalIDs, today, watch, untold, markTold, owners, alarms, metrics, members, clientOfNumber,
        fence, fenceLines, journalTroubles,
    ]
}

struct ScheduleLine: Decodable, Sendable {
    let portalID: PortalID
    let portalKey: String
    let portalName: String
    let id: ScheduleID
    let name: String
    let handler: String
    let cron: String
    let fileCron: String
    let timeZone: String
    let missed: MissedRuns
    let latestMinutes: Int
    let owner: String
    let runbook: String
    let pausedReason: String?
    let changedInConsole: Bool
    let nextLocal: CivilDateTime?
    let version: Int
    let missingHour: MissingHour
    let repeatedHour: RepeatedHour
    let paused: CivilDateTime?
    let today: CivilDate
    let overdue: Bool
}

struct RunMarkRow: Decodable, Sendable {
    let portalID: PortalID
    let schedule: String
    let id: RunID
    let state: Runs.State
    let reason: String?
    let localAt: CivilDateTime
}

struct RunLine: Decodable, Sendable {
    let portalID: PortalID
    let id: RunID
    let schedule: String
    let trigger: Runs.Trigger
    let state: Runs.State
    let reason: String?
    let forDate: CivilDate
    let localAt: CivilDateTime
    let progress: Int
    let progressTotal: Int?
    let counts: String
    let handler: String
    let askedBy: String?
    let started: CivilDateTime?
    let seconds: Int?
    let today: CivilDate

    /// Something goes on by itself: what waits with a reason waits for a person.
    var isWorking: Bool { !state.isOver && !(state == .waiting && reason != nil) }
}

struct QuarantinedLine: Decodable, Sendable {
    let portalID: PortalID
    let portalKey: String
    let portalName: String
    let id: JobID
    let kind: String
    let attempt: Int
    let errorCode: String?
    let runID: RunID?
    let lastAt: CivilDateTime
}

struct QueueLine: Decodable, Sendable {
    let portalID: PortalID
    let portalKey: String
    let portalName: String
    let queue: String
    let reason: String?
    let paused: CivilDateTime?
    let today: CivilDate
    let ready: Int
    let working: Int
    let waits: Int?
}

struct FailureLine: Decodable, Sendable {
    let portalID: PortalID
    let portalKey: String
    let portalName: String
    let kind: String
    let code: String
    let number: Int
}

struct InstantLine: Decodable, Sendable {
    /// On the zone's own clock.
    let comes: CivilDateTime
    let missing: Bool
    let twice: Bool
}
