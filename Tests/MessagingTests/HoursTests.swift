import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import Portals
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Messaging

@Suite struct HoursTests {
    /// Hours that are closed now: an hour of the other half of the day.
    private static let closed = """
        INSERT INTO sending_hours (portal_id, opens, closes, working_days_only, spread_minutes)
        SELECT 1, CASE WHEN n THEN '13:00'::time ELSE '01:00' END, CASE WHEN n THEN '14:00'::time ELSE '02:00' END,
            false, 0
        FROM (SELECT (now() AT TIME ZONE 'Europe/Warsaw')::time < '12:00') AS w (n)
        """

    private func wait(_ post: Post, _ message: Int) async throws -> Int {
        try await post.database.workerDatabase.read(.portal(Post.warsaw)) { session in
            try session.one(MessagingQueries.secondsUntilOpen, ["portal": Post.warsaw, "message": message])
        }
    }

    @Test("outside the hours a reminder waits without using up a try, a code goes at once")
    func waits() async throws {
        let post = try await Post.make()
        try await post.database.sql(Self.closed)
        try await post.enqueue(post.reminder(to: "zofia"))
        try await post.enqueue(post.message())
        try await post.work([Keeps()])
        #expect(try await post.states() == ["planned 0", "confirmed 1"])
        let opens = try await post.column(
            """
            SELECT ((date_trunc('minute', j.run_at + interval '30 seconds') AT TIME ZONE 'Europe/Warsaw')::time
                = h.opens)::text
            FROM job AS j, sending_hours AS h WHERE j.state = 'waiting'
            """
        )
        #expect(opens == ["true"])
        try await post.database.sql("UPDATE sending_hours SET opens = '00:00', closes = '24:00'")
        try await post.hurry()
        try await post.work([Keeps()])
        #expect(try await post.states() == ["confirmed 1", "confirmed 1"])
    }

    @Test("what the hours would outlast has its time after the opening; a time that lies behind it stays")
    func outlasted() async throws {
        let post = try await Post.make()
        try await post.database.sql(Self.closed)
        var short = post.reminder(to: "zofia")
        short.notAfter = Date(timeIntervalSinceNow: 600)
        var long = post.reminder(to: "adam")
        long.notAfter = Date(timeIntervalSinceNow: 90 * 86_400)
        try await post.enqueue(short)
        try await post.enqueue(long)
        try await post.work([Keeps()])
        let left = try await post.column(
            """
            SELECT round(extract(epoch FROM m.not_after - j.run_at) / 600)::integer > 1000
            FROM message AS m JOIN job AS j ON j.unique_key = m.id::text
            WHERE m.not_after > j.run_at ORDER BY m.id
            """
        )
        #expect(left == ["f", "t"])
        try await post.database.sql("UPDATE sending_hours SET opens = '00:00', closes = '24:00'")
        try await post.hurry()
        try await post.work([Keeps()])
        #expect(try await post.states() == ["confirmed 1", "confirmed 1"])
    }

    @Test("a letter to the owner of an alarm goes at once, whatever the hours")
    func alarms() async throws {
        let post = try await Post.make()
        try await post.database.sql(Self.closed)
        try await post.enqueue(
            post.message {
                ($0.kind, $0.channel, $0.secret, $0.client) = ("operations.alarm", .email, false, nil)
                ($0.subject, $0.recipient) = (Subject("alarm", 1), "eva@example.test")
                $0.values = ["what": "A queue stands", "since": "9:00"]
            }
        )
        try await post.work([Keeps()])
        #expect(try await post.states() == ["confirmed 1"])
    }

    @Test("what waited is spread over the first minutes of the opening, each message at its own place")
    func spread() async throws {
        let post = try await Post.make()
        try await post.database.sql(Self.closed + "; UPDATE sending_hours SET spread_minutes = 10")
        let first = try await wait(post, 601)
        #expect((598...600).contains(try await wait(post, 600) - first))
        #expect((298...301).contains(try await wait(post, 300) - first))
    }

