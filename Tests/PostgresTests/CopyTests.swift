import DeskKit
import Postgres
import TestKit
import Testing

@Suite struct CopyTests {
    static let queries = """
        -- name: stage :exec
        CREATE TEMPORARY TABLE staged (id int, name text) ON COMMIT DROP;
        -- name: fill :exec
        COPY staged (id, name) FROM STDIN WITH (FORMAT csv);
        -- name: pour :exec
        COPY (SELECT id, name FROM staged ORDER BY id) TO STDOUT WITH (FORMAT csv);
        -- name: endless :exec
        COPY (SELECT n FROM generate_series(1, 10000000) AS n) TO STDOUT;
        -- name: sum :one
        SELECT count(*) AS count, sum(id)::bigint AS sum, max(length(name)) AS longest FROM staged;
        -- name: one :one
        SELECT 1;
        """

    struct Sum: Decodable, Sendable, Hashable {
        var count: Int
        var sum: Int
        var longest: Int
    }

    private func rows(_ range: ClosedRange<Int>) -> [UInt8] {
        Array(range.map { "\($0),\"Łódź, \"\"\($0)\"\" 🦔\"\n" }.joined().utf8)
    }

    @Test func `ten thousand rows are streamed in, whatever the size of the chunks, and out again`() async throws {
        let test = try await makeDatabase(Self.queries)
        let bytes = rows(1...10_000)
        let (copied, sum, poured, back) = try await test.database.transaction(.installation) { session in
            try session.run(Statement("t.stage"))
            var rest = bytes[...]
            var size = 1
            let copied = try session.copyIn(Statement("t.fill")) {
                if rest.isEmpty { return nil }
                size = size * 3 % 10_007 + 1
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            }
            var back: [UInt8] = []
            let poured = try session.copyOut(Statement("t.pour")) { back += $0 }
            return (copied, try session.one(Query<Sum>("t.sum")), poured, back)
        }
        #expect(copied == 10_000)
        #expect(sum == Sum(count: 10_000, sum: 50_005_000, longest: 15))
        #expect(poured == 10_000)
        #expect(back == bytes)
    }

    @Test func `a sender that gives up copies nothing, and the connection goes on`() async throws {
        struct GaveUp: Error {}
        let test = try await makeDatabase(Self.queries)
        let count = try await test.database.transaction(.installation) { session in
            try session.run(Statement("t.stage"))
            var chunks = 0
            do {
                try session.savepoint {
                    try session.copyIn(Statement("t.fill")) {
                        chunks += 1
                        if chunks == 3 { throw GaveUp() }
                        return Array("\(chunks),x\n".utf8)
                    }
                }
            } catch is GaveUp {}
            return try session.copyIn(Statement("t.fill")) {
                defer { chunks = 0 }
                return chunks == 0 ? nil : Array("7,y\n".utf8)
            }
        }
        #expect(count == 1)
        #expect(test.database.metrics.open == 1)
        #expect(test.database.metrics.discarded == 0)
    }

    @Test func `a malformed row fails the copy, and the connection goes on`() async throws {
        let test = try await makeDatabase(Self.queries)
        let error = await #expect(throws: PostgresError.self) {
            try await test.database.transaction(.installation) { session in
                try session.run(Statement("t.stage"))
                var left = 100_000
                try session.copyIn(Statement("t.fill")) {
                    left -= 1
                    return left == 0 ? nil : Array((left == 99_990 ? "x,y\n" : "1,y\n").utf8)
                }
            }
        }
        #expect(error?.sqlState == "22P02")
        #expect(error?.query == "t.fill")
        #expect(try await test.database.read(.installation) { try $0.one(Query<Int>("t.one")) } == 1)
        #expect(test.database.metrics.open == 1)
    }

    @Test func `a taker that has enough stops the copy`() async throws {
        struct Enough: Error {}
        let test = try await makeDatabase(Self.queries)
        await #expect(throws: Enough.self) {
            try await test.database.read(.installation) { session in
                var count = 0
                try session.copyOut(Statement("t.endless")) { _ in
                    count += 1
                    if count == 10 { throw Enough() }
                }
            }
        }
        #expect(try await test.database.read(.installation) { try $0.one(Query<Int>("t.one")) } == 1)
        #expect(test.database.metrics.open == 1)
    }

    @Test func `a statement that is no copy is refused as one`() async throws {
        let test = try await makeDatabase(Self.queries)
        let error = await #expect(throws: PostgresError.self) {
            try await test.database.transaction(.installation) { try $0.copyIn(Statement("t.stage")) { nil } }
        }
        #expect(error?.code == .copy)
    }
}
