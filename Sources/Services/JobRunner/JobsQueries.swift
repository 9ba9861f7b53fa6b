import DeskKit
package import Postgres

/// The statements of `sql/queries/jobs*.sql`.
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
    static let hurry = Statement("jobs.hurry")
    static let redriveJob = Query<SettledJobRow>("jobs_operator.redrive_job")
    static let discardJob = Query<DiscardedJob>("jobs_operator.discard_job")
    static let redriveJobs = Query<SettledJobRow>("jobs_operator.redrive_jobs")
    static let discardJobs = Query<DiscardedJob>("jobs_operator.discard_jobs")
    static let cancelJobs = Query<Int>("jobs_operator.cancel_jobs")
    static let cancelRun = Query<CancelledRunRow>("jobs_operator.cancel_run")
    static let pauseQueue = Statement("jobs_operator.pause_queue")
    static let resumeQueue = Statement("jobs_operator.resume_queue")
    static let queueIsKnown = Query<Bool>("jobs_operator.queue_is_known")
    static let lockRuns = Query<RunID>("jobs.lock_runs")
    static let settleRuns = Statement("jobs.settle_runs")
    static let addRun = Query<RunRow>("jobs.add_run")
    static let runState = Query<RunStateRow>("jobs.run_state")
    static let waitFor = Statement("jobs.wait_for")
    static let setProgress = Statement("jobs.set_progress")
    static let advance = Statement("jobs.advance")
    static let addCounts = Statement("jobs.add_counts")
    static let lockSync = Statement("jobs_schedules.lock_sync")
    static let knownZones = Query<String>("jobs_schedules.known_zones")
    static let portals = Query<PortalRow>("jobs_schedules.portals")
    static let syncSchedule = Statement("jobs_schedules.sync_schedule")
    static let retireSchedules = Statement("jobs_schedules.retire_schedules")
    static let unwoundSchedules = Query<UnwoundRow>("jobs_schedules.unwound_schedules")
    static let lateness = Query<LatenessRow>("jobs_schedules.lateness")
    static let windSchedule = Statement("jobs_schedules.wind_schedule")
    static let dueSchedules = Query<DueRow>("jobs_schedules.due_schedules")
    static let addOccurrence = Query<RunRow>("jobs_schedules.add_occurrence")
    static let findSchedule = Query<ScheduleRow>("jobs_schedules.find_schedule")
    static let secondsToNext = Query<Double?>("jobs_schedules.seconds_to_next")
    static let listSchedules = Query<ScheduleReport>("jobs_reports.list_schedules")
    static let portalsOfFile = Query<PortalDay>("jobs_reports.portals_of_file")
    static let history = Query<HistoryRow>("jobs_reports.history")
    static let pruneRuns = Statement("jobs_retention.prune_runs")
    static let keepHistory = Query<Int>("jobs_retention.keep_history")
    static let writeSchedule = Statement("jobs_schedules.write_schedule")

    package static let all: [any QueryDescribing] = [
        enqueue, enqueueMany, wake, claim, beginRuns, renew, holdLease, complete, rescue, promote, hurry,
        redriveJob,
        discardJob, lockRuns, settleRuns, addRun, runState, waitFor, setProgress, advance, addCounts, lockSync,
        knownZones, portals, syncSchedule, retireSchedules, unwoundSchedules, lateness, windSchedule, dueSchedules,
        addOccurrence, findSchedule, writeSchedule, secondsToNext, listSchedules, portalsOfFile, history, pruneRuns,
        keepHistory, redriveJobs, discardJobs, cancelJobs, cancelRun, pauseQueue, resumeQueue, queueIsKnown,
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
    let priority: Int
    /// As PostgreSQL writes it, to the microsecond.
    let readyAt: String
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

struct CancelledRunRow: Decodable, Sendable {
    let id: RunID
    let schedule: String
}

struct LatenessRow: Decodable, Sendable {
    let lateness: Double
    let missing: Bool
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
    let repeatedHour: RepeatedHour
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
    let missingHour: MissingHour
    let repeatedHour: RepeatedHour
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
