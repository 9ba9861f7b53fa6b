import Postgres
import TestKit
import Testing

@Suite struct CatalogTests {
    private func entry(_ sql: String) throws -> CatalogEntry {
        let catalog = try QueryCatalog(sources: ["m": "-- name: x :many\n" + sql])
        return try #require(catalog.entries["m.x"])
    }

    @Test func `each name becomes one number, however often it stands`() throws {
        let entry = try entry("SELECT @b::int, @a::int FROM t WHERE x = @b AND y=@a;")
        #expect(entry.sql == "SELECT $1::int, $2::int FROM t WHERE x = $1 AND y=$2")
        #expect(entry.parameters == ["b", "a"])
    }

    @Test(arguments: [
        "SELECT '@a', E'it\\'s @a', 'it''s @a'", "SELECT \"@a\" FROM t", "SELECT $$ @a $$, $tag$ @a $$ $tag$",
        "SELECT x @> y, y <@x, v @@ q, v@@q, j @? p", "SELECT a <@b",
    ])
    func `strings, names, dollar quotes and operators hold no parameters`(sql: String) throws {
        let entry = try entry(sql)
        #expect(entry.parameters == [])
        #expect(entry.sql == sql)
    }

    @Test func `comments go, nested ones too, and what they hold is no parameter`() throws {
        let entry = try entry("SELECT 1 -- @a 'open\n/* @b /* @c */ ' */ + @d::int")
        #expect(entry.parameters == ["d"])
        #expect(entry.sql.hasSuffix("+ $1::int"))
        #expect(!entry.sql.contains("@"))
    }

    @Test func `a parameter right beside an operator is one`() throws {
        #expect(try entry("SELECT 1 WHERE 2>@a AND 3=@b OR 4<>@c").parameters == ["a", "b", "c"])
    }

    @Test(arguments: [
        ("SELECT 1", "before the first"), ("-- name: x\nSELECT 1", "line 1"), ("-- name: X :one\nSELECT 1", "line 1"),
        ("-- name: x :some\nSELECT 1", "line 1"), ("-- name: x :one\nSELECT 1; SELECT 2", "2 statements"),
        ("-- name: x :one\n-- nothing\n", "0 statements"),
        ("-- name: x :one\nSELECT 1;\n-- name: x :one\nSELECT 2;", "twice"),
    ])
    func `a malformed file is refused with what is wrong`(text: String, words: String) {
        let error = #expect(throws: PostgresError.self) { try QueryCatalog(sources: ["m": text]) }
        #expect(error?.code == .unknownStatement)
        #expect(error?.description.contains(words) == true)
    }

    struct Row: Decodable, Sendable {
        var id: Int64
        var name: String
        var note: String?
    }

    private func problems(_ sql: String, _ listed: [any QueryDescribing]) async throws -> [String] {
        let catalog = try QueryCatalog(sources: ["m": sql])
        let test = try await TestDatabase.make(catalog: catalog)
        try await test.sql(
            """
            CREATE TABLE thing (id bigint PRIMARY KEY, name text NOT NULL, note text, small int);
            GRANT SELECT ON thing TO portaldesk_console
            """
        )
        return try await CatalogCheck(test, catalog: catalog).decoderProblems(listed)
    }

    @Test func `a statement that fits its row raises no complaint`() async throws {
        let sql = "-- name: a :many\nSELECT id, name, note FROM thing WHERE id = @id::bigint;"
        #expect(try await problems(sql, [Query<Row>("m.a")]) == [])
    }

    @Test(arguments: [
        ("SELECT id, note AS name, note FROM thing", "m.a.name may be NULL and is not optional"),
        ("SELECT id, name FROM thing", "m.a.note is read, but the statement does not answer it"),
        ("SELECT id, name, note, small FROM thing", "m.a answers small, which nothing reads"),
        ("SELECT id::text, name, note FROM thing", "m.a.id is text, read as Int64"),
        ("SELECT ARRAY[id] AS id, name, note FROM thing", "m.a.id is _int8, read as Int64"),
    ])
    func `a statement that does not fit its row is told`(sql: String, complaint: String) async throws {
        let found = try await problems("-- name: a :many\n\(sql);", [Query<Row>("m.a")])
        #expect(found == [complaint])
    }

    @Test func `the mark not null excuses a nullable column that the statement fills`() async throws {
        let sql =
            "-- name: a :many\n-- not null: name\nSELECT id, note AS name, note FROM thing WHERE note IS NOT NULL;"
        #expect(try await problems(sql, [Query<Row>("m.a")]) == [])
    }

    @Test func `a statement unlisted, listed twice, unknown or that does not prepare is told`() async throws {
        let sql = "-- name: a :one\nSELECT 1;\n-- name: b :exec\nDELETE FROM nowhere;"
        let found = try await problems(sql, [Query<Int>("m.c"), Statement("m.b"), Statement("m.b")])
        #expect(found.contains("m.a is listed 0 times"))
        #expect(found.contains("m.b is listed 2 times"))
        #expect(found.contains("m.c is listed but not in sql/queries"))
        #expect(found.contains { $0.hasPrefix("m.b: ") && $0.contains("42P01") })
    }

    @Test func `a write to another's table and a right that nobody has are told`() async throws {
        let catalog = try QueryCatalog(sources: [
            "m": """
            -- name: stage :exec
            CREATE TEMPORARY TABLE staged (id int) ON COMMIT DROP;
            -- name: fill :exec
            INSERT INTO staged VALUES (@id::int);
            -- name: sneak :one
            WITH gone AS (DELETE FROM ours WHERE id = @id::int RETURNING id) UPDATE theirs AS t SET id = 2
                RETURNING t.id;
            """
        ])
        let test = try await TestDatabase.make(catalog: catalog)
        try await test.sql("CREATE TABLE ours (id int); CREATE TABLE theirs (id int)")
        let check = try await CatalogCheck(test, catalog: catalog)
        #expect(
            try await check.ownershipProblems(["ours": "m", "theirs": "n"])
                == ["m.sneak writes theirs, which n owns"]
        )
        #expect(try await check.permissionProblems() == ["m.sneak: neither the console nor the worker may run it"])
    }
}
