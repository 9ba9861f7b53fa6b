import DeskKit
import JobRunner
import Messaging
import Portals
import Postgres

/// The statements of `sql/queries/reminders_why.sql`.
enum WhyQueries {
    static let story = Query<StoryRow>("reminders_why.story")
    static let dueDates = Query<DueDateRow>("reminders_why.due_dates")
    static let clientName = Query<String>("reminders_why.client_name")

    static let all: [any QueryDescribing] = [story, dueDates, clientName]
}

/// One step of one rule for one thing due and one account; times are the portal's.
struct StoryRow: Decodable, Sendable {
    let subjectKind: RuleSubject
    let subjectID: Int64
    let contract: String?
    let instalment: Int?
    let policy: String?
    /// Nil where no rule is about this.
    let rule: String?
    let ruleActive: Bool
    let inWorkingDays: Bool
    /// Whether the rule is for such clients.
    let forClient: Bool
    /// Nil for a step that the rule no longer has.
    let daysBefore: Int?
    let accountID: AccountID?
    let login: String?
    let accountLanguage: String?
    /// The number of days that the account chose for itself (M9).
    let ownDays: Int?
    let reminderOn: CivilDate?
    let today: CivilDate
    /// Why it would be left out now.
    let obstacle: String?
    let runID: RunID?
    let runState: Runs.State?
    let runReason: String?
    let runAt: CivilDateTime?
    let reminderID: ReminderID?
    let reminderState: String?
    let reminderReason: String?
    let plannedAt: CivilDateTime?
    let messageID: MessageID?
    let messageState: MessageState?
    let messageReason: String?
    let channel: Channel?
    let hint: String?
    let language: String?
    let letterVersion: Int?
    let attempts: Int?
    let provider: String?
    let handedAt: CivilDateTime?
    let settledAt: CivilDateTime?
    /// What the phone's network said.
    let delivery: String?
    let deliveredAt: CivilDateTime?
    /// Whether the gateway took it and tells later what became of it; nil without a message.
    let expectsReceipt: Bool?
    let awaitsApproval: Bool?
    /// Why its queue is paused.
    let pauseReason: String?
    /// When the portal's hours let it go.
    let opensAt: CivilDateTime?
    /// Until when its gateway is left alone, because it failed time and again.
    let leftAloneUntil: CivilDateTime?
}

struct DueDateRow: Decodable, Sendable {
    let day: CivilDate
    let kind: RuleSubject
    let number: Int
}
