import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Each portal with the days off that come next.
struct CalendarsPage: Page {
    static let template = "calendars/list"
    let portals: [Line]

    struct Line: Sendable {
        let name: String
        let href: String
        let days: [DayLine]
        let hasDays: Bool
    }

    init(_ coming: [ComingDay], _ profiles: [PortalProfile], _ words: Words) {
        portals = profiles.map { profile in
            let days = coming.filter { $0.portalID == profile.id }.map { day in
                DayLine(
                    CalendarDay(day: day.day, works: false, reason: day.reason, name: day.name),
                    removal: nil,
                    words
                )
            }
            return Line(name: profile.name, href: "/calendars/\(profile.key)", days: days, hasDays: !days.isEmpty)
        }
    }
}

/// One day that is not what its weekday says.
struct DayLine: Sendable {
    let date: String
    let name: String
    let why: String
    let state: TagView
    /// Where its removal is posted to; nil for what is not the portal's own.
    let removal: String?

    init(_ day: CalendarDay, removal: String?, _ words: Words) {
        date = words.fullDate(day.day)
        switch (day.reason, day.name) {
        case (.own, let own?): name = own
        case (_, let code?): name = words("calendars.holiday.\(code)")
        case (_, nil): name = words(day.works ? "calendars.moved_works" : "calendars.moved_off")
        }
        why = words("calendars.reason.\(day.reason.rawValue)")
        state =
            day.works ? TagView(.warn, words("calendars.state.works")) : TagView(.plain, words("calendars.state.off"))
        self.removal = removal
    }
}

/// A portal's calendar of one year.
struct CalendarPage: Page {
    static let template = "calendars/year"

    struct Content: Sendable {
        let year: Int
        let today: CivilDate
        let days: [CalendarDay]
        let lacksMovedDays: Bool
        let history: [AuditLine]

        /// Nil for a year outside the calendar.
        init?(_ portal: PortalID, year: Int?, _ audit: AuditTrail, in session: Session) throws {
            today = try session.one(CalendarsQueries.today, ["portal": portal])
            self.year = year ?? today.year
            guard (1900...2199).contains(self.year),
                let first = CivilDate(year: self.year, month: 1, day: 1),
                let last = CivilDate(year: self.year, month: 12, day: 31)
            else { return nil }
            days = try CalendarsService.days(portal, from: first, to: last, in: session)
            lacksMovedDays = try session.one(
                CalendarsQueries.lacksMovedDays,
                ["portal": portal, "year": self.year]
            )
            history = try audit.history(
                of: Subject("calendar", Int64(portal.rawValue)),
                portal: portal,
                limit: 20,
                opening: false,
                in: session
            )
        }
    }

    let heading: String
    let portal: String
    let year: String
    let count: String
    let before: String
    let after: String
    let lacking: String?
    let days: [DayLine]
    let hasDays: Bool
    let mayEdit: Bool
    let setAction: String
    let fileAction: String
    let problems: ProblemsView?
    let day: FieldView
    let name: FieldView
    let works: FieldView
    let file: FieldView
    let fileWorks: FieldView
    let entries: [TimelineEntry]
    let hasEntries: Bool

    init(
        _ content: Content,
        _ portal: PortalProfile,
        mayEdit: Bool,
        _ audit: AuditWords,
        _ fields: Fields,
        _ words: Words
    ) {
        let path = "/calendars/\(portal.key)"
        heading = words("calendars.year", ["year": .text(String(content.year))])
        self.portal = portal.name
        year = String(content.year)
        count = words("calendars.count", ["count": .number(content.days.filter(\.works).count)])
        before = "\(path)?year=\(content.year - 1)"
        after = "\(path)?year=\(content.year + 1)"
        lacking =
            content.lacksMovedDays
            ? words("calendars.lacking", ["year": .text(String(content.year))]) : nil
        days = content.days.filter { $0.reason != .weekday && $0.reason != .weekend }.map { day in
            let isRemovable = mayEdit && day.reason == .own
            return DayLine(day, removal: isRemovable ? "\(path)/days/\(day.day.iso)/removal" : nil, words)
        }
        hasDays = !days.isEmpty
        self.mayEdit = mayEdit
        setAction = "\(path)/days"
        fileAction = "\(path)/file"
        problems = fields.problems
        let choices = DayChoice.allCases.map { (value: $0.rawValue, text: words("calendars.state.\($0.rawValue)")) }
        day = fields.date("day", "calendars.field.day")
        name = fields.text("name", "calendars.field.name", max: 120)
        works = fields.options("works", "calendars.field.works", choices, chosen: ["off"])
        file = fields.upload("file", "calendars.field.file", accept: ".ics,text/calendar", hint: "calendars.file_hint")
        fileWorks = fields.options("file_works", "calendars.field.file_works", choices, chosen: ["off"])
        entries = audit.entries(content.history, today: content.today, words)
        hasEntries = !entries.isEmpty
    }
}
