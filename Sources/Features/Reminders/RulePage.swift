import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// One rule: its form, what it would do, and what was changed before. Also the form of a rule to be added.
struct RulePage: Page {
    static let template = "reminders/rule"

    struct Content: Sendable {
        /// Nil for a rule to be added.
        let rule: Rule?
        let subject: RuleSubject
        let today: CivilDate
        let history: [AuditLine]

        /// Nil when there is no such rule.
        init?(_ id: RuleID, _ portal: PortalID, _ audit: AuditTrail, in session: Session) throws {
            let place: Parameters = ["portal": portal, "rule": id]
            guard let rule = try session.first(RemindersQueries.findRule, place) else { return nil }
            self.rule = rule
            subject = rule.subject
            today = try session.one(RemindersQueries.localNow, ["portal": portal]).date
            history = try audit.history(
                of: Subject("rule", id.rawValue),
                portal: portal,
                limit: 20,
                opening: false,
                in: session
            )
        }

        init(adding subject: RuleSubject, _ portal: PortalID, in session: Session) throws {
            rule = nil
            self.subject = subject
            today = try session.one(RemindersQueries.localNow, ["portal": portal]).date
            history = []
        }
    }

    let heading: String
    let portal: String
    let subject: String
    let state: TagView?
    let action: String
    let kind: String
    let version: String
    let problems: ProblemsView?
    let name: FieldView
    let steps: [FieldView]
    let dayKind: FieldView
    let clients: FieldView
    let period: [FieldView]
    let consolidates: FieldView
    let active: FieldView
    /// What somebody else stored while the form was open.
    let stored: String?
    let mayChange: Bool
    let trial: TrialView?
    let trialDate: FieldView
    let entries: [TimelineEntry]
    let hasEntries: Bool

    init(
        _ content: Content,
        _ portal: PortalProfile,
        mayChange: Bool,
        _ audit: AuditWords,
        form: Form?,
        errors: FieldErrors,
        trial: TrialView? = nil,
        _ words: Words
    ) {
        let rule = content.rule
        let fields = RuleFields(rule, Fields(words, form: form, errors: errors), mayChange: mayChange, words)
        heading = rule?.name ?? words("reminders.add_title")
        self.portal = portal.name
        subject = words("reminders.subject.\(content.subject.rawValue)")
        state = rule.map { RuleView.state($0, words) }
        action = "/reminders/\(portal.key)/rules/" + (rule.map { "\($0.id)" } ?? "new")
        kind = content.subject.rawValue
        version = "\(rule?.version ?? 0)"
        problems = fields.problems
        name = fields.name
        steps = fields.steps(content.subject)
        dayKind = fields.dayKind
        clients = fields.clients
        period = fields.period
        consolidates = fields.consolidates
        active = fields.active
        stored = rule.flatMap { rule in
            form.map { $0["version"] == "\(rule.version)" } ?? true
                ? nil
                : words(
                    "reminders.stored",
                    [
                        "name": .text(rule.name), "days": .text(Ladder.text(rule.daysBefore)),
                        "state": .text(RuleView.state(rule, words).text),
                    ]
                )
        }
        self.mayChange = mayChange
        self.trial = trial
        trialDate = fields.trialDate(content.today)
        entries = audit.entries(content.history, today: content.today, words)
        hasEntries = !entries.isEmpty
    }
}

/// The fields of a rule's form.
private struct RuleFields {
    let rule: Rule?
    let fields: Fields
    let mayChange: Bool
    let words: Words

    init(_ rule: Rule?, _ fields: Fields, mayChange: Bool, _ words: Words) {
        (self.rule, self.fields, self.mayChange, self.words) = (rule, fields, mayChange, words)
    }

    var problems: ProblemsView? { fields.problems }

    var name: FieldView {
        fields.text("name", "reminders.field.name", rule?.name ?? "", max: 80, isReadOnly: !mayChange)
    }

    func steps(_ subject: RuleSubject) -> [FieldView] {
        let days = rule?.daysBefore ?? (subject == .newInvoice ? [0] : [])
        return [
            fields.text(
                "days",
                "reminders.field.before",
                Ladder.before(days),
                hint: subject == .instalment ? "reminders.hint.own" : "reminders.hint.ladder",
                isRequired: false,
                max: 100,
                isReadOnly: !mayChange
            ),
            fields.text(
                "after",
                "reminders.field.after",
                Ladder.after(days),
                hint: "reminders.hint.after",
                isRequired: false,
                max: 100,
                isReadOnly: !mayChange
            ),
        ]
    }

    var dayKind: FieldView {
        fields.options(
            "day_kind",
            "reminders.field.day_kind",
            DayKind.allCases.map { (value: $0.rawValue, text: words("reminders.day_kind.\($0.rawValue)")) },
            chosen: [rule?.dayKind.rawValue ?? DayKind.calendar.rawValue],
            hint: "reminders.hint.day_kind"
        )
    }

    var clients: FieldView {
        fields.options(
            "clients",
            "reminders.field.clients",
            RuleForm.everybody.map { (value: $0, text: words("reminders.client_kind.\($0)")) },
            chosen: Set(rule?.clientKinds ?? RuleForm.everybody)
        )
    }

    var period: [FieldView] {
        [
            fields.date("starts_on", "reminders.field.starts_on", rule?.startsOn, isRequired: false),
            fields.date("ends_on", "reminders.field.ends_on", rule?.endsOn, isRequired: false),
        ]
    }

    var consolidates: FieldView {
        fields.check(
            "consolidates",
            "reminders.field.consolidates",
            isOn: rule?.consolidates ?? false,
            hint: "reminders.hint.consolidates"
        )
    }

    var active: FieldView {
        fields.check(
            "active",
            "reminders.field.active",
            isOn: rule?.active ?? true,
            hint: "reminders.hint.active"
        )
    }

    func trialDate(_ today: CivilDate) -> FieldView {
        fields.date("trial_on", "reminders.field.trial_on", today, isRequired: false)
    }
}
