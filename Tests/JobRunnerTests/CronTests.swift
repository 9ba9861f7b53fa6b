import DeskKit
import Testing

@testable import JobRunner

@Suite struct CronTests {
    private func next(_ cron: String, _ after: String) throws -> String? {
        let time = try #require(CivilDateTime(iso: after))
        return try CronExpression(cron).next(after: time)?.iso
    }

    @Test(arguments: [
        ("0 9 * * *", "2026-11-21 08:59:00", "2026-11-21 09:00:00"),
        ("0 9 * * *", "2026-11-21 09:00:00", "2026-11-22 09:00:00"),
        ("*/15 8-9 * * *", "2026-11-21 09:45:00", "2026-11-22 08:00:00"),
        ("0 9 * * mon-fri", "2026-11-20 09:00:00", "2026-11-23 09:00:00"),
        ("0 9 * * 7", "2026-11-21 09:00:00", "2026-11-22 09:00:00"),
        ("0 9 * * 0", "2026-11-21 09:00:00", "2026-11-22 09:00:00"),
        ("0 0 29 feb *", "2026-01-01 00:00:00", "2028-02-29 00:00:00"),
        ("0 0 1 1 *", "2026-12-31 23:59:30", "2027-01-01 00:00:00"),
        ("5,35 * * * *", "2026-11-21 23:35:00", "2026-11-22 00:05:00"),
        ("0 0 13 * fri", "2026-11-21 00:00:00", "2026-11-27 00:00:00"),
        ("10/20 0 * * *", "2026-11-21 00:10:00", "2026-11-21 00:30:00"),
    ])
    func `the next time is found`(cron: String, after: String, expected: String) throws {
        #expect(try next(cron, after) == expected)
    }

    @Test func `a leap day is found over a century without one`() throws {
        #expect(try next("0 0 29 2 *", "2096-03-01 00:00:00") == "2104-02-29 00:00:00")
    }

    @Test func `nothing follows the last minute there is`() throws {
        #expect(try next("59 23 31 12 *", "9999-12-31 23:59:00") == nil)
    }

    @Test(arguments: [
        ("", CronFault(.fieldCount, field: nil)), ("0 9 * *", CronFault(.fieldCount, field: nil)),
        ("60 9 * * *", CronFault(.value, field: .minute)), ("0 24 * * *", CronFault(.value, field: .hour)),
        ("0 9 0 * *", CronFault(.value, field: .day)), ("0 9 * 13 *", CronFault(.value, field: .month)),
        ("0 9 * * 8", CronFault(.value, field: .weekday)), ("0 9 * * fry", CronFault(.value, field: .weekday)),
        ("5-1 9 * * *", CronFault(.value, field: .minute)), ("*/0 9 * * *", CronFault(.step, field: .minute)),
        ("-1 9 * * *", CronFault(.value, field: .minute)), ("1, 9 * * *", CronFault(.value, field: .minute)),
        ("0 9 30 2 *", CronFault(.impossible, field: .day)), ("0 9 31 4,6 *", CronFault(.impossible, field: .day)),
    ])
    func `an impossible one is refused with its field`(text: String, fault: CronFault) {
        #expect(throws: fault) { try CronExpression(text) }
    }

    @Test func `times end at the limit`() throws {
        let start = try #require(CivilDateTime(iso: "2026-11-21 00:00:00"))
        let end = try #require(CivilDateTime(iso: "2026-11-21 03:00:00"))
        let cron = try CronExpression("* * * * *")
        #expect(cron.times(after: start, through: end, limit: 500).count == 180)
        #expect(cron.times(after: start, through: end, limit: 7).count == 7)
    }
}
