package import DeskKit

extension Words {
    /// A day written out: "21 November 2026", "2026. november 21."
    package func date(_ date: CivilDate) -> String {
        self("desk.date.long", parts(of: date))
    }

    /// A day for narrow columns, with the year: "21 Nov 2026".
    package func shortDate(_ date: CivilDate) -> String {
        self("desk.date.short", parts(of: date))
    }

    /// A day for narrow columns, without the year: "21 Nov".
    package func dayAndMonth(_ date: CivilDate) -> String {
        self("desk.date.day", parts(of: date))
    }

    /// A day with its weekday: "Monday 23 November 2026".
    package func fullDate(_ date: CivilDate) -> String {
        self("desk.date.full", parts(of: date))
    }

    /// Hours and minutes on a 24-hour clock: "14:02".
    package func time(_ time: CivilDateTime) -> String {
        "\(time.hour < 10 ? "0" : "")\(time.hour):\(time.minute < 10 ? "0" : "")\(time.minute)"
    }

    /// Hours, minutes and seconds: "14:06:12".
    package func exactTime(_ time: CivilDateTime) -> String {
        "\(self.time(time)):\(time.second < 10 ? "0" : "")\(time.second)"
    }

    /// A day and a time: "21 November 2026, 14:02".
    package func dateTime(_ time: CivilDateTime) -> String {
        self("desk.date.and_time", ["date": .text(date(time.date)), "time": .text(self.time(time))])
    }

    /// A day and a time for narrow columns: "21 Nov 2026, 14:02".
    package func shortDateTime(_ time: CivilDateTime) -> String {
        self("desk.date.and_time", ["date": .text(shortDate(time.date)), "time": .text(self.time(time))])
    }

    /// A time as people say it: "14:02" today, "yesterday, 16:20", "12 Nov, 09:41" this year, else with the year.
    package func recent(_ time: CivilDateTime, today: CivilDate) -> String {
        let clock = TextArgument.text(self.time(time))
        switch today.days(to: time.date) {
        case 0: return self.time(time)
        case -1, 1: return self("desk.date.and_time", ["date": .text(relative(time.date, to: today)), "time": clock])
        default:
            let date = time.date.year == today.year ? dayAndMonth(time.date) : shortDate(time.date)
            return self("desk.date.and_time", ["date": .text(date), "time": clock])
        }
    }

    /// A day seen from another: "today", "tomorrow", "in 12 days", "3 days ago".
    package func relative(_ date: CivilDate, to today: CivilDate) -> String {
        let days = today.days(to: date)
        switch days {
        case 0: return self("desk.relative.today")
        case 1: return self("desk.relative.tomorrow")
        case -1: return self("desk.relative.yesterday")
        case 2...: return self("desk.relative.ahead", ["n": .number(days)])
        default: return self("desk.relative.ago", ["n": .number(-days)])
        }
    }

    /// A length of time in its largest whole units: "41 s", "12 min 5 s", "2 h 10 min".
    package func duration(seconds: Int) -> String {
        let seconds = max(0, seconds)
        if seconds < 60 { return self("desk.duration.seconds", ["s": .number(seconds)]) }
        if seconds < 3600 {
            return self("desk.duration.minutes", ["min": .number(seconds / 60), "s": .number(seconds % 60)])
        }
        return self("desk.duration.hours", ["h": .number(seconds / 3600), "min": .number(seconds % 3600 / 60)])
    }

    private func parts(of date: CivilDate) -> [String: TextArgument] {
        [
            "day": .text(String(date.day)),
            "month": .text(self("desk.month.long.m\(date.month)")),
            "mon": .text(self("desk.month.short.m\(date.month)")),
            "year": .text(String(date.year)),
            "weekday": .text(self("desk.weekday.d\(date.weekday)")),
        ]
    }
}
