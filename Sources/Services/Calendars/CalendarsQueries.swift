import DeskKit
package import Postgres

/// The statements of `sql/queries/calendars.sql`.
package enum CalendarsQueries {
    static let days = Query<CalendarDay>("calendars.days")
    static let isWorkingDay = Query<Bool>("calendars.is_working_day")
    static let addWorkingDays = Query<CivilDate>("calendars.add_working_days")
    static let workingDaysBetween = Query<Int>("calendars.working_days_between")
    static let lacksMovedDays = Query<Bool>("calendars.lacks_moved_days")
    static let today = Query<CivilDate>("calendars.today")
    static let coming = Query<ComingDay>("calendars.coming")
    static let ownDay = Query<OwnDay>("calendars.own_day")
    static let setDay = Statement("calendars.set_day")
    static let removeDay = Statement("calendars.remove_day")
    static let importDays = Query<Int>("calendars.import_days")

    package static let all: [any QueryDescribing] = [
        days, isWorkingDay, addWorkingDays, workingDaysBetween, lacksMovedDays, today, coming, ownDay, setDay,
        removeDay, importDays,
    ]
}

/// A day off that comes.
struct ComingDay: Decodable, Sendable {
    let portalID: PortalID
    let day: CivilDate
    let reason: CalendarDay.Reason
    let name: String?
}

/// A day that the portal entered.
struct OwnDay: Decodable, Sendable {
    enum Source: String, Codable, Sendable, CaseIterable, PostgresValue {
        case hand, file
    }

    let day: CivilDate
    let works: Bool
    let name: String
    let source: Source
}
