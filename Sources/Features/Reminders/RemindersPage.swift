import Access
import DeskKit
import DeskWeb
import JobRunner
import Portals
import Postgres

/// The rules of each portal, when they run next and what that would do, and their last runs.
struct RemindersPage: Page {
    static let template = "reminders/list"

    /// What the page is made of: five statements, however many portals.
    struct Content: Sendable {
        var rules: [Rule] = []
        var outlook: [OutlookRow] = []
        var schedules: [ScheduleLine] = []
        var runs: [RunLine] = []
        var waiting: [WaitingRunLine] = []

        init(portals: [PortalID], staff: StaffID, in session: Session) throws {
            let handlers = RuleSubject.allCases.map(\.handler)
            rules = try session.all(RemindersQueries.listRules, ["portals": portals])
            outlook = try session.all(RemindersQueries.outlook, ["portals": portals])
            schedules = try session.all(
                RemindersQueries.schedules,
                ["portals": portals, "handlers": handlers]
            )
            runs = try session.all(
                RemindersQueries.lastRuns,
                ["portals": portals, "handlers": handlers, "most": 3]
            )
            waiting = try session.all(RemindersQueries.waitingRuns, ["portals": portals, "staff": staff])
        }
    }

    let portals: [PortalSection]
    let hasLimits: Bool

    init(_ content: Content, _ portals: [PortalProfile], _ staff: StaffContext, _ words: Words) {
        self.portals = portals.map { PortalSection($0, content, staff, words) }
        hasLimits = staff.may(.remindersRules)
    }
}

/// One portal's part of the page.
struct PortalSection: Sendable {
    let name: String
    let label: String
    let rules: [RuleView]
    let hasRules: Bool
    let install: String?
    let runs: [RunView]
    let hasRuns: Bool
    let waiting: [WaitingView]
    let hasWaiting: Bool
    let additions: [Addition]
    let mayAdd: Bool

    /// A link to the form of a further rule.
    struct Addition: Sendable {
        let href: String
        let text: String
    }

    init(_ portal: PortalProfile, _ content: RemindersPage.Content, _ staff: StaffContext, _ words: Words) {
        name = portal.name
        label = words("reminders.rules_of", ["portal": .text(portal.name)])
        rules = content.rules.filter { $0.portalID == portal.id }.map {
            RuleView($0, portal.key, content, seesJobs: staff.may(.operationsView, portal.id), words)
        }
        hasRules = !rules.isEmpty
        install = !hasRules && staff.may(.remindersRules, portal.id) ? "/reminders/\(portal.key)/rules" : nil
        runs = content.runs.filter { $0.portalID == portal.id }.map {
            RunView($0, portal.key, seesJobs: staff.may(.operationsView, portal.id), words)
        }
        hasRuns = !runs.isEmpty
        let mayApprove = staff.may(.remindersApprove, portal.id)
        waiting = content.waiting.filter { $0.portalID == portal.id }.map {
            WaitingView($0, portal.key, mayDecide: mayApprove && !$0.own, words)
        }
        hasWaiting = !waiting.isEmpty
        additions =
            staff.may(.remindersRules, portal.id)
            ? RuleSubject.allCases.map {
                Addition(
                    href: "/reminders/\(portal.key)/rules/new?subject=\($0.rawValue)",
                    text: words("reminders.add.\($0.rawValue)")
                )
            } : []
        mayAdd = !additions.isEmpty
    }
}

/// A run that waits for a second person.
struct WaitingView: Sendable {
    let text: String
    let asked: String?
    let href: String
    let action: String?

    init(_ row: WaitingRunLine, _ key: String, mayDecide: Bool, _ words: Words) {
        text = words(
            "reminders.approval.waits",
            ["date": .text(words.fullDate(row.forDate)), "n": .number(row.planned)]
        )
        asked = row.askedBy.map { words("reminders.approval.asked", ["who": .text($0)]) }
        href = "/operations/runs/\(key)/\(row.runID)"
        action = mayDecide ? "/reminders/\(key)/runs/\(row.runID)/decide" : nil
    }
}

/// A rule and its next two days.
struct RuleView: Sendable {
    let href: String
    let name: String
    let subject: String
    let days: String
    let state: TagView
    let next: String
    let today: String
    let todayHref: String?
    let tomorrow: String

    init(_ rule: Rule, _ key: String, _ content: RemindersPage.Content, seesJobs: Bool, _ words: Words) {
        let schedule = content.schedules.first { $0.portalID == rule.portalID && $0.handler == rule.subject.handler }
        href = "/reminders/\(key)/rules/\(rule.id)"
        name = rule.name
        subject = words("reminders.subject.\(rule.subject.rawValue)")
        days = Ladder.text(rule.daysBefore)
        state = Self.state(rule, words)
        if let schedule, schedule.paused {
            next = words("reminders.paused")
        } else {
            next = schedule?.nextLocal.map { words.dateTime($0) } ?? words("reminders.never")
        }
        today = Self.outlook(rule, 0, content, words)
        tomorrow = Self.outlook(rule, 1, content, words)
        todayHref = seesJobs ? schedule.map { "/operations/jobs/\(key)/\($0.name)" } : nil
    }

    static func state(_ rule: Rule, _ words: Words) -> TagView {
        rule.active
            ? TagView(.good, words("reminders.state.on")) : TagView(.warn, words("reminders.state.off"))
    }

    private static func outlook(
        _ rule: Rule,
        _ ahead: Int,
        _ content: RemindersPage.Content,
        _ words: Words
    ) -> String {
        let row = content.outlook.first {
            $0.portalID == rule.portalID && $0.subject == rule.subject && $0.ahead == ahead
        }
        guard let row else { return words("reminders.outlook.nobody") }
        var parts: [String] = []
        if row.already > 0 { parts.append(words("reminders.outlook.already", ["count": .number(row.already)])) }
        if row.send > 0 { parts.append(words("reminders.outlook.send", ["count": .number(row.send)])) }
        if row.skip > 0 { parts.append(words("reminders.outlook.skip", ["count": .number(row.skip)])) }
        return parts.joined(separator: " · ")
    }
}

/// One of the last runs.
struct RunView: Sendable {
    let href: String?
    let title: String
    let date: String
    let state: TagView
    let counts: String

    init(_ run: RunLine, _ key: String, seesJobs: Bool, _ words: Words) {
        href = seesJobs ? "/operations/runs/\(key)/\(run.id)" : nil
        let subject = RuleSubject.allCases.first { $0.handler == run.handler } ?? .instalment
        title = words("reminders.subject.\(subject.rawValue)")
        date = words.fullDate(run.forDate)
        let tone: TagView.Tone =
            switch run.state {
            case .finished: .good
            case .failed: .bad
            case .waiting, .running, .skipped: .plain
            }
        state = TagView(tone, words("reminders.run_state.\(run.state.rawValue)"))
        let counts = RunCounts.read(run.counts)
        let shown = ["planned", "skipped", "cancelled"].filter { counts[$0, default: 0] > 0 }
        self.counts =
            shown.isEmpty
            ? words("reminders.outlook.nobody")
            : shown.map { words("reminders.count.\($0)", ["count": .number(counts[$0, default: 0])]) }
                .joined(separator: " · ")
    }
}
