import Access
import DeskWeb
import HTTPTypes
import TestKit
import Testing

@testable import Calendars

@Suite struct CalendarPageTests {
    private static let fields = ["day": "2026-11-27", "name": "Stock-taking", "works": "off", "year": "2026"]
    private static let ics = """
        BEGIN:VCALENDAR
        BEGIN:VEVENT
        DTSTART;VALUE=DATE:20261130
        SUMMARY:Founders' day
        END:VEVENT
        END:VCALENDAR

        """

    @Test(arguments: Language.allCases)
    func `both pages show the country's days in every language`(language: Language) async throws {
        let office = try await Office.make()
        let words = office.site.words(language)
        let list = try await office.get("/calendars", language: language)
        #expect(list.status == .ok)
        #expect(list.body.contains("/calendars/poland"))
        let year = try await office.get("/calendars/poland?year=2026", language: language)
        #expect(year.body.contains(words("calendars.holiday.christmas_eve")))
        #expect(year.body.contains(words("calendars.count", ["count": .number(253)])))
        #expect(year.body.contains("/calendars/poland?year=2027"))
    }

    @Test func `the administrator enters a day and removes it, each with its row in the trail`() async throws {
        let office = try await Office.make()
        let set = try await office.post("/calendars/poland/days", Self.fields)
        #expect(set.location == "/calendars/poland?year=2026")
        let page = try await office.get("/calendars/poland?year=2026")
        #expect(page.body.contains("Stock-taking"))
        #expect(page.body.contains("/calendars/poland/days/2026-11-27/removal"))
        let removed = try await office.post("/calendars/poland/days/2026-11-27/removal")
        #expect(removed.status == .seeOther)
        #expect(
            try await office.audit() == ["calendar.day_set Eva 2026-11-27", "calendar.day_removed Eva 2026-11-27"]
        )
        #expect(try await office.database.value("SELECT count(*) FROM calendar_day") == "0")
        let again = try await office.post("/calendars/poland/days/2026-11-27/removal")
        #expect(again.status == .seeOther)
        #expect(try await office.audit().count == 2)
    }

    @Test func `of two who enter the same day one gets the word that it is taken`() async throws {
        let office = try await Office.make()
        async let first = office.post("/calendars/poland/days", Self.fields)
        async let second = office.post("/calendars/poland/days", Self.fields)
        let answers = try await [first, second]
        #expect(Set(answers.map(\.status)) == [.seeOther, .unprocessableContent])
        let refused = answers.first { $0.status == .unprocessableContent }
        #expect(refused?.body.contains("has an entry of the portal already") == true)
        #expect(refused?.body.contains("Stock-taking") == true)
        #expect(try await office.audit().count == 1)
    }

    @Test func `a day that is none is told at its field, with what was typed`() async throws {
        let office = try await Office.make()
        let answer = try await office.post(
            "/calendars/poland/days",
            ["day": "2026-02-30", "name": "Kept", "works": "off", "year": "2026"]
        )
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("not a day of the calendar"))
        #expect(answer.body.contains("Kept"))
        let far = try await office.post("/calendars/poland/days", ["day": "3026-02-01", "name": "x", "works": "off"])
        #expect(far.status == .unprocessableContent)
        #expect(try await office.audit() == [])
    }

    @Test func `a calendar file's days come in once, beside those entered by hand`() async throws {
        let office = try await Office.make()
        try await office.database.sql(
            """
            INSERT INTO calendar_day (portal_id, day, works, name, source) 
                VALUES (1, '2026-12-01', false, 'Mine', 'hand')
            """
        )
        let both = Self.ics.replacing(
            "BEGIN:VEVENT",
            with: "BEGIN:VEVENT\nDTSTART:20261201\nSUMMARY:Theirs\nEND:VEVENT\nBEGIN:VEVENT"
        )
        let taken = try await office.upload("/calendars/poland/file", both)
        #expect(taken.status == .seeOther)
        let days = try await office.database.sql(
            "SELECT to_char(day, 'YYYY-MM-DD'), name, works FROM calendar_day ORDER BY day"
        )
        #expect(days == [["2026-11-30", "Founders' day", "f"], ["2026-12-01", "Mine", "f"]])
        let again = try await office.upload("/calendars/poland/file", both)
        #expect(again.body.contains("stand in the calendar already"))
        #expect(try await office.audit() == ["calendar.file_taken Eva 1"])
        let working = try await office.upload("/calendars/poland/file", Self.ics, works: "works")
        #expect(working.status == .seeOther)
        #expect(try await office.database.value("SELECT works FROM calendar_day WHERE source = 'file'") == "t")
    }

    @Test func `a file that is no calendar gets clear words and changes nothing`() async throws {
        let office = try await Office.make()
        let answer = try await office.upload("/calendars/poland/file", "<html>Holidays</html>")
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("This is no iCalendar file"))
        let large = try await office.upload("/calendars/poland/file", String(repeating: "x", count: 600_000))
        #expect(large.body.contains("larger than 512 kB"))
        #expect(try await office.audit() == [])
    }

    @Test func `who may only look sees no forms and is refused`() async throws {
        let office = try await Office.make()
        let page = try await office.get("/calendars/poland", as: [.scheduler])
        #expect(page.status == .ok)
        #expect(!page.body.contains("/calendars/poland/days"))
        #expect(try await office.post("/calendars/poland/days", Self.fields, as: [.scheduler]).status == .forbidden)
        #expect(try await office.get("/calendars", as: [.verifier]).status == .forbidden)
        #expect(try await office.get("/calendars/hungary").status == .notFound)
        #expect(try await office.get("/calendars/poland?year=12345").status == .notFound)
    }
}
