import DeskKit
import JobRunner
package import Postgres

/// The statements of `sql/queries/operations.sql`.
package enum OperationsQueries {
    static let schedules = Query<ScheduleLine>("operations.schedules")
    static let overdue = Query<Int>("operations.overdue")
    static let latestRuns = Query<RunMarkRow>("operations.latest_runs")
    static let findRun = Query<RunLine>("operations.find_run")
    static let runs = Query<RunLine>("operations.runs")
    static let quarantinedJobs = Query<QuarantinedLine>("operations.quarantined_jobs")
    static let members = Query<String>("operations.members")
    static let clientOfNumber = Query<ClientID>("operations.client_of_number")

    package static let all: [any QueryDescribing] = [
        schedules, overdue, latestRuns, findRun, runs, quarantinedJobs, members, clientOfNumber,
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
