import DeskKit

/// A day that a calendar file names.
struct ICalDay: Sendable, Hashable {
    let day: CivilDate
    let name: String
}

/// Reads days from an iCalendar file (RFC 5545): events of whole days or of hours, repeated each year or not at all.
/// Alarms, zones, tasks and cancelled events are passed over; a rule that cannot be followed refuses the file, since
/// half a calendar is worse than none.
enum ICalFile {
    static let maximumBytes = 512 * 1024
    static let maximumDays = 2_000

    /// The days in their order, each once. An event that repeats without end is followed `through` that year. Throws
    /// `ICalProblem`.
    static func days(_ bytes: [UInt8], through year: Int) throws(ICalProblem) -> [ICalDay] {
        guard !bytes.allSatisfy({ $0 == 0x0A }) else { throw .empty }
        guard bytes.count <= maximumBytes else { throw .tooLarge }
        guard !bytes.contains(0), var text = String(validating: bytes, as: UTF8.self) else { throw .notCalendar }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        guard text.drop(while: \.isWhitespace).uppercased().hasPrefix("BEGIN:VCALENDAR") else { throw .notCalendar }
        var found: [CivilDate: String] = [:]
        for event in try events(ICalLine.read(text)) {
            guard event.first("STATUS")?.value.uppercased() != "CANCELLED" else { continue }
            for day in try event.days(through: year) where found[day] == nil { found[day] = event.name }
            guard found.count <= maximumDays else { throw .tooMany(limit: maximumDays) }
        }
        guard !found.isEmpty else { throw .noDays }
        return found.sorted { $0.key < $1.key }.map { ICalDay(day: $0.key, name: $0.value) }
    }

    private static func events(_ lines: [ICalLine]) throws(ICalProblem) -> [ICalEvent] {
        var open: [(name: String, line: Int)] = []
        var events: [ICalEvent] = []
        for line in lines {
            switch line.name {
            case "BEGIN":
                open.append((line.value.uppercased(), line.number))
                if open.map(\.name) == ["VCALENDAR", "VEVENT"] { events.append(ICalEvent(number: line.number)) }
            case "END":
                guard open.popLast()?.name == line.value.uppercased() else { throw .unclosed(line.number) }
            default:
                guard !open.isEmpty else { throw .line(line.number) }
                if open.map(\.name) == ["VCALENDAR", "VEVENT"] { events[events.count - 1].lines.append(line) }
            }
        }
        if let last = open.last { throw .unclosed(last.line) }
        return events
    }
}

/// One event's own lines.
struct ICalEvent: Sendable {
    let number: Int
    var lines: [ICalLine] = []

    func first(_ name: String) -> ICalLine? {
        lines.first { $0.name == name }
    }

    /// Its summary on one line; "–" where it has none.
    var name: String {
        var text = ""
        var isEscaped = false
        for character in first("SUMMARY")?.value ?? "" {
            if isEscaped {
                text.append(character == "n" || character == "N" ? " " : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                text.append(character)
            }
        }
        let clean = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
        let words = String(String.UnicodeScalarView(clean)).split(whereSeparator: \.isWhitespace)
        let short = words.joined(separator: " ").prefix(120)
        return short.isEmpty ? "–" : String(short)
    }

    /// The days it covers, with its repetitions.
    func days(through year: Int) throws(ICalProblem) -> [CivilDate] {
        guard let start = first("DTSTART") else { throw .noStart(number) }
        let firstDay = try Self.day(start)
        let length = try length(from: firstDay)
        if let other = first("RDATE") ?? first("RECURRENCE-ID") { throw .repeats(other.number) }
        var left: Set<CivilDate> = []
        for line in lines where line.name == "EXDATE" {
            for value in line.value.split(separator: ",") { left.insert(try Self.day(String(value), line.number)) }
        }
        var days: [CivilDate] = []
        for begin in try starts(firstDay, through: year) where !left.contains(begin) {
            days += (0..<length).compactMap { begin.adding(days: $0) }
        }
        return days
    }

    /// In days.
    private func length(from start: CivilDate) throws(ICalProblem) -> Int {
        var length = 1
        if let end = first("DTEND") {
            // The end of a day or of midnight is not part of the event (§3.6.1).
            let isOpen = !end.value.contains("T") || end.value.contains("T000000")
            length = start.days(to: try Self.day(end)) + (isOpen ? 0 : 1)
            if length == 0 { length = 1 }
        } else if let duration = first("DURATION") {
            length = try Self.days(duration)
        }
        guard length >= 1 else { throw .date(number) }
        guard length <= 31 else { throw .tooLong(number) }
        return length
    }

    private func starts(_ first: CivilDate, through year: Int) throws(ICalProblem) -> [CivilDate] {
        guard let rule = self.first("RRULE") else { return [first] }
        var most = Int.max
        var until = CivilDate(year: max(year, first.year), month: 12, day: 31) ?? first
        for part in rule.value.uppercased().split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard halves.count == 2 else { throw .line(rule.number) }
            switch (halves[0], halves[1]) {
            case ("FREQ", "YEARLY"), ("INTERVAL", "1"), ("WKST", _): break
            case ("BYMONTH", let month) where Int(month) == first.month: break
            case ("BYMONTHDAY", let day) where Int(day) == first.day: break
            case ("COUNT", let text):
                guard let count = Int(text), count > 0 else { throw .line(rule.number) }
                most = count
            case ("UNTIL", let text): until = min(until, try Self.day(text, rule.number))
            default: throw .repeats(rule.number)
            }
        }
        guard rule.value.uppercased().contains("FREQ=YEARLY") else { throw .repeats(rule.number) }
        let years = first.year...max(first.year, until.year)
        let all = years.compactMap { CivilDate(year: $0, month: first.month, day: first.day) }
        return Array(all.filter { $0 <= until }.prefix(most))
    }

    private static func day(_ line: ICalLine) throws(ICalProblem) -> CivilDate {
        try day(line.value, line.number)
    }

    /// The date of `20261224` or `20261224T180000Z`; the hour and its zone do not matter to a whole day.
    private static func day(_ text: String, _ number: Int) throws(ICalProblem) -> CivilDate {
        let digits = Array(text.utf8.prefix(8))
        let rest = text.utf8.dropFirst(8)
        guard digits.count == 8, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            rest.isEmpty || rest.first == UInt8(ascii: "T")
        else { throw .date(number) }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard let day = CivilDate(year: value / 10_000, month: value / 100 % 100, day: value % 100),
            (1900...2199).contains(day.year)
        else { throw .date(number) }
        return day
    }

    /// `P3D` and `P1W` in days; a duration of hours is one day.
    private static func days(_ line: ICalLine) throws(ICalProblem) -> Int {
        let text = line.value.uppercased()
        guard text.hasPrefix("P") || text.hasPrefix("+P") else { throw .date(line.number) }
        if text.contains("T"), !text.contains("D") { return 1 }
        guard let unit = text.first(where: { $0 == "D" || $0 == "W" }),
            let number = Int(text.prefix { $0 != unit }.filter(\.isNumber)), number < 1_000
        else { throw .date(line.number) }
        return unit == "W" ? number * 7 : number
    }
}
