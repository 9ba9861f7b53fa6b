import Access
import Audit
import DeskKit
import DeskWeb
import Postgres

/// Adds a portal's rule or changes one. What is planned already stays; the next run goes by the new one.
struct ChangeRule: Sendable {
    /// Why it is not done; pages say it as `reminders.refused.<raw value>`.
    enum Refusal: String, Error, CaseIterable {
        /// Somebody else changed it since the form was shown.
        case changedMeanwhile = "changed_meanwhile"
        case nothingChanged = "nothing_changed"
    }

    /// The form. `version` is the one it was shown with.
    struct Draft: Sendable, Hashable {
        var name: String
        var days: [Int]
        var active: Bool
        var version: Int
        var dayKind: DayKind = .calendar
        var clientKinds: [String] = RuleForm.everybody
        var startsOn: CivilDate?
        var endsOn: CivilDate?
        var consolidates = false
    }

    let audit: AuditTrail

    /// Answers the steps to store.
    static func decide(_ rule: Rule, _ draft: Draft, lastStep: Int) throws(Refusal) -> [Int] {
        if rule.version != draft.version { throw .changedMeanwhile }
        if Draft(rule) == draft { throw .nothingChanged }
        let old = zip(rule.daysBefore, rule.steps).map { (day: $0.0, step: $0.1) }
        return Ladder.steps(from: old, to: draft.days, last: lastStep)
    }

    /// Throws `Refusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ id: RuleID, portal: PortalID, _ draft: Draft, by staff: StaffContext, in session: Session) throws {
        try staff.require(.remindersRules, portal)
        let place: Parameters = ["portal": portal, "rule": id]
        guard let rule = try session.first(RemindersQueries.holdRule, place) else { throw PageError.notFound }
        let steps = try Self.decide(rule, draft, lastStep: try session.one(RemindersQueries.lastStep, place))
        let values: Parameters = ["steps": steps, "version": draft.version]
        try session.run(
            RemindersQueries.changeRule,
            place.merging(draft.parameters) { $1 }.merging(values) { $1 }.merging(["staff": staff.id]) { $1 }
        )
        let was = ["was": Ladder.text(rule.daysBefore)]
        try record("rule.changed", id, draft, was, portal, by: staff.actor, in: session)
    }

    /// A further rule about a subject; answers its key. Throws `AccessDenied`, `PostgresError`.
    func add(
        _ subject: RuleSubject,
        portal: PortalID,
        _ draft: Draft,
        by staff: StaffContext,
        in session: Session
    ) throws -> RuleID {
        try staff.require(.remindersRules, portal)
        let values: Parameters = [
            "portal": portal, "subject": subject, "steps": Array(draft.days.indices), "template": subject.letter,
            "staff": staff.id,
        ]
        let id = try session.one(RemindersQueries.addRule, draft.parameters.merging(values) { $1 })
        try record("rule.added", id, draft, [:], portal, by: staff.actor, in: session)
        return id
    }

    private func record(
        _ action: String,
        _ id: RuleID,
        _ draft: Draft,
        _ more: [String: String],
        _ portal: PortalID,
        by actor: Actor,
        in session: Session
    ) throws {
        var facts = ["rule": draft.name, "days": Ladder.text(draft.days), "state": draft.active ? "on" : "off"]
        if action == "rule.added" { facts["state"] = nil }
        try audit.record(
            AuditEvent(
                action,
                portal: portal,
                by: actor,
                on: Subject("rule", id.rawValue),
                facts: facts.merging(more) { $1 }
            ),
            in: session
        )
    }
}

extension ChangeRule.Draft {
    /// A rule as it is stored.
    init(_ rule: Rule) {
        self.init(
            name: rule.name,
            days: rule.daysBefore,
            active: rule.active,
            version: rule.version,
            dayKind: rule.dayKind,
            clientKinds: RuleForm.everybody.filter(rule.clientKinds.contains),
            startsOn: rule.startsOn,
            endsOn: rule.endsOn,
            consolidates: rule.consolidates
        )
    }

    fileprivate var parameters: Parameters {
        [
            "name": name, "days": days, "active": active, "day_kind": dayKind, "kinds": clientKinds,
            "starts_on": startsOn, "ends_on": endsOn, "consolidates": consolidates,
        ]
    }
}
