import DeskKit
import Postgres
import TestKit
import Testing

@testable import Clients

/// A client whose data were erased but for what the law keeps.
struct RestrictedClientTests {
    private static let files = [
        "clients.csv": """
        key;kind;name;country;language;customer_number
        C-1;person;Anna Nowak;PL;pl;K-1
        C-2;person;Jan Lis;PL;pl;K-2
        """,
        "contacts.csv": """
        key;client;kind;value
        T-1;C-1;phone;+48601000001
        T-2;C-2;phone;+48601000002
        """,
        "contracts.csv": """
        key;client;number;kind;signed_on;ended_on;currency
        U-1;C-1;L/1;operating;2019-01-01;2022-01-01;PLN
        U-2;C-2;L/2;operating;2019-01-01;2022-01-01;PLN
        """,
        "instalments.csv": """
        key;contract;kind;due_on;amount_minor;currency
        R-1;U-1;instalment;2021-01-01;100;PLN
        R-2;U-2;instalment;2021-01-01;100;PLN
        """,
        "payments.csv": """
        key;instalment;paid_on;amount_minor;currency
        P-1;R-1;2021-01-01;100;PLN
        P-2;R-2;2021-01-01;100;PLN
        """,
    ]

    private func restricted() async throws -> Book {
        let book = try await Book()
        #expect(try await book.take(Self.files).wrong.isEmpty)
        try await book.test.sql(
            """
            INSERT INTO staff (id, login, name) OVERRIDING SYSTEM VALUE VALUES (1, 'one', 'One'), (2, 'two', 'Two');
            INSERT INTO erasure (portal_id, client_id, plan_hash, made_by)
            SELECT 1, id, '', 1 FROM client WHERE external_key = 'C-1';
            DELETE FROM contact WHERE external_key = 'T-1';
            INSERT INTO client_restriction (portal_id, client_id, erasure_id, until)
            SELECT 1, client_id, id, '2031-12-31' FROM erasure;
            """
        )
        return book
    }

    @Test("An import brings nothing of them back, and takes in everybody else")
    func passedBy() async throws {
        let book = try await restricted()
        let changed = Self.files.mapValues { $0.replacing("Nowak", with: "Kowalska").replacing("Lis", with: "Lisek") }
        let report = try await book.take(changed)
        #expect(report.wrong.isEmpty)
        #expect(report.applied)
        #expect(try await book.test.value("SELECT count(*) FROM contact WHERE external_key = 'T-1'") == "0")
        #expect(try await book.test.value("SELECT name FROM client WHERE external_key = 'C-1'") == "Anna Nowak")
        #expect(try await book.test.value("SELECT name FROM client WHERE external_key = 'C-2'") == "Jan Lisek")
    }

    @Test("Their rows are written by nobody")
    func written() async throws {
        let book = try await restricted()
        for forbidden in [
            "UPDATE client SET name = 'X' WHERE external_key = 'C-1'",
            "INSERT INTO contact (portal_id, client_id, kind, value) SELECT 1, client_id, 'phone', '1' FROM erasure",
            "UPDATE contract SET number = 'X' WHERE external_key = 'U-1'",
        ] {
            await #expect(throws: (any Error).self, "\(forbidden)") { try await book.test.sql(forbidden) }
        }
        try await book.test.sql("UPDATE client SET name = 'X' WHERE external_key = 'C-2'")
    }
}
