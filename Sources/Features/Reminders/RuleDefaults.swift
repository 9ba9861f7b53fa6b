package import Audit
import DeskKit
package import DeskWeb
package import Portals
package import Postgres

/// A portal's first rules, made of its profile: payments and insurance. Their names are in the portal's language.
package struct RuleDefaults: Sendable {
    private let catalog: Catalog
    private let audit: AuditTrail

    package init(catalog: Catalog, audit: AuditTrail) {
        self.catalog = catalog
        self.audit = audit
    }

    /// Adds what the portal lacks and answers how many rules that were; what it has stays as it is. Throws
    /// `PostgresError`.
    @discardableResult
    package func install(
        _ portal: PortalProfile,
        by actor: Actor = .system,
        in session: Session
    ) throws -> Int {
        let defaults = portal.rules.reminders
        var added = 0
        let language = Language(rawValue: portal.defaultLanguage) ?? .english
        for subject in RuleSubject.usual {
            let wanted = subject == .instalment ? [defaults.paymentDaysBefore] : defaults.insuranceDaysBefore
            let days = Set(wanted.filter(subject.before.contains)).sorted(by: >).prefix(Ladder.most)
            guard !days.isEmpty else { continue }
            let name = catalog.text("reminders.rule_name.\(subject.rawValue)", [:], language)
            let id = try session.first(
                RemindersQueries.installRule,
                [
                    "portal": portal.id, "subject": subject, "name": name, "days": Array(days),
                    "steps": Array(days.indices), "template": subject.letter,
                ]
            )
            guard let id else { continue }
            added += 1
            try audit.record(
                AuditEvent(
                    "rule.added",
                    portal: portal.id,
                    by: actor,
                    on: Subject("rule", id.rawValue),
                    facts: ["rule": name, "days": Ladder.text(Array(days))]
                ),
                in: session
            )
        }
        return added
    }
}
