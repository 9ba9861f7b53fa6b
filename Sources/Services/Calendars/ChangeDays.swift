import Audit
import DeskKit
import Postgres

/// Changes a portal's own days, each with its audit row.
struct ChangeDays: Sendable {
    /// Why it is not done; pages say it as `calendars.refused.<raw value>`.
    enum Refusal: String, Error, CaseIterable {
        /// The day has an entry already.
        case taken
        /// The day has no entry any more.
        case notThere = "not_there"
        /// The file's days all stand in the calendar already.
        case nothingNew = "nothing_new"
    }

    /// One day as typed.
    struct Draft: Sendable, Hashable {
        let day: CivilDate
        let works: Bool
        let name: String
    }

    let audit: AuditTrail

    /// Throws `Refusal`, `PostgresError`.
    func set(_ draft: Draft, portal: PortalID, by actor: Actor, in session: Session) throws {
        let written = try session.run(
            CalendarsQueries.setDay,
            ["portal": portal, "day": draft.day, "works": draft.works, "name": draft.name]
        )
        guard written == 1 else { throw Refusal.taken }
        let facts = ["day": draft.day.iso, "name": draft.name, "state": state(draft.works)]
        try record("calendar.day_set", facts, portal, actor, in: session)
    }

    /// Throws `Refusal`, `PostgresError`.
    func remove(_ day: CivilDate, portal: PortalID, by actor: Actor, in session: Session) throws {
        let place: Parameters = ["portal": portal, "day": day]
        guard let own = try session.first(CalendarsQueries.ownDay, place) else { throw Refusal.notThere }
        try session.run(CalendarsQueries.removeDay, place)
        let facts = ["day": day.iso, "name": own.name, "state": state(own.works)]
        try record("calendar.day_removed", facts, portal, actor, in: session)
    }

    /// Takes a file's days in, all as days off or all as working days; answers how many are new or changed. Days
    /// entered by hand stay. Throws `Refusal`, `PostgresError`.
    func take(_ days: [ICalDay], works: Bool, portal: PortalID, by actor: Actor, in session: Session) throws -> Int {
        let written = try session.one(
            CalendarsQueries.importDays,
            ["portal": portal, "days": days.map(\.day), "names": days.map(\.name), "works": works]
        )
        guard written > 0, let first = days.first, let last = days.last else { throw Refusal.nothingNew }
        let facts = [
            "count": String(written), "first": first.day.iso, "last": last.day.iso, "state": state(works),
        ]
        try record("calendar.file_taken", facts, portal, actor, in: session)
        return written
    }

    private func state(_ works: Bool) -> String { works ? "works" : "off" }

    private func record(
        _ action: String,
        _ facts: [String: String],
        _ portal: PortalID,
        _ actor: Actor,
        in session: Session
    ) throws {
        let subject = Subject("calendar", Int64(portal.rawValue))
        try audit.record(AuditEvent(action, portal: portal, by: actor, on: subject, facts: facts), in: session)
    }
}
