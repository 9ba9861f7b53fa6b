import DeskKit
import Postgres
import TestKit
import Testing

/// A name that must never be seen outside of its row.
private let secret = "Jadwiga Wołodyjowska"

@Suite struct ErrorTests {
    static let queries = """
        -- name: add :exec
        INSERT INTO person (id, name, age) VALUES (@id::int, @name::text, @age::text::int);
        -- name: read :one
        SELECT name FROM person WHERE id = @id::int;
        -- name: search :exec
        SELECT to_tsquery('simple', @words::text);
        -- name: cast :exec
        SELECT @name::text::regclass;
        -- name: complain :exec
        SELECT complain(@name::text);
        -- name: copy :exec
        COPY person FROM STDIN;
        -- name: wrong_type :one
        SELECT @name::text AS name;
        """

    private func database() async throws -> TestDatabase {
        let test = try await makeDatabase(Self.queries)
        try await test.sql(
            """
            CREATE TABLE person (
                id int CONSTRAINT person_key PRIMARY KEY, name text NOT NULL CONSTRAINT person_name CHECK (name <> 'x'),
                age int CONSTRAINT person_age CHECK (age < 150));
            GRANT ALL ON person TO portaldesk_console;
            CREATE FUNCTION complain(name text) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'no %', name USING DETAIL = name, HINT = name, CONSTRAINT = 'complaint'; END $$;
            INSERT INTO person VALUES (1, '\(secret)', 40)
            """
        )
        return test
    }

    private func failure(
        _ test: TestDatabase,
        _ body: @escaping @Sendable (Session) throws -> Void
    ) async throws -> PostgresError {
        try #require(
            await #expect(throws: PostgresError.self) { try await test.database.transaction(.installation, body) }
        )
    }

    @Test func `violations say which constraint and statement, and no more`() async throws {
        let test = try await database()
        let add = Statement("t.add")
        let double = try await failure(test) { try $0.run(add, ["id": 1, "name": secret, "age": "40"]) }
        #expect(double.code == .uniqueViolation)
        #expect(double.violates("person_key"))
        #expect(double.query == "t.add")
        let check = try await failure(test) { try $0.run(add, ["id": 2, "name": secret, "age": "200"]) }
        #expect(check.code == .checkViolation)
        #expect(check.violates("person_age"))
        let null = try await failure(test) { try $0.run(add, ["id": 2, "name": nil as String?, "age": "2"]) }
        #expect(null.code == .notNullViolation)
        #expect(null.column == "name")
    }

    @Test func `no failure shows a value, however it is printed`() async throws {
        let test = try await database()
        struct Number: Decodable, Sendable { var name: Int }
        let failures = [
            try await failure(test) { try $0.run(Statement("t.add"), ["id": 1, "name": secret, "age": "40"]) },
            try await failure(test) { try $0.run(Statement("t.add"), ["id": 3, "name": secret, "age": secret]) },
            try await failure(test) { try $0.run(Statement("t.search"), ["words": "\(secret) & ("]) },
            try await failure(test) { try $0.run(Statement("t.cast"), ["name": secret]) },
            try await failure(test) { try $0.run(Statement("t.complain"), ["name": secret]) },
            try await failure(test) { session in
                var chunks: [[UInt8]] = [Array("7\t\(secret)\t\(secret)\n".utf8)]
                try session.copyIn(Statement("t.copy")) { chunks.popLast() }
            },
            try await failure(test) { _ = try $0.one(Query<Number>("t.wrong_type"), ["name": secret]) },
        ]
        for failure in failures {
            var dumped = ""
            dump(failure, to: &dumped)
            for text in [failure.description, "\(failure)", String(reflecting: failure), dumped] {
                #expect(!text.contains("Jadwiga"))
                #expect(!text.contains("Wo"))
            }
        }
        #expect(failures.map(\.code) == [.uniqueViolation, .server, .server, .server, .server, .server, .decoding])
        #expect(failures[4].constraint == "complaint")
        #expect(failures[6].column == "name")
    }

    @Test func `a statement that failed and was swallowed does not commit in silence`() async throws {
        let test = try await database()
        let error = try await failure(test) { session in
            try session.run(Statement("t.add"), ["id": 5, "name": secret, "age": "1"])
            _ = try? session.run(Statement("t.add"), ["id": 5, "name": secret, "age": "1"])
        }
        #expect(error.violates("person_key"))
        #expect(try await test.value("SELECT count(*) FROM person") == "1")
    }

    @Test func `behind a savepoint a failure undoes only its own part`() async throws {
        let test = try await database()
        let error = try await test.database.transaction(.installation) { session in
            try session.run(Statement("t.add"), ["id": 5, "name": secret, "age": "1"])
            do {
                try session.savepoint {
                    try session.run(Statement("t.add"), ["id": 6, "name": secret, "age": "1"])
                    try session.run(Statement("t.add"), ["id": 1, "name": secret, "age": "1"])
                }
                return nil as PostgresError?
            } catch let error as PostgresError {
                return error
            }
        }
        #expect(error?.violates("person_key") == true)
        #expect(try await test.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM person") == "1,5")
    }

    @Test func `a URL that cannot be read and a server that is not there are told without the password`() async throws {
        for url in ["postgresql://u:verysecret@[half/d", "postgresql://u:verysecret@127.0.0.1:1/d?connect_timeout=2"] {
            let database = Database(
                configuration: DatabaseConfiguration(url: url, acquireTimeout: .milliseconds(100)),
                catalog: try QueryCatalog(entries: []),
                logger: quiet
            )
            let error = await #expect(throws: PostgresError.self) {
                try await database.transaction(.installation) { _ in }
            }
            #expect([.configuration, .connectionFailed].contains(error?.code))
            #expect(error?.description.contains("verysecret") == false)
        }
    }
}
