import Access
import Audit
import DeskKit
import DeskWeb
import Postgres

/// Changes a portal's rule. What is planned already stays; the next run goes by the new one.
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
    }

    let audit: AuditTrail

    /// Answers the steps to store.
    static func decide(_ rule: Rule, _ draft: Draft, lastStep: Int) throws(Refusal) -> [Int] {
        if rule.version != draft.version { throw .changedMeanwhile }
        if rule.name == draft.name, rule.daysBefore == draft.days, rule.active == draft.active {
            throw .nothingChanged
        }
        let old = zip(rule.daysBefore, rule.steps).map { (day: $0.0, step: $0.1) }
        return Ladder.steps(from: old, to: draft.days, last: lastStep)
    }

    /// Throws `Refusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ id: RuleID, portal: PortalID, _ draft: Draft, by staff: StaffContext, in session: Session) throws {
        try staff.require(.remindersRules, portal)
        let place: Parameters = ["portal": portal, "rule": id]
        guard let rule = try session.first(RemindersQueries.holdRule, place) else { throw PageError.notFound }
        let steps = try Self.decide(rule, draft, lastStep: try session.one(RemindersQueries.lastStep, place))
        try session.run(
            RemindersQueries.changeRule,
            place.merging([
                "name": draft.name, "days": draft.days, "steps": steps, "active": draft.active,
                "version": draft.version,
            ]) { $1 }
        )
        try audit.record(
            AuditEvent(
                "rule.changed",
                portal: portal,
                by: staff.actor,
                on: Subject("rule", id.rawValue),
                facts: [
                    "rule": draft.name, "days": Ladder.text(draft.days), "was": Ladder.text(rule.daysBefore),
                    "state": draft.active ? "on" : "off",
                ]
            ),
            in: session
        )
    }
}
