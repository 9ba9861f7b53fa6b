package import DeskKit

/// Minute, hour, day of the month, month and day of the week, as crontab(5) writes them: `*`, lists, ranges, steps,
/// English three-letter names, 0 and 7 for Sunday. Where both kinds of day are restricted either of them is enough.
/// Or an interval, `every 15m`, `every 6h`: the multiples of it since midnight of 1 January 1970.
/// It speaks of wall times only; a zone makes instants of them.
package struct CronExpression: Sendable, Hashable {
    package let text: String
    let minutes: [Int]
    let hours: [Int]
    let days: Set<Int>
    let months: Set<Int>
    let weekdays: Set<Int>
    let anyDay: Bool
    let anyWeekday: Bool
    /// Minutes, of an interval.
    let every: Int?

    static let everyPrefix = "every "

    /// Throws what is wrong with the first field that is.
    package init(_ text: String) throws(CronFault) {
        if text.lowercased().hasPrefix(Self.everyPrefix) {
            try self.init(interval: text.lowercased().dropFirst(Self.everyPrefix.count).filter { $0 != " " })
        } else {
            try self.init(fields: text)
        }
    }

    private init(fields text: String) throws(CronFault) {
        every = nil
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { String($0).lowercased() }
        guard fields.count == 5 else { throw CronFault(.fieldCount, field: nil) }
        self.text = fields.joined(separator: " ")
        minutes = try CronField.minute.values(fields[0]).sorted()
        hours = try CronField.hour.values(fields[1]).sorted()
        days = try CronField.day.values(fields[2])
        months = try CronField.month.values(fields[3])
        weekdays = Set(try CronField.weekday.values(fields[4]).map { $0 == 0 ? 7 : $0 })
        anyDay = fields[2].hasPrefix("*")
        anyWeekday = fields[4].hasPrefix("*")
        guard anyWeekday == false || months.contains(where: { month in days.contains { $0 <= Self.longest(month) } })
        else { throw CronFault(.impossible, field: .day) }
    }

    /// "15m", "6h": up to a week.
    private init(interval text: String) throws(CronFault) {
        let scale = text.hasSuffix("h") ? 60 : 1
        guard text.hasSuffix("m") || text.hasSuffix("h"), text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int(text.dropLast()), (1...10_080).contains(number * scale)
        else { throw CronFault(.interval, field: nil) }
        self.text = Self.everyPrefix + text
        every = number * scale
        (minutes, hours, days, months, weekdays, anyDay, anyWeekday) = ([], [], [], [], [], true, true)
    }

    /// The first time after this one; nil past the year 9999.
    package func next(after time: CivilDateTime) -> CivilDateTime? {
        if let every {
            let now = time.date.dayNumber * 1_440 + time.hour * 60 + time.minute
            let next = (now / every + 1) * every
            return CivilDate(dayNumber: next / 1_440).flatMap {
                CivilDateTime(date: $0, hour: next % 1_440 / 60, minute: next % 60)
            }
        }
        var date: CivilDate? = time.date
        var isFirst = true
        // 29 February is at most eight years away, over 1900 or 2100.
        for _ in 0...(8 * 366 + 1) {
            guard let day = date else { return nil }
            if matches(day), let found = firstTime(on: day, after: isFirst ? time : nil) { return found }
            date = day.adding(days: 1)
            isFirst = false
        }
        return nil
    }

    /// The times after this one up to and including another, at most so many.
    package func times(after start: CivilDateTime, through end: CivilDateTime, limit: Int) -> [CivilDateTime] {
        var times: [CivilDateTime] = []
        var time = start
        while times.count < limit, let found = next(after: time), found <= end {
            times.append(found)
            time = found
        }
        return times
    }

    private func matches(_ day: CivilDate) -> Bool {
        guard months.contains(day.month) else { return false }
        let byDay = days.contains(day.day)
        let byWeekday = weekdays.contains(day.weekday)
        if anyDay || anyWeekday { return byDay && byWeekday }
        return byDay || byWeekday
    }

    private func firstTime(on day: CivilDate, after time: CivilDateTime?) -> CivilDateTime? {
        for hour in hours where hour >= time?.hour ?? 0 {
            for minute in minutes where time.map({ (hour, minute) > ($0.hour, $0.minute) }) ?? true {
                return CivilDateTime(date: day, hour: hour, minute: minute)
            }
        }
        return nil
    }

    private static func longest(_ month: Int) -> Int {
        switch month {
        case 2: 29
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// What is wrong with a cron expression; pages say it as `jobs.cron.<reason>`.
package struct CronFault: Error, Sendable, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case fieldCount = "field_count"
        case value
        case step
        case impossible
        case interval
    }

    package let reason: Reason
    package let field: CronField?

    init(_ reason: Reason, field: CronField?) {
        self.reason = reason
        self.field = field
    }
}

extension CronFault: CustomStringConvertible {
    package var description: String {
        switch reason {
        case .fieldCount: "must have five fields: minute, hour, day, month, weekday"
        case .value: "\(field?.rawValue ?? "field") must lie within \(field?.range.description ?? "its range")"
        case .step: "the step of \(field?.rawValue ?? "a field") must be a number above 0"
        case .impossible: "names a day that no month has"
        case .interval: "must be minutes or hours up to a week, like 15m or 6h"
        }
    }
}

/// One of the five fields.
package enum CronField: String, Sendable, CaseIterable {
    case minute, hour, day, month, weekday

    package var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .day: 1...31
        case .month: 1...12
        case .weekday: 0...7
        }
    }

    private var names: [String] {
        switch self {
        case .month: ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        case .minute, .hour, .day: []
        }
    }

    func values(_ text: String) throws(CronFault) -> Set<Int> {
        var values: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let bounds = try bounds(halves.first ?? "", hasStep: halves.count == 2)
            var step = 1
            if halves.count == 2 {
                guard let given = Int(halves[1]), given > 0, given <= range.upperBound else {
                    throw CronFault(.step, field: self)
                }
                step = given
            }
            values.formUnion(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
        }
        return values
    }

    private func bounds(_ text: Substring, hasStep: Bool) throws(CronFault) -> ClosedRange<Int> {
        if text == "*" { return self == .weekday ? 1...7 : range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let low = try value(ends.first ?? "")
        guard ends.count == 2 else { return low...(hasStep ? range.upperBound : low) }
        let high = try value(ends[1])
        guard low <= high else { throw CronFault(.value, field: self) }
        return low...high
    }

    private func value(_ text: Substring) throws(CronFault) -> Int {
        if let named = names.firstIndex(of: String(text)), !text.isEmpty { return named }
        guard text.utf8.count <= 2, text.allSatisfy(\.isASCII), let number = Int(text), range.contains(number),
            text.first != "+"
        else { throw CronFault(.value, field: self) }
        return number
    }
}
