import Access
import Audit
import DeskKit
import JobRunner
import Postgres

/// A second person's word on a run that plans more than its portal's threshold.
struct DecideRun: Sendable {
    enum Verdict: String, CaseIterable, Sendable, PostgresValue {
        case approved, refused
    }

    /// Why it is not done; pages say it as `reminders.refused.<raw value>`.
    enum Refusal: String, Error, CaseIterable {
        /// Decided meanwhile, or never waiting.
        case notWaiting = "not_waiting"
        /// Who asked for the run or changed its rules decides nothing.
        case own
    }

    let audit: AuditTrail
    let queue: JobQueue

    static func decide(_ row: WaitingRun?, staff: StaffID) throws(Refusal) {
        guard let row else { throw .notWaiting }
        if row.askedBy == staff || row.ruledBy.contains(staff) { throw .own }
    }

    /// Throws `Refusal`, `AccessDenied`, `PostgresError`.
    func run(
        _ run: RunID,
        portal: PortalID,
        _ verdict: Verdict,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.remindersApprove, portal)
        let place: Parameters = ["portal": portal, "run": run]
        try Self.decide(try session.first(RemindersQueries.findWaitingRun, place), staff: staff.id)
        let planned = try session.first(
            RemindersQueries.decideRun,
            place.merging(["state": verdict, "staff": staff.id]) { $1 }
        )
        guard let planned else { throw Refusal.notWaiting }
        switch verdict {
        case .approved:
            try DayPlan(subject: .instalment, queue: queue).order(run, portal: portal, onlyNew: false, in: session)
        case .refused:
            let cancelled = try session.run(
                RemindersQueries.cancelPlanned,
                place.merging(["reason": "run_refused"]) { $1 }
            )
            try Runs().add(["cancelled": cancelled], to: run, portal: portal, in: session)
        }
        try Runs().goOn(run, portal: portal, in: session)
        try audit.record(
            AuditEvent(
                "run.\(verdict.rawValue)",
                portal: portal,
                by: staff.actor,
                on: Subject("run", run.rawValue),
                facts: ["planned": "\(planned)"]
            ),
            in: session
        )
    }
}

/// A run that waits, and who is no second person for it.
struct WaitingRun: Decodable, Sendable {
    let askedBy: StaffID?
    let ruledBy: [StaffID]
}

/// One line of what waits.
struct WaitingRunLine: Decodable, Sendable {
    let portalID: PortalID
    let runID: RunID
    let planned: Int
    let forDate: CivilDate
    let schedule: String
    let askedBy: String?
    /// Whether the reader may not decide it.
    let own: Bool
}

/// What holds for all rules of a portal.
struct LimitRow: Decodable, Sendable {
    let portalID: PortalID
    let approveAbove: Int?
    let mostMessages: Int?
    let mostDays: Int
    let smsPriceMinor: Int?
    let version: Int
}

/// Sets a portal's limits.
struct SetLimits: Sendable {
    enum Refusal: String, Error, CaseIterable {
        case changedMeanwhile = "changed_meanwhile"
    }

    /// Version 0 is a portal that had none when the form was shown.
    struct Draft: Sendable, Hashable {
        var approveAbove: Int?
        var mostMessages: Int?
        var mostDays: Int
        var smsPriceMinor: Int?
        var version: Int
    }

    let audit: AuditTrail

    /// Throws `Refusal`, `AccessDenied`, `PostgresError`.
    func run(_ draft: Draft, portal: PortalID, by staff: StaffContext, in session: Session) throws {
        try staff.require(.remindersRules, portal)
        let version = try session.first(
            RemindersQueries.setLimits,
            [
                "portal": portal, "approve_above": draft.approveAbove, "most_messages": draft.mostMessages,
                "most_days": draft.mostDays, "price": draft.smsPriceMinor, "version": draft.version,
            ]
        )
        guard version != nil else { throw Refusal.changedMeanwhile }
        let number = { (value: Int?) in value.map(String.init) ?? "–" }
        try audit.record(
            AuditEvent(
                "limits.set",
                portal: portal,
                by: staff.actor,
                on: Subject("portal", Int64(portal.rawValue)),
                facts: [
                    "above": number(draft.approveAbove), "most": number(draft.mostMessages),
                    "span": "\(draft.mostDays)",
                ]
            ),
            in: session
        )
    }
}
