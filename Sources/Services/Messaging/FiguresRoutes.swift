import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/figures`: what went out in the last ninety days and how long it took, in pictures with their tables.
struct FiguresRoutes: Sendable {
    static let days = 90

    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/figures") { request, context in try await show(request, context) }
    }

    private func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let profiles = try context.portals(with: .messagingView)
        let staff = try context.signedIn()
        let filter = MessageFilter(request, profiles)
        let portals = filter.portals.map(\.id)
        let figures = try await desk.database.read(.portals(portals, staff: staff.id)) { session in
            let given: Postgres.Parameters = ["portals": portals, "channel": filter.channel]
            return Figures(
                today: try session.one(MessagingQueries.figuresToday, ["portals": portals]),
                sends: try session.all(MessagingQueries.sendsPerDay, given),
                times: try session.all(MessagingQueries.deliveryTimes, given)
            )
        }
        return try context.render(FiguresPage(figures, filter, choices: profiles, MessageWords(context.words)))
    }
}

/// The figures as they are counted.
struct Figures: Sendable {
    let today: CivilDate
    let sends: [DaySends]
    let times: [DayTime]

    /// Oldest first.
    var days: [CivilDate] { (0..<FiguresRoutes.days).reversed().compactMap { today.adding(days: -$0) } }
}

struct DaySends: Decodable, Sendable {
    /// What became of it, in the order in which it is drawn.
    enum Outcome: String, Decodable, CaseIterable, Sendable {
        case delivered, confirmed, open, uncertain, failed, cancelled

        var tone: StackedChart.Tone {
            switch self {
            case .delivered: .good
            case .confirmed: .accent
            case .open: .plain
            case .uncertain: .warn
            case .failed: .bad
            case .cancelled: .faint
            }
        }
    }

    let day: CivilDate
    let outcome: Outcome
    let number: Int
}

/// Half of a day's deliveries took no longer than `median` seconds, nine of ten no longer than `most`.
struct DayTime: Decodable, Sendable {
    let day: CivilDate
    let median: Int
    let most: Int
    let number: Int
}

/// Pictures with their tables.
struct FiguresPage: Page {
    static let template = "messaging/figures"

    struct Part: Sendable {
        let title: String
        let chart: StackedChart
        let columns: [String]
        let rows: [Row]
    }

    struct Row: Sendable {
        let day: String
        let cells: [String]
    }

    let portal: FieldView
    let channel: FieldView
    let nothing: EmptyView?
    let parts: [Part]

    init(_ figures: Figures, _ filter: MessageFilter, choices: [PortalProfile], _ words: MessageWords) {
        let fields = Fields(words.words)
        portal = filter.portalField(fields, choices)
        channel = filter.channelField(fields, words)
        nothing =
            figures.sends.isEmpty
            ? EmptyView(title: words.words("messaging.none.title"), text: words.words("messaging.none.text")) : nil
        parts =
            (figures.sends.isEmpty ? [] : [Self.sends(figures, words.words)])
            + (figures.times.isEmpty ? [] : [Self.times(figures, words.words)])
    }

    private static func sends(_ figures: Figures, _ words: Words) -> Part {
        let outcomes = DaySends.Outcome.allCases
        let counts = Dictionary(figures.sends.map { ("\($0.day.iso) \($0.outcome)", $0.number) }) { $0 + $1 }
        let columns = figures.days.map { day in outcomes.map { counts["\(day.iso) \($0)"] ?? 0 } }
        let names = outcomes.map { words("messaging.figures.outcome.\($0.rawValue)") }
        let title = words("messaging.figures.sends")
        return Part(
            title: title,
            chart: StackedChart(
                label: words("messaging.figures.sends_picture", ["n": .number(columns.joined().reduce(0, +))]),
                legend: zip(outcomes, names).map { LegendEntry($0.tone, $1) },
                columns: columns,
                names: figures.days.map { words.dayAndMonth($0) },
                scale: { words.number($0) }
            ),
            columns: names,
            rows: zip(figures.days, columns).reversed().map { day, column in
                Row(day: words.shortDate(day), cells: column.map { words.number($0) })
            }
        )
    }

    private static func times(_ figures: Figures, _ words: Words) -> Part {
        let times = Dictionary(figures.times.map { ($0.day, $0) }) { first, _ in first }
        let names = ["median", "most", "number"].map { words("messaging.figures.time.\($0)") }
        return Part(
            title: words("messaging.figures.times"),
            chart: StackedChart(
                label: words("messaging.figures.times_picture"),
                legend: [LegendEntry(.accent, names[0]), LegendEntry(.plain, names[1])],
                columns: figures.days.map { day in times[day].map { [$0.median, $0.most - $0.median] } ?? [0, 0] },
                names: figures.days.map { words.dayAndMonth($0) },
                scale: { words.duration(seconds: $0) }
            ),
            columns: names,
            rows: figures.days.reversed().map { day in
                let time = times[day]
                return Row(
                    day: words.shortDate(day),
                    cells: [
                        time.map { words.duration(seconds: $0.median) } ?? "–",
                        time.map { words.duration(seconds: $0.most) } ?? "–", words.number(time?.number ?? 0),
                    ]
                )
            }
        )
    }
}
