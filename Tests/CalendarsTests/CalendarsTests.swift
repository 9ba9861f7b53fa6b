import DeskKit
import Postgres
import TestKit
import Testing

@testable import Calendars

@Suite struct CalendarsTests {
    private let database: TestDatabase

    init() async throws {
        database = try await Office.database()
    }

    private func names(_ portal: PortalID, _ year: Int) async throws -> [String] {
        let days = try await days(portal, year)
        return days.compactMap { day in day.reason == .holiday ? "\(day.day) \(day.name ?? "")" : nil }
    }

    private func days(_ portal: PortalID, _ year: Int) async throws -> [CalendarDay] {
        let (first, last) = (day("\(year)-01-01"), day("\(year)-12-31"))
        return try await database.workerDatabase.read(.portal(portal)) { session in
            try CalendarsService.days(portal, from: first, to: last, in: session)
        }
    }

    private func add(_ number: Int, to start: String, _ portal: PortalID = Office.poland) async throws -> String {
        let start = day(start)
        return try await database.workerDatabase.read(.portal(portal)) { session in
            try CalendarsService.add(workingDays: number, to: start, portal, in: session).iso
        }
    }

    @Test func `Poland's days off of 2026 are those of the act, Christmas Eve among them`() async throws {
        #expect(
            try await names(Office.poland, 2026) == [
                "2026-01-01 new_year", "2026-01-06 epiphany", "2026-04-05 easter_sunday", "2026-04-06 easter_monday",
                "2026-05-01 labour_day", "2026-05-03 constitution_day", "2026-05-24 pentecost",
                "2026-06-04 corpus_christi", "2026-08-15 assumption", "2026-11-01 all_saints",
                "2026-11-11 independence_day", "2026-12-24 christmas_eve", "2026-12-25 christmas",
                "2026-12-26 christmas_second",
            ]
        )
        #expect(!(try await names(Office.poland, 2024)).contains("2024-12-24 christmas_eve"))
        #expect(!(try await names(Office.poland, 2010)).contains("2010-01-06 epiphany"))
    }

    @Test(arguments: [
        (1961, "1961-04-02"), (1981, "1981-04-19"), (2000, "2000-04-23"), (2008, "2008-03-23"), (2019, "2019-04-21"),
        (2024, "2024-03-31"), (2025, "2025-04-20"), (2027, "2027-03-28"), (2038, "2038-04-25"), (2076, "2076-04-19"),
    ])
    func `Easter falls where the church's tables have it`(year: Int, expected: String) async throws {
        #expect(try await database.value("SELECT to_char(easter(\(year)), 'YYYY-MM-DD')") == expected)
    }

    /// The numbers are those of the countries' published calendars of working hours; Poland's gives two days more off
    /// in 2026 for holidays on a Saturday, which each employer chooses.
    @Test(arguments: [
        (Office.poland, 2025, 251), (Office.poland, 2026, 253), (Office.hungary, 2025, 252),
        (Office.hungary, 2026, 253),
        (Office.russia, 2025, 247), (Office.russia, 2026, 247),
    ])
    func `a year has as many working days as its country publishes`(
        portal: PortalID,
        year: Int,
        expected: Int
    ) async throws {
        #expect(try await days(portal, year).count(where: \.works) == expected)
    }

    @Test func `Hungarian Saturdays worked in exchange and their Fridays off are known`() async throws {
        let days = try await days(Office.hungary, 2026).filter { $0.reason == .moved }
        #expect(days.filter(\.works).map(\.day.iso) == ["2026-01-10", "2026-08-08", "2026-12-12"])
        #expect(days.filter { !$0.works }.map(\.day.iso) == ["2026-01-02", "2026-08-21", "2026-12-24"])
        #expect(try await names(Office.hungary, 2026).contains("2026-04-03 good_friday"))
        #expect(try await names(Office.hungary, 2026).contains("2026-05-25 whit_monday"))
    }

    @Test func `a Russian holiday on a weekend gives the Monday, unless the government moved it elsewhere`()
        async throws
    {
        let inRussia = try await names(Office.russia, 2026)
        #expect(inRussia.contains("2026-03-09 substitute"))
        #expect(inRussia.contains("2026-05-11 substitute"))
        #expect(!inRussia.contains("2026-01-05 substitute"))
        let moved = try await days(Office.russia, 2025).filter { $0.reason == .moved }
        #expect(moved.first { $0.day.iso == "2025-02-24" }?.works == true)
        #expect(moved.first { $0.day.iso == "2025-05-08" }?.works == false)
        #expect(moved.first { $0.day.iso == "2025-11-01" }?.works == true)
    }

    @Test(arguments: [
        ("2026-11-20", 1, "2026-11-23"), ("2026-11-10", 1, "2026-11-12"), ("2026-12-23", 1, "2026-12-28"),
        ("2026-12-23", 5, "2027-01-04"), ("2026-11-23", -1, "2026-11-20"), ("2026-11-12", -1, "2026-11-10"),
        ("2026-11-21", 0, "2026-11-23"), ("2026-11-20", 0, "2026-11-20"), ("2026-01-01", 253, "2026-12-31"),
        ("2026-12-31", -252, "2026-01-02"),
    ])
    func `working days are counted from the day after, or back from the day before`(
        start: String,
        number: Int,
        expected: String
    ) async throws {
        #expect(try await add(number, to: start) == expected)
    }

    @Test func `the days left until a deadline agree with the deadline`() async throws {
        for number in [1, 5, 30] {
            let start = day("2026-12-18")
            let left = try await database.workerDatabase.read(.portal(Office.hungary)) { session in
                let end = try CalendarsService.add(workingDays: number, to: start, Office.hungary, in: session)
                return try CalendarsService.workingDays(after: start, through: end, Office.hungary, in: session)
            }
            #expect(left == number)
        }
    }

    @Test func `a portal's own day stands over its country's, and for no other portal`() async throws {
        try await database.sql(
            """
            INSERT INTO calendar_day (portal_id, day, works, name, source) VALUES
                (1, '2026-11-23', false, 'Stock-taking', 'hand'), (1, '2026-11-28', true, 'Saturday shift', 'hand')
            """
        )
        #expect(try await add(1, to: "2026-11-20") == "2026-11-24")
        #expect(try await add(1, to: "2026-11-27") == "2026-11-28")
        #expect(try await add(1, to: "2026-11-20", Office.hungary) == "2026-11-23")
    }

    @Test func `a closure of a year is stepped over, and a calendar without working days is refused`() async throws {
        try await database.sql(
            """
            INSERT INTO calendar_day (portal_id, day, works, name, source)
            SELECT 1, d, false, 'Closed', 'file' FROM generate_series('2026-12-01'::date, '2027-12-01', '1 day') AS d
            """
        )
        #expect(try await add(1, to: "2026-11-30") == "2027-12-02")
        #expect(try await add(-1, to: "2027-12-02") == "2026-11-30")
    }

    @Test func `the functions serve whole sets of days`() async throws {
        let wrong = try await database.value(
            """
            SELECT count(*) FROM calendar_days(1::smallint, '2026-01-01', '2026-12-31') AS d
            WHERE d.works IS DISTINCT FROM is_working_day(1::smallint, d.day)
            """
        )
        #expect(wrong == "0")
    }
}
