import DeskKit
import FoundationEssentials
import JobRunner
package import Postgres

/// The statements of `sql/queries/reminders.sql`.
package enum RemindersQueries {
    static let installRule = Query<RuleID>("reminders.install_rule")
    static let listRules = Query<Rule>("reminders.list_rules")
    static let findRule = Query<Rule>("reminders.find_rule")
    static let holdRule = Query<Rule>("reminders.hold_rule")
    static let changeRule = Statement("reminders.change_rule")
    static let lastStep = Query<Int>("reminders.last_step")
    static let planPayments = Statement("reminders.plan_payments")
    static let planSubject = Statement("reminders.plan_subject")
    static let addRule = Query<RuleID>("reminders.add_rule")
    static let awaitApproval = Query<RunID>("reminders_runs.await_approval")
    static let waitingRuns = Query<WaitingRunLine>("reminders_runs.waiting_runs")
    static let findWaitingRun = Query<WaitingRun>("reminders_runs.find_waiting_run")
    static let decideRun = Query<Int>("reminders_runs.decide_run")
    static let cancelPlanned = Statement("reminders_runs.cancel_planned")
    static let cancelChunk = Statement("reminders_runs.cancel_chunk")
    static let missedDays = Query<CivilDate>("reminders_runs.missed_days")
    static let limits = Query<LimitRow>("reminders_runs.limits")
    static let setLimits = Query<Int>("reminders_runs.set_limits")
    static let itemsOfMessage = Query<ItemOfMessage>("reminders_runs.items_of_message")
    static let planAnew = Statement("reminders_runs.plan_anew")
    static let letterSamples = Query<SampledReminder>("reminders_runs.letter_samples")
    static let trialCounts = Query<TrialCount>("reminders_runs.trial_counts")
    static let trial = Query<TrialRow>("reminders_runs.trial")
    static let planInsurance = Statement("reminders.plan_insurance")
    static let newCounts = Query<PlannedCount>("reminders.new_counts")
    static let newChunks = Query<SendReminders.Chunk>("reminders.new_chunks")
    static let holdPlanned = Query<HeldReminder>("reminders.hold_planned")
    static let markSent = Statement("reminders.mark_sent")
    static let markCancelled = Statement("reminders.mark_cancelled")
    static let obstacle = Query<String?>("reminders.obstacle")
    static let contact = Query<String?>("reminders.contact")
    static let preview = Query<PreviewRow>("reminders.preview")
    static let previewCounts = Query<ReasonCount>("reminders.preview_counts")
    static let outlook = Query<OutlookRow>("reminders.outlook")
    static let runRecipients = Query<RecipientRow>("reminders.run_recipients")
    static let runCounts = Query<OutcomeCount>("reminders.run_counts")
    static let schedules = Query<ScheduleLine>("reminders.schedules")
    static let lastRuns = Query<RunLine>("reminders.last_runs")
    static let remindersOfClient = Query<ReminderLine>("reminders.reminders_of_client")
    static let localNow = Query<CivilDateTime>("reminders.local_now")

    package static let all: [any QueryDescribing] =
        [
            installRule, listRules, findRule, holdRule, changeRule, lastStep, planPayments, planInsurance, newCounts,
            newChunks, holdPlanned, markSent, markCancelled, obstacle, contact, preview, previewCounts, outlook,
            runRecipients,
            runCounts, schedules, lastRuns, remindersOfClient, localNow,
            planSubject, addRule, awaitApproval, waitingRuns, findWaitingRun, decideRun, cancelPlanned, limits,
            cancelChunk, missedDays,
            setLimits,
            letterSamples, itemsOfMessage, planAnew, trialCounts, trial,
        ] + WhyQueries.all
}

struct PlannedCount: Decodable, Sendable {
    let state: String
    let reason: String?
    let number: Int
}

struct ReasonCount: Decodable, Sendable {
    let reason: String?
    let number: Int
}

struct OutcomeCount: Decodable, Sendable {
    let outcome: String
    let reason: String?
    let number: Int
}

struct OutlookRow: Decodable, Sendable {
    let portalID: PortalID
    let subject: RuleSubject
    /// 0 for today, 1 for tomorrow.
    let ahead: Int
    let send: Int
    let skip: Int
    let already: Int
}

struct ScheduleLine: Decodable, Sendable {
    let portalID: PortalID
    let name: String
    let handler: String
    let nextLocal: CivilDateTime?
    let paused: Bool
}

struct RunLine: Decodable, Sendable {
    let portalID: PortalID
    let handler: String
    let id: RunID
    let forDate: CivilDate
    let localAt: CivilDateTime
    let state: Runs.State
    let counts: String
}

struct PreviewRow: Decodable, Sendable {
    let clientID: ClientID
    let clientName: String
    let accountID: AccountID?
    let remindBy: String?
    let phone: String?
    let email: String?
    let contract: String?
    let instalment: Int?
    let policy: String?
    let dueDate: CivilDate
    let reason: String?
    let subjectID: Int64
    let step: Int
}

struct RecipientRow: Decodable, Sendable {
    let id: ReminderID
    let clientID: ClientID
    let clientName: String
    let accountID: AccountID?
    let remindBy: String?
    let phone: String?
    let email: String?
    let hint: String?
    let subjectKind: RuleSubject
    let contract: String?
    let instalment: Int?
    let policy: String?
    let dueDate: CivilDate
    let outcome: String
    let reason: String?
}
