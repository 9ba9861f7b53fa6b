import DeskKit
import Portals
import Postgres

/// The rule by which a request's days were counted.
struct ClockRule: Decodable, Equatable, Sendable {
    let country: String
    let version: Int
    let number: Int
    let unit: ClockUnit
}

/// The three dates of a request, and the rule they come from; without one it is the portal's own deadline.
struct RequestClock: Equatable, Sendable {
    var rule: ClockRule?
    var number: Int
    var unit: ClockUnit
    var statutoryDue: CivilDate
    var effectiveDue: CivilDate

    /// Four fifths of the time, so that a warning comes while something can still be done.
    static func internalDue(from received: CivilDate, to effective: CivilDate) -> CivilDate {
        received.adding(days: received.days(to: effective) * 4 / 5) ?? effective
    }
}

/// Counts the days of requests by the portal's own calendar.
struct Clocks: Sendable {
    /// The last day of a term. The day of the event is not counted, and what would end on a day off ends on the next
    /// working day (Regulation 1182/71, articles 3(1) and 3(4)).
    func end(
        of number: Int,
        _ unit: ClockUnit,
        after day: CivilDate,
        portal: PortalID,
        in session: Session
    ) throws -> CivilDate {
        try session.one(
            RequestsQueries.termEnd,
            ["portal": portal, "day": day, "number": number, "unit": unit.rawValue]
        )
    }

    /// The newest version of the country's rule on that day, else the portal's own deadline for the kind.
    func start(
        _ kind: RequestKind,
        portal: PortalProfile,
        received: CivilDate,
        in session: Session
    ) throws -> RequestClock {
        let rule = try session.first(
            RequestsQueries.clockRule,
            ["country": portal.country, "kind": kind.rawValue, "on": received]
        )
        let own = portal.rules.deadline(of: kind)
        let number = rule?.number ?? own.number
        let unit = rule?.unit ?? (own.unit == .working ? .working : .calendar)
        let due = try end(of: number, unit, after: received, portal: portal.id, in: session)
        return RequestClock(rule: rule, number: number, unit: unit, statutoryDue: due, effectiveDue: due)
    }
}

extension PortalRules {
    /// The portal's own deadline for kinds that no law gives one (L10).
    func deadline(of kind: RequestKind) -> Deadline {
        switch kind {
        case .complaint: deadlines.complaint
        case .faultReport: deadlines.fault
        default: contactDeadline
        }
    }
}