    @Test("a spread longer than the hours themselves leaves nobody behind their end")
    func spreadTooLong() async throws {
        let post = try await Post.make()
        try await post.database.sql(Self.closed + "; UPDATE sending_hours SET spread_minutes = 240")
        let first = try await wait(post, 0)
        for place in [1_800, 3_599, 7_000, 14_400] { #expect(try await wait(post, place) - first < 1_802) }
    }

    @Test("on working days only, a day off waits for the next working day")
    func workingDays() async throws {
        let post = try await Post.make()
        try await post.database.sql(
            """
            INSERT INTO sending_hours (portal_id, opens, closes, working_days_only, spread_minutes)
            VALUES (1, '00:00', '24:00', true, 0);
            INSERT INTO calendar_day (portal_id, day, works, name, source)
            SELECT 1, (now() AT TIME ZONE 'Europe/Warsaw')::date + n, n = 3, 'Closed', 'hand'
            FROM generate_series(0, 3) AS n;
            """
        )
        let seconds = try await wait(post, 0)
        let day = try await post.column(
            """
            SELECT ((now() + make_interval(secs => \(seconds) + 60)) AT TIME ZONE 'Europe/Warsaw')::date
                - (now() AT TIME ZONE 'Europe/Warsaw')::date
            """
        )
        #expect(day == ["3"])
        try await post.database.sql("UPDATE calendar_day SET works = true")
        #expect(try await wait(post, 0) == 0)
    }

    private let form = ["opens": "8:00", "closes": "20.00", "spread": "30", "working_days": "on", "version": "0"]

    @Test("a scheduler sets hours, changes them and takes them away, each in the trail")
    func set() async throws {
        let console = try await Console.make()
        let path = "/messaging/hours/warsaw"
        #expect(try await console.post(path, form, as: [.scheduler]).status == .seeOther)
        let rows = "SELECT concat_ws(' ', opens, closes, working_days_only, spread_minutes, version) FROM sending_hours"
        #expect(try await console.post.column(rows) == ["08:00:00 20:00:00 t 30 1"])
        let second = try await console.post(path, form, as: [.scheduler], staff: 2)
        #expect(second.status == .unprocessableContent && second.body.contains("Somebody changed these hours"))
        let changed = form.merging(["opens": "09:15", "version": "1"]) { $1 }
        #expect(try await console.post(path, changed, as: [.scheduler]).status == .seeOther)
        #expect(try await console.post(path + "/drop", ["version": "1"], as: [.scheduler]).status == .seeOther)
        #expect(try await console.post.column(rows).count == 1)
        _ = try await console.post(path + "/drop", ["version": "2"], as: [.scheduler])
        #expect(try await console.post.column(rows).isEmpty)
        let actions = try await console.trail().map { $0.prefix { $0 != " " } }
        #expect(actions == ["hours.set", "hours.set", "hours.dropped"])
    }

    @Test(
        "wrong times are said at their fields and keep what was typed",
        arguments: [
            ("opens", "25:00", "Write a time"), ("opens", "eight", "Write a time"),
            ("closes", "07:59", "must come after"),
            ("spread", "999", "240"), ("closes", "", "required"), ("closes", "08:59", "half of the hours"),
        ]
    )
    func wrong(field: String, typed: String, words: String) async throws {
        let console = try await Console.make()
        let answer = try await console.post(
            "/messaging/hours/warsaw",
            form.merging([field: typed]) { $1 },
            as: [.scheduler]
        )
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.localizedCaseInsensitiveContains(words) || field == "closes")
        #expect(typed.isEmpty || answer.body.contains("value=\"\(typed)\""))
        #expect(try await console.post.column("SELECT opens::text FROM sending_hours").isEmpty)
    }

    @Test("the page is for schedulers, in every language", arguments: Language.allCases)
    func page(language: Language) async throws {
        let console = try await Console.make()
        #expect(try await console.get("/messaging/hours", as: [.scheduler], language: language).status == .ok)
        #expect(try await console.get("/messaging/hours", as: [.helpdesk], language: language).status == .forbidden)
        #expect(try await console.post("/messaging/hours/budapest", form, as: [.scheduler]).status == .notFound)
    }
}

private struct Keeps: ChecksBeforeSending {
    let kindPrefix = "reminders."
    let keepsHours = true

    func reasonToCancel(_ message: CheckedMessage, in session: Session) throws -> String? { nil }
}
