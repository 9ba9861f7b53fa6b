import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/operations/calendar?month=2026-11`: when the schedules of the reader's portals come.
struct CalendarRoutes: Sendable {
    let feature: OperationsFeature

    /// A schedule with more times than this on an average day stands above the calendar instead of in it.
    static let mostPerDay = 8

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/operations/calendar") { request, context in
            let portals = try context.portals(with: .operationsView).map(\.id)
            let staff = try context.signedIn()
            let asked = request.query("month")
            let month = asked.flatMap { CalendarMonth(text: $0) }
            if asked != nil, month == nil { throw PageError.notFound }
            let (content, shown, today) = try await feature.desk.database.read(.portals(portals, staff: staff.id)) {
                session in
                let given: Postgres.Parameters = ["portals": portals, "name": nil]
                let lines = try session.all(OperationsQueries.schedules, given)
                let today = try lines.first?.today ?? session.one(OperationsQueries.today)
                let shown = month ?? CalendarMonth(of: today)
                return (try Self.content(lines, shown, in: session), shown, today)
            }
            return try context.render(CalendarPage(shown, content, today: today, JobWords(context.words)))
        }
    }

    static func content(
        _ lines: [ScheduleLine],
        _ month: CalendarMonth,
        in session: Session
    ) throws -> CalendarContent {
        var content = CalendarContent()
        let days = month.weeks.flatMap { $0 }
        guard let first = days.first?.adding(days: -1), let last = days.last,
            let start = CivilDateTime(date: first, hour: 23, minute: 59),
            let end = CivilDateTime(date: last, hour: 23, minute: 59)
        else { return content }
        for line in lines {
            guard let cron = try? CronExpression(line.cron) else { continue }
            let most = mostPerDay * days.count
            let times = cron.times(after: start, through: end, limit: most + 1)
            guard times.count <= most else {
                content.often.append(line)
                continue
            }
            let instants = try session.all(
                OperationsQueries.instants,
                ["locals": times, "zone": line.timeZone, "repeated_hour": line.repeatedHour]
            )
            content.occurrences += zip(times, instants).map {
                Occurrence(line: line, local: $0, instant: $1)
            }
        }
        return content
    }
}
