import DeskKit
package import Postgres

/// The statements of `sql/queries/jobs.sql`, `jobs_reports.sql` and `jobs_retention.sql`.
package enum JobsQueries {
    static let enqueue = Query<JobID>("jobs.enqueue")
    static let enqueueMany = Statement("jobs.enqueue_many")
    static let wake = Statement("jobs.wake")
    static let claim = Query<ClaimedRow>("jobs.claim")
    static let beginRuns = Statement("jobs.begin_runs")
    static let renew = Query<LeaseRow>("jobs.renew")
    static let holdLease = Query<JobID>("jobs.hold_lease")
    static let complete = Query<CompletedRow>("jobs.complete")
    static let rescue = Query<RescuedRow>("jobs.rescue")
    static let promote = Query<String>("jobs.promote")
    static let redriveJob = Query<SettledJobRow>("jobs.redrive_job")
    static let discardJob = Query<SettledJobRow>("jobs.discard_job")
    static let lockRuns = Query<RunID>("jobs.lock_runs")
    static let settleRuns = Statement("jobs.settle_runs")
    static let addRun = Query<RunRow>("jobs.add_run")
    static let runState = Query<RunStateRow>("jobs.run_state")
    static let setProgress = Statement("jobs.set_progress")
    static let advance = Statement("jobs.advance")
    static let addCounts = Statement("jobs.add_counts")
    static let lockSync = Statement("jobs.lock_sync")
    static let knownZones = Query<String>("jobs.known_zones")
    static let portals = Query<PortalRow>("jobs.portals")
    static let syncSchedule = Statement("jobs.sync_schedule")
    static let retireSchedules = Statement("jobs.retire_schedules")
    static let unwoundSchedules = Query<UnwoundRow>("jobs.unwound_schedules")
    static let lateness = Query<Double>("jobs.lateness")
    static let windSchedule = Statement("jobs.wind_schedule")
    static let dueSchedules = Query<DueRow>("jobs.due_schedules")
    static let addOccurrence = Query<RunRow>("jobs.add_occurrence")
    static let findSchedule = Query<ScheduleRow>("jobs.find_schedule")
    static let secondsToNext = Query<Double?>("jobs.seconds_to_next")
    static let listSchedules = Query<ScheduleReport>("jobs_reports.list_schedules")
    static let history = Query<HistoryRow>("jobs_reports.history")
    static let pruneRuns = Statement("jobs_retention.prune_runs")
    static let pruneHistory = Statement("jobs_retention.prune_history")
    static let writeSchedule = Statement("jobs.write_schedule")

    package static let all: [any QueryDescribing] = [
        enqueue, enqueueMany, wake, claim, beginRuns, renew, holdLease, complete, rescue, promote, redriveJob,
        discardJob, lockRuns, settleRuns, addRun, runState, setProgress, advance, addCounts, lockSync, knownZones,
        portals, syncSchedule, retireSchedules, unwoundSchedules, lateness, windSchedule, dueSchedules, addOccurrence,
        findSchedule, writeSchedule, secondsToNext, listSchedules, history, pruneRuns,
        pruneHistory,
    ]
}

struct ClaimedRow: Decodable, Sendable {
    let portalID: PortalID
    let id: JobID
    let kind: String
    let attempt: Int
    let maxAttempts: Int
    let runID: RunID?
    let payload: String
}

struct LeaseRow: Decodable, Sendable {
    let portalID: PortalID
    let id: JobID
    let attempt: Int
}

struct CompletedRow: Decodable, Sendable {
    let portalID: PortalID
    let id: JobID
    let attempt: Int
    let outcome: String
    let runID: RunID?
}

struct RescuedRow: Decodable, Sendable {
    let portalID: PortalID
    let queue: String
    let runID: RunID?
    let quarantined: Bool
}

struct SettledJobRow: Decodable, Sendable {
    let kind: String
    let queue: String
    let runID: RunID?
}

struct RunRow: Decodable, Sendable {
    let id: RunID
    let forDate: CivilDate
}

struct RunStateRow: Decodable, Sendable {
    let state: Runs.State
    let reason: String?
    let progress: Int
    let progressTotal: Int?
    let counts: String
    let forDate: CivilDate
}

struct PortalRow: Decodable, Sendable, Hashable {
    let id: PortalID
    let key: String
    let timeZone: String
}

struct UnwoundRow: Decodable, Sendable {
    let portalID: PortalID
    let name: String
    let cron: String
    let timeZone: String
    let localNow: CivilDateTime
}

struct DueRow: Decodable, Sendable {
    let portalID: PortalID
    let name: String
    let cron: String
    let timeZone: String
    let missed: MissedRuns
    let latestMinutes: Int
    let handler: String
    let queue: String
    let attempts: Int
    let nextLocal: CivilDateTime
    let paused: Bool
    let localNow: CivilDateTime

    var kind: JobKind { JobKind(name: handler, queue: queue, priority: 100, maxAttempts: attempts) }
}

struct ScheduleRow: Decodable, Sendable {
    let id: ScheduleID
    let name: String
    let handler: String
    let queue: String
    let attempts: Int
    let cron: String
    let fileCron: String
    let timeZone: String
    let pausedReason: String?
    let changedInConsole: Bool
    let version: Int

    var kind: JobKind { JobKind(name: handler, queue: queue, priority: 100, maxAttempts: attempts) }
}
