package import Audit
package import DeskKit
package import Postgres

/// What people may do to a schedule, from the console and the command line. Every change writes its audit row and
/// outlives a deployment until `reset`. All throw `Refusal` and `PostgresError`.
package struct Schedules: Sendable {
    private let audit: AuditTrail
    private let queue: JobQueue

    package init(audit: AuditTrail, queue: JobQueue) {
        self.audit = audit
        self.queue = queue
    }

    package enum Refusal: Error, Sendable, Hashable {
        case unknownSchedule
        case reasonMissing
        case reasonTooLong
        case alreadyPaused
        case notPaused
        case cron(CronFault)
        case sameTime
        /// Somebody else changed it since the form was shown.
        case changedMeanwhile
        case nothingToReset
    }

    /// A schedule and who touches it.
    package struct Order: Sendable {
        package var portal: PortalID
        package var name: String
        package var actor: Actor

        package init(portal: PortalID, name: String, actor: Actor) {
            self.portal = portal
            self.name = name
            self.actor = actor
        }
    }

    /// What is due meanwhile leaves its row with the reason `paused` and is not made up for.
    package func pause(_ order: Order, reason: String, in session: Session) throws {
        let reason = try Self.decideReason(reason)
        try change(order, "schedule.paused", facts: ["reason": reason], in: session) { state throws(Refusal) in
            if state.pausedReason != nil { throw .alreadyPaused }
            state.pausedReason = reason
        }
    }

    package func resume(_ order: Order, in session: Session) throws {
        try change(order, "schedule.resumed", in: session) { state throws(Refusal) in
            if state.pausedReason == nil { throw .notPaused }
            state.pausedReason = nil
        }
    }

    /// Changes when it runs. `version` is the one the form was shown with.
    package func changeTime(_ order: Order, cron text: String, version: Int?, in session: Session) throws {
        let cron: CronExpression
        do throws(CronFault) {
            cron = try CronExpression(text)
        } catch {
            throw Refusal.cron(error)
        }
        try change(order, "schedule.time_changed", facts: ["to": cron.text], in: session) { state throws(Refusal) in
            if let version, version != state.version { throw .changedMeanwhile }
            if state.cron == cron.text { throw .sameTime }
            state.cron = cron.text
            state.changed = true
        }
    }

    /// Back to what the file says: its time, and not paused.
    package func reset(_ order: Order, in session: Session) throws {
        try change(order, "schedule.reset", in: session) { state throws(Refusal) in
            guard state.changed || state.pausedReason != nil else { throw .nothingToReset }
            state.cron = state.fileCron
            state.changed = false
            state.pausedReason = nil
        }
    }

    /// Starts a run for a date (today without one); the run's audit row names both.
    package func runNow(_ order: Order, on date: CivilDate?, in session: Session) throws -> RunID {
        var trigger = Runs.Trigger.commandLine
        var staff: StaffID?
        if case .staff(let id, _) = order.actor {
            trigger = .staff
            staff = id
        }
        let run = try Runs().start(
            order.name,
            portal: order.portal,
            forDate: date,
            trigger: trigger,
            askedBy: staff,
            queue: queue,
            in: session
        )
        var facts = ["schedule": order.name]
        facts["date"] = date?.iso
        try audit.record(
            AuditEvent(
                "run.started",
                portal: order.portal,
                by: order.actor,
                on: Subject("run", run.rawValue),
                facts: facts
            ),
            in: session
        )
        return run
    }

    static func decideReason(_ text: String) throws(Refusal) -> String {
        let reason = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if reason.isEmpty { throw .reasonMissing }
        if reason.count > 300 { throw .reasonTooLong }
        return reason
    }

    private struct State {
        var cron: String
        let fileCron: String
        var changed: Bool
        var pausedReason: String?
        let version: Int
    }

    private func change(
        _ order: Order,
        _ action: String,
        facts: [String: String] = [:],
        in session: Session,
        _ decide: (inout State) throws(Refusal) -> Void
    ) throws {
        let key: Parameters = ["portal": order.portal, "name": order.name]
        guard let row = try session.first(JobsQueries.findSchedule, key) else { throw Refusal.unknownSchedule }
        var state = State(
            cron: row.cron,
            fileCron: row.fileCron,
            changed: row.changedInConsole,
            pausedReason: row.pausedReason,
            version: row.version
        )
        try decide(&state)
        try session.run(
            JobsQueries.writeSchedule,
            [
                "portal": order.portal, "name": order.name, "cron": state.cron, "changed": state.changed,
                "reason": state.pausedReason,
            ]
        )
        try ScheduleClock(queue: queue).wind(in: session)
        var facts = facts
        facts["schedule"] = order.name
        if state.cron != row.cron { facts["from"] = row.cron }
        try audit.record(
            AuditEvent(
                action,
                portal: order.portal,
                by: order.actor,
                on: Subject("schedule", row.id.rawValue),
                facts: facts
            ),
            in: session
        )
    }
}
