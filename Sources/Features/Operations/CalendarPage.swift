import DeskKit
import DeskWeb
import JobRunner

/// The coming occurrences of a month as a calendar, both nights of clock change said in words.
struct CalendarPage: Page {
    static let template = "operations/calendar"
    let heading: String
    let before: String
    let after: String
    let weekdays: [String]
    let weeks: [Week]
    let often: [OftenLine]
    let hasOften: Bool
    let nothing: EmptyView?

    struct Week: Sendable {
        let days: [Day]
    }

    struct Day: Sendable {
        let number: String
        let isOther: Bool
        let isToday: Bool
        let entries: [Entry]
        let more: String?
    }

    struct Entry: Sendable {
        let time: String
        let title: String
        let portal: String
        let href: String
        /// What the change of clocks makes of it.
        let note: String?
        let isPaused: Bool
    }

    /// A schedule that runs too often for a calendar's squares.
    struct OftenLine: Sendable {
        let title: String
        let portal: String
        let when: String
        let href: String
    }

    init(_ month: CalendarMonth, _ content: CalendarContent, today: CivilDate, _ words: JobWords) {
        let texts = words.words
        heading = texts(
            "operations.calendar.month",
            [
                "first": .text(texts.dayAndMonth(month.first)), "last": .text(texts.shortDate(month.last)),
            ]
        )
        before = "/operations/calendar?month=\(month.before.text)"
        after = "/operations/calendar?month=\(month.after.text)"
        weekdays = (1...7).map { texts("desk.weekday.d\($0)") }
        let entries = Dictionary(grouping: content.occurrences) { $0.local.date }
        weeks = month.weeks.map { days in
            Week(
                days: days.map { date in
                    let all = (entries[date] ?? []).sorted { ($0.local, $0.line.name) < ($1.local, $1.line.name) }
                    return Day(
                        number: date.day == 1 ? texts.dayAndMonth(date) : String(date.day),
                        isOther: date.month != month.first.month,
                        isToday: date == today,
                        entries: all.prefix(Self.most).map { Entry($0, words) },
                        more: all.count > Self.most
                            ? texts("operations.calendar.more", ["count": .number(all.count - Self.most)]) : nil
                    )
                }
            )
        }
        often = content.often.map {
            OftenLine(
                title: words.title($0.name),
                portal: $0.portalName,
                when: words.when($0.cron),
                href: ScheduleCard.href($0)
            )
        }
        hasOften = !often.isEmpty
        nothing =
            content.occurrences.isEmpty && often.isEmpty
            ? EmptyView(title: texts("operations.none.title"), text: texts("operations.none.text")) : nil
    }

    /// How many entries a square shows.
    static let most = 12
}

extension CalendarPage.Entry {
    init(_ occurrence: Occurrence, _ words: JobWords) {
        let line = occurrence.line
        time = words.words.time(occurrence.local)
        title = words.title(line.name)
        portal = line.portalName
        href = ScheduleCard.href(line)
        isPaused = line.pausedReason != nil
        if occurrence.instant.missing {
            note =
                line.missingHour == .skip
                ? words.words("operations.calendar.left_out")
                : words.words(
                    "operations.calendar.shifted",
                    ["time": .text(words.words.time(occurrence.instant.comes))]
                )
        } else if occurrence.instant.twice {
            note = words.words("operations.calendar.twice_\(line.repeatedHour.rawValue)")
        } else {
            note = isPaused ? words.words("operations.state.paused") : nil
        }
    }
}

/// One time of a schedule.
struct Occurrence: Sendable {
    let line: ScheduleLine
    let local: CivilDateTime
    let instant: InstantLine
}

/// What a month's calendar is made of.
struct CalendarContent: Sendable {
    var occurrences: [Occurrence] = []
    var often: [ScheduleLine] = []
}

/// A month and the whole weeks that show it, from Monday.
struct CalendarMonth: Sendable, Hashable {
    let first: CivilDate

    /// Reads "2026-11"; nil for anything else.
    init?(text: String) {
        guard text.utf8.count == 7, let first = CivilDate(iso: text + "-01"), (1970...2199).contains(first.year) else {
            return nil
        }
        self.first = first
    }

    init(of day: CivilDate) {
        first = day.adding(days: 1 - day.day) ?? day
    }

    var text: String { String(first.iso.prefix(7)) }
    var before: CalendarMonth { CalendarMonth(of: first.adding(days: -1) ?? first) }
    var after: CalendarMonth { CalendarMonth(of: first.adding(days: 31) ?? first) }
    var last: CivilDate { after.first.adding(days: -1) ?? first }

    var weeks: [[CivilDate]] {
        let monday = first.dayNumber - first.weekday + 1
        return stride(from: monday, through: last.dayNumber, by: 7).map { start in
            (start..<(start + 7)).compactMap { CivilDate(dayNumber: $0) }
        }
    }
}
