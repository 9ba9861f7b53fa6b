import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// One rule: its form, and what was changed before.
struct RulePage: Page {
    static let template = "reminders/rule"

    struct Content: Sendable {
        let rule: Rule
        let today: CivilDate
        let history: [AuditLine]

        /// Nil when there is no such rule.
        init?(_ id: RuleID, _ portal: PortalID, _ audit: AuditTrail, in session: Session) throws {
            let place: Parameters = ["portal": portal, "rule": id]
            guard let rule = try session.first(RemindersQueries.findRule, place) else { return nil }
            self.rule = rule
            today = try session.one(RemindersQueries.localNow, ["portal": portal]).date
            history = try audit.history(
                of: Subject("rule", id.rawValue),
                portal: portal,
                limit: 20,
                opening: false,
                in: session
            )
        }
    }

    let heading: String
    let portal: String
    let subject: String
    let state: TagView
    let action: String
    let kind: String
    let version: String
    let problems: ProblemsView?
    let name: FieldView
    let days: FieldView
    let active: FieldView
    /// What somebody else stored while the form was open.
    let stored: String?
    let mayChange: Bool
    let entries: [TimelineEntry]
    let hasEntries: Bool

    init(
        _ content: Content,
        _ portal: PortalProfile,
        mayChange: Bool,
        _ audit: AuditWords,
        form: Form?,
        errors: FieldErrors,
        _ words: Words
    ) {
        let fields = Fields(words, form: form, errors: errors)
        let rule = content.rule
        heading = rule.name
        self.portal = portal.name
        subject = words("reminders.subject.\(rule.subject.rawValue)")
        state = RuleView.state(rule, words)
        action = "/reminders/\(portal.key)/rules/\(rule.id)"
        kind = rule.subject.rawValue
        version = "\(rule.version)"
        problems = fields.problems
        name = fields.text("name", "reminders.field.name", rule.name, max: 80, isReadOnly: !mayChange)
        let isLadder = rule.subject == .policy
        days = fields.text(
            "days",
            isLadder ? "reminders.field.ladder" : "reminders.field.days",
            Ladder.text(rule.daysBefore),
            kind: isLadder ? .text : .digits,
            hint: isLadder ? "reminders.hint.ladder" : "reminders.hint.days",
            max: 100,
            isReadOnly: !mayChange
        )
        active = fields.check("active", "reminders.field.active", isOn: rule.active, hint: "reminders.hint.active")
        stored =
            form.map { $0["version"] == "\(rule.version)" } ?? true
            ? nil
            : words(
                "reminders.stored",
                [
                    "name": .text(rule.name), "days": .text(Ladder.text(rule.daysBefore)),
                    "state": .text(RuleView.state(rule, words).text),
                ]
            )
        self.mayChange = mayChange
        entries = content.history.map { line in
            TimelineEntry(
                line.at,
                today: content.today,
                text: audit.text(of: line, in: words.language),
                detail: line.actorName.isEmpty ? nil : line.actorName,
                words: words
            )
        }
        hasEntries = !entries.isEmpty
    }
}
