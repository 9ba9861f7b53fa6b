import DeskKit
import Testing

@testable import Calendars

@Suite struct ICalTests {
    private func file(_ lines: String..., end: String = "\r\n") -> [UInt8] {
        Array((["BEGIN:VCALENDAR", "VERSION:2.0"] + lines + ["END:VCALENDAR", ""]).joined(separator: end).utf8)
    }

    private func read(_ bytes: [UInt8]) throws -> [String] {
        try ICalFile.days(bytes, through: 2030).map { "\($0.day.iso) \($0.name)" }
    }

    private func event(_ lines: String...) throws -> [String] {
        try read(file((["BEGIN:VEVENT"] + lines + ["END:VEVENT"]).joined(separator: "\r\n")))
    }

    @Test func `a day with its name, folded lines, escapes and alarms`() throws {
        let days = try event(
            "DTSTART;VALUE=DATE:20261224",
            "DTEND;VALUE=DATE:20261225",
            "SUMMARY;LANGUAGE=\"pl:PL\":Wig",
            " ilia\\, wolne\\nod pracy",
            "BEGIN:VALARM",
            "TRIGGER:-PT15M",
            "SUMMARY:alarm",
            "END:VALARM"
        )
        #expect(days == ["2026-12-24 Wigilia, wolne od pracy"])
    }

    @Test func `an event of several days covers each, its end left out`() throws {
        #expect(
            try event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "SUMMARY:X") == [
                "2026-12-24 X", "2026-12-25 X", "2026-12-26 X",
            ]
        )
        #expect(try event("DTSTART;VALUE=DATE:20261224", "DURATION:P2D") == ["2026-12-24 –", "2026-12-25 –"])
        #expect(try event("DTSTART:20261224T090000Z", "DTEND:20261224T170000Z").count == 1)
        #expect(try event("DTSTART:20261224T000000", "DTEND:20261225T000000").count == 1)
        #expect(try event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224").count == 1)
    }

    @Test func `an event of each year repeats until its end or the horizon`() throws {
        let days = try event("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=YEARLY;BYMONTH=3;COUNT=2", "SUMMARY:X")
        #expect(days == ["2027-03-01 X", "2028-03-01 X"])
        #expect(try event("DTSTART;VALUE=DATE:20280229", "RRULE:FREQ=YEARLY").count == 1)
        #expect(try event("DTSTART;VALUE=DATE:20280301", "RRULE:FREQ=YEARLY").count == 3)
        #expect(try event("DTSTART;VALUE=DATE:20280301", "RRULE:FREQ=YEARLY;UNTIL=20290301").count == 2)
        #expect(try event("DTSTART;VALUE=DATE:20280301", "RRULE:FREQ=YEARLY", "EXDATE:20290301").count == 2)
    }

    @Test func `a cancelled event is none, a day stands once, zones are passed over`() throws {
        let bytes = file(
            "BEGIN:VTIMEZONE",
            "BEGIN:STANDARD",
            "DTSTART:19701025T030000",
            "END:STANDARD",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
            "DTSTART:20260101",
            "STATUS:CANCELLED",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "DTSTART:20260502",
            "SUMMARY:First",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "DTSTART:20260502",
            "SUMMARY:Second",
            "END:VEVENT",
            end: "\n"
        )
        #expect(try read(bytes) == ["2026-05-02 First"])
        #expect(try read([0xEF, 0xBB, 0xBF] + bytes) == ["2026-05-02 First"])
    }

    @Test(arguments: [
        ("", ICalProblem.empty), ("\n", .empty), ("<html>no</html>", .notCalendar), ("DTSTART:20260101", .notCalendar),
        ("PK\u{3}\u{4}", .notCalendar), ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", .noDays),
        ("BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR", .line(2)), ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", .unclosed(2)),
        ("BEGIN:VCALENDAR\nEND:VEVENT", .unclosed(2)),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR", .noStart(2)),
    ])
    func `what is no calendar is refused with its reason and line`(text: String, problem: ICalProblem) {
        #expect(throws: problem) { try read(Array(text.utf8)) }
    }

    @Test(arguments: [
        (["DTSTART:20260230"], ICalProblem.date(4)), (["DTSTART:tomorrow"], .date(4)), (["DTSTART:18000101"], .date(4)),
        (["DTSTART:20260101", "DTEND:20270101"], .tooLong(3)), (["DTSTART:20260105", "DTEND:20260101"], .date(3)),
        (["DTSTART:20260101", "RRULE:FREQ=WEEKLY"], .repeats(5)),
        (["DTSTART:20260101", "RRULE:FREQ=YEARLY;BYDAY=1MO"], .repeats(5)),
        (["DTSTART:20260101", "RDATE:20260102"], .repeats(5)),
    ])
    func `an event that cannot be followed refuses the file`(lines: [String], problem: ICalProblem) {
        #expect(throws: problem) {
            try read(file("BEGIN:VEVENT", lines.joined(separator: "\r\n"), "END:VEVENT"))
        }
    }

    @Test func `a file of other bytes, too long or with too many days is refused`() {
        #expect(throws: ICalProblem.notCalendar) { try read([0xFF, 0xFE, 0x42]) }
        #expect(throws: ICalProblem.tooLarge) { try read(Array(repeating: 0x20, count: ICalFile.maximumBytes + 1)) }
        let lines = (0..<2_001).flatMap { number -> [String] in
            let day = CivilDate(dayNumber: number)?.iso.filter { $0 != "-" } ?? ""
            return ["BEGIN:VEVENT", "DTSTART:\(day)", "END:VEVENT"]
        }
        #expect(throws: ICalProblem.tooMany(limit: 2_000)) { try read(file(lines.joined(separator: "\n"))) }
    }
}
