package import Access
package import DeskKit
import DeskWeb
package import Hummingbird
package import Postgres

/// Business calendars: which days are working days at a portal. A calendar is the country's (weekends, public holidays
/// by the law's rule, days moved by decree) with the portal's own days over it. Tables: `country_day`, `calendar_day`.
/// Rights: `calendars.view`, `.edit`. In SQL: `calendar_days`, `is_working_day`, `add_working_days`,
/// `working_days_between`, each with the portal first.
package struct CalendarsService: Sendable {
    let desk: Desk

    package init(desk: Desk) {
        self.desk = desk
    }

    package static let queries: [any QueryDescribing] = CalendarsQueries.all

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        CalendarsRoutes(desk: desk).add(to: router)
    }

    /// Each day between two, both included. Throws `PostgresError`.
    package static func days(
        _ portal: PortalID,
        from first: CivilDate,
        to last: CivilDate,
        in session: Session
    ) throws -> [CalendarDay] {
        try session.all(CalendarsQueries.days, ["portal": portal, "first": first, "last": last])
    }

    /// Throws `PostgresError`.
    package static func isWorkingDay(_ day: CivilDate, _ portal: PortalID, in session: Session) throws -> Bool {
        try session.one(CalendarsQueries.isWorkingDay, ["portal": portal, "day": day])
    }

    /// The so-manieth working day after a day, which itself never counts; before it for a negative number. For 0 the
    /// day itself if it is a working day, else the next one. Throws `PostgresError`.
    package static func add(
        workingDays number: Int,
        to day: CivilDate,
        _ portal: PortalID,
        in session: Session
    ) throws -> CivilDate {
        try session.one(CalendarsQueries.addWorkingDays, ["portal": portal, "day": day, "number": number])
    }

    /// How many working days lie after the first day, up to and including the last. Throws `PostgresError`.
    package static func workingDays(
        after first: CivilDate,
        through last: CivilDate,
        _ portal: PortalID,
        in session: Session
    ) throws -> Int {
        try session.one(CalendarsQueries.workingDaysBetween, ["portal": portal, "first": first, "last": last])
    }
}

/// One day of a portal's calendar.
package struct CalendarDay: Decodable, Sendable, Hashable {
    package enum Reason: String, Codable, CaseIterable, Sendable, PostgresValue {
        case weekday, weekend, holiday
        /// Made a working day or a day off by decree.
        case moved
        /// Entered by the portal itself.
        case own
    }

    package let day: CivilDate
    package let works: Bool
    package let reason: Reason
    /// A public holiday's code, or the portal's own words where the reason is `own`.
    package let name: String?
}
