import DeskKit
import FoundationEssentials
import Postgres
import TestKit
import Testing

@Suite struct QueryTests {
    enum Mood: String, Codable, CaseIterable, PostgresValue {
        case calm
        case busy
    }

    struct Everything: Decodable, Sendable, Equatable {
        var id: ClientID
        var portalID: PortalID
        var name: String
        var count: Int
        var ratio: Double
        var isOpen: Bool
        var bytes: [UInt8]
        var uuid: UUID
        var at: Date
        var day: CivilDate
        var local: CivilDateTime
        var mood: Mood
        var numbers: [Int64]
        var words: [String]
        var missing: String?
        var present: Int?
    }

    static let queries = """
        -- name: everything :one
        SELECT @id::bigint AS id, @portal_id::smallint AS portal_id, @name::text AS name, @count::int AS count,
               @ratio::float8 AS ratio, @is_open::boolean AS is_open, @bytes::bytea AS bytes, @uuid::uuid AS uuid,
               @at::timestamptz AS at, @day::date AS day, @local::timestamp AS local, @mood::text AS mood,
               @numbers::bigint[] AS numbers, @words::text[] AS words, @missing::text AS missing, @present::int
                   AS present;
        -- name: numbers :many
        SELECT n FROM generate_series(1, @top::int) AS n;
        -- name: instant :one
        SELECT @text::timestamptz;
        -- name: bytes :one
        SELECT @bytes::bytea;
        -- name: nothing :first
        SELECT 1 WHERE false;
        -- name: two :one
        SELECT n FROM generate_series(1, 2) AS n;
        """

    @Test func `every type of value goes in and comes out unchanged`() async throws {
        let test = try await makeDatabase(Self.queries)
        let day = try #require(CivilDate(iso: "2026-02-28"))
        let local = try #require(CivilDateTime(iso: "2026-10-25 02:30:00"))
        let sent = Everything(
            id: ClientID(9_007_199_254_740_993),
            portalID: PortalID(3),
            name: "O'Łódź \"x\" \\ 🦔 \u{202E}",
            count: -5,
            ratio: 0.1,
            isOpen: true,
            bytes: [0, 255, 92, 39],
            uuid: UUID(),
            at: Date(timeIntervalSince1970: 1_795_000_000.25),
            day: day,
            local: local,
            mood: .busy,
            numbers: [1, -2, .max],
            words: ["a,b", "\"q\"", "", "NULL", "{x}", "\\"],
            missing: nil,
            present: 7
        )
        let row = try await test.database.transaction(.installation) { session in
            try session.one(
                Query<Everything>("t.everything"),
                [
                    "id": sent.id, "portal_id": sent.portalID, "name": sent.name, "count": sent.count,
                    "ratio": sent.ratio,
                    "is_open": sent.isOpen, "bytes": sent.bytes, "uuid": sent.uuid, "at": sent.at, "day": sent.day,
                    "local": sent.local, "mood": sent.mood, "numbers": sent.numbers, "words": sent.words,
                    "missing": sent.missing, "present": sent.present,
                ]
            )
        }
        #expect(row == sent)
    }

    @Test(arguments: [
        ("2026-11-21 10:20:30.123456+00", 1_795_256_430.123456), ("1969-12-31 23:59:59.5+00", -0.5),
        ("2024-02-29 00:00:00+00", 1_709_164_800.0), ("1600-03-01 12:00:00+00", -11_670_868_800.0),
        ("2026-03-29 02:30:00 Europe/Warsaw", 1_774_747_800.0),
    ])
    func `an instant is read as the instant it is`(text: String, seconds: Double) async throws {
        let test = try await makeDatabase(Self.queries)
        let date = try await test.database.read(.installation) { try $0.one(Query<Date>("t.instant"), ["text": text]) }
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_001)
    }

    @Test func `a megabyte of bytes survives the way there and back`() async throws {
        let test = try await makeDatabase(Self.queries)
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let back = try await test.database.read(.installation) {
            try $0.one(Query<[UInt8]>("t.bytes"), ["bytes": bytes])
        }
        #expect(back == bytes)
    }

    @Test func `rows come all at once or one by one`() async throws {
        let test = try await makeDatabase(Self.queries)
        let numbers = Query<Int>("t.numbers")
        let (all, sum, count) = try await test.database.read(.installation) { session in
            var sum = 0
            let count = try session.each(numbers, ["top": 1_000]) { sum += $0 }
            return (try session.all(numbers, ["top": 3]), sum, count)
        }
        #expect(all == [1, 2, 3])
        #expect(sum == 500_500)
        #expect(count == 1_000)
    }

    @Test func `leaving a long result in the middle keeps the connection and the transaction's end clean`() async throws
    {
        struct Enough: Error {}
        let test = try await makeDatabase(Self.queries)
        let numbers = Query<Int>("t.numbers")
        await #expect(throws: Enough.self) {
            try await test.database.read(.installation) { session in
                try session.each(numbers, ["top": 5_000_000]) { if $0 == 10 { throw Enough() } }
            }
        }
        let again = try await test.database.read(.installation) { try $0.all(numbers, ["top": 2]) }
        #expect(again == [1, 2])
        #expect(test.database.metrics.open == 1)
    }

    @Test func `none is nil for first, and one insists on one`() async throws {
        let test = try await makeDatabase(Self.queries)
        let none = try await test.database.read(.installation) { try $0.first(Query<Int>("t.nothing")) }
        #expect(none == nil)
        let error = await #expect(throws: PostgresError.self) {
            try await test.database.read(.installation) { try $0.one(Query<Int>("t.two")) }
        }
        #expect(error?.code == .notOneRow)
    }

    @Test func `a parameter missing, one too many, an unknown name and a wrong call are each refused`() async throws {
        let test = try await makeDatabase(Self.queries)
        func code(_ body: @escaping @Sendable (Session) throws -> Void) async -> PostgresError? {
            await #expect(throws: PostgresError.self) { try await test.database.read(.installation, body) }
        }
        let missing = await code { _ = try $0.all(Query<Int>("t.numbers")) }
        #expect(missing?.code == .parameters)
        #expect(missing?.description.contains("@top is not given") == true)
        let extra = await code { _ = try $0.all(Query<Int>("t.numbers"), ["top": 1, "bottom": 2]) }
        #expect(extra?.description.contains("no @bottom") == true)
        #expect(await code { _ = try $0.all(Query<Int>("t.absent")) }?.code == .unknownStatement)
        #expect(await code { _ = try $0.one(Query<Int>("t.numbers"), ["top": 1]) }?.code == .unknownStatement)
        #expect(await code { try $0.run(Statement("t.numbers"), ["top": 1]) }?.code == .unknownStatement)
    }
}
