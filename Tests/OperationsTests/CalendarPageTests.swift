import DeskKit
import HTTPTypes
import TestKit
import Testing

@testable import Operations

@Suite struct CalendarPageTests {
    private func body(_ month: String, cron: String, _ more: String = "") async throws -> String {
        let console = try await Console.make()
        try await console.database.sql("UPDATE schedule SET cron = '\(cron)'\(more)")
        return try await console.get("/operations/calendar?month=\(month)").body
    }

    private func count(_ part: String, in text: String) -> Int {
        text.split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    @Test func `a daily schedule stands in each day of the weeks shown`() async throws {
        let page = try await body("2026-11", cron: "0 9 * * *")
        #expect(count("09:00 Payment reminders", in: page) == 42)
        #expect(page.contains("/operations/calendar?month=2026-12") && page.contains("1 Nov to 30 Nov 2026"))
    }

    @Test func `the night of the missing hour says when it runs, or that it is left out`() async throws {
        #expect(try await body("2027-03", cron: "30 2 * * *").contains("at 03:00, the clocks skip this time"))
        let skipping = try await body("2027-03", cron: "30 2 * * *", ", missing_hour = 'skip'")
        #expect(count("left out, the clocks skip this time", in: skipping) == 1)
    }

    @Test func `the night of the repeated hour says which pass counts`() async throws {
        let first = try await body("2026-10", cron: "30 2 * * *")
        #expect(count("the hour comes twice, runs in the first", in: first) == 1)
        let last = try await body("2026-10", cron: "30 2 * * *", ", repeated_hour = 'last'")
        #expect(count("the hour comes twice, runs in the second", in: last) == 1)
    }

    @Test func `what runs many times a day stands above the calendar`() async throws {
        let page = try await body("2026-11", cron: "every 15m")
        #expect(page.contains("Many times a day") && page.contains("every 15 minutes"))
        #expect(!page.contains("00:15"))
    }

    @Test func `a month that is none is not found`() async throws {
        let console = try await Console.make()
        for month in ["2026-13", "x", "26-11", "1500-01"] {
            #expect(try await console.get("/operations/calendar?month=\(month)").status == .notFound)
        }
        #expect(try await console.get("/operations/calendar").status == .ok)
    }

    @Test(arguments: [("2026-02", 5, 28), ("2026-03", 6, 31), ("2027-02", 4, 28)])
    func `a month is shown by whole weeks from Monday`(text: String, weeks: Int, last: Int) throws {
        let month = try #require(CalendarMonth(text: text))
        #expect(month.weeks.count == weeks && month.last.day == last)
        #expect(month.weeks.allSatisfy { $0.count == 7 && $0[0].weekday == 1 })
    }
}
