import DeskKit
import TestKit
import Testing

@testable import Clients

struct ImportTests {
    @Test func `a whole book is taken, and a second time nothing changes`() async throws {
        let book = try await Book()
        let first = try await book.take(Sample.all)
        #expect(first.wrong == [])
        #expect(first.applied)
        #expect(
            first.files.map(\.file) == [
                "clients.csv", "contacts.csv", "contracts.csv", "invoices.csv", "instalments.csv", "payments.csv",
                "policies.csv",
            ]
        )
        #expect(first.files.map(\.new) == [2, 2, 3, 4, 3, 4, 2])
        let before = try await book.column("SELECT c::text FROM client AS c ORDER BY id")
        let second = try await book.take(Sample.all)
        #expect(second.files.map(\.same) == [2, 2, 3, 4, 3, 4, 2])
        #expect(second.files.allSatisfy { $0.new + $0.changed + $0.wrong == 0 })
        #expect(try await book.column("SELECT c::text FROM client AS c ORDER BY id") == before)
    }

    @Test func `numbers, phones and addresses are kept in one form`() async throws {
        let book = try await Book()
        try await book.take(Sample.all)
        #expect(
            try await book.column("SELECT value FROM contact ORDER BY id") == [
                "+48500000127", "Anna.Nowak@example.com",
            ]
        )
        #expect(try await book.value("SELECT tax_number FROM client WHERE external_key = 'A1'") == "9990000008")
        #expect(try await book.value("SELECT trusted FROM contact WHERE external_key = 'P2'") == "f")
    }

    @Test func `a changed row is changed, a new one added, an absent one stays`() async throws {
        let book = try await Book()
        try await book.take(Sample.all)
        let report = try await book.take([
            "clients.csv":
                "key;kind;name;country;language\r\nB2;person;Anna Kowalska;PL;pl\r\nC3;person;Jan Lis;PL;pl\r\n"
        ])
        #expect(report.file("clients.csv")?.counts == [2, 1, 1, 0, 0])
        #expect(
            try await book.column("SELECT name FROM client ORDER BY external_key") == [
                "Łódzkie Zakłady Transportu", "Anna Kowalska", "Jan Lis",
            ]
        )
        #expect(try await book.value("SELECT version FROM client WHERE external_key = 'B2'") == "2")
        let terms = try await book.column(
            "SELECT term FROM client_term AS t JOIN client ON id = client_id"
                + " WHERE external_key = 'B2' AND t.kind = 'name' ORDER BY term"
        )
        #expect(terms == ["anna", "kowalska"])
        let told = try await book.column("SELECT action FROM audit_event WHERE action LIKE 'client.%'")
        #expect(told == ["client.imported"])
    }

    @Test func `a dry run says the same and writes nothing`() async throws {
        let book = try await Book()
        let report = try await book.take(Sample.all, dryRun: true)
        #expect(report.files.map(\.new) == [2, 2, 3, 4, 3, 4, 2])
        #expect(!report.applied)
        #expect(try await book.value("SELECT count(*) FROM client") == "0")
        #expect(try await book.value("SELECT count(*) FROM audit_event") == "0")
    }

    @Test func `the trail says what an import did`() async throws {
        let book = try await Book()
        try await book.take(Sample.all)
        let facts = try await book.value(
            "SELECT facts ->> 'new' || ' ' || actor_kind FROM audit_event WHERE action = 'book.imported'"
        )
        #expect(facts == "20 command_line")
    }

    @Test func `names keep their letters, whatever script they are in`() async throws {
        let names = [
            "Пётр Чайкин", "Őrült Ödön", "Леся Українка", "\u{202B}محمد علي\u{202C}",
            "O'Neil; DROP TABLE",
            "Firma 🚗 \"Auto\"",
        ]
        let book = try await Book()
        let rows = names.enumerated().map { index, name in
            "N\(index),company,\"\(name.replacing("\"", with: "\"\""))\",DE,en\n"
        }
        let report = try await book.take(["clients.csv": "key,kind,name,country,language\n" + rows.joined()])
        #expect(report.wrong == [])
        #expect(try await book.column("SELECT name FROM client ORDER BY external_key") == names)
    }

    @Test func `the terms of a name are folded, those of numbers bare, those of phones reversed`() async throws {
        let book = try await Book()
        try await book.take(Sample.all)
        let terms = try await book.column(
            "SELECT t.kind || ' ' || term FROM client_term AS t JOIN client ON id = client_id WHERE external_key = 'A1'"
                + " ORDER BY 1"
        )
        #expect(
            terms
                == [
                    "contract UM2025001", "name lodzkie", "name transportu", "name zaklady", "number 9990000008",
                    "number K100", "phone 72100000584", "registration WW12345",
                ].sorted()
        )
    }

    @Test func `a contract that moves takes its terms along`() async throws {
        let book = try await Book()
        try await book.take(Sample.all)
        let moved = Sample.contracts.replacing("U1,A1,", with: "U1,B2,")
        let report = try await book.take(["contracts.csv": moved])
        #expect(report.file("contracts.csv")?.counts == [3, 0, 1, 2, 0])
        let holders = try await book.column(
            "SELECT external_key FROM client_term JOIN client ON id = client_id WHERE term = 'UM2025001'"
        )
        #expect(holders == ["B2"])
        #expect(try await book.value("SELECT count(*) FROM audit_event WHERE action = 'client.imported'") == "2")
    }

    @Test func `a client from a paper is adopted by its number, if only one bears it`() async throws {
        let book = try await Book()
        try await book.test.sql(
            """
            INSERT INTO client (portal_id, kind, name, country, language, tax_number)
            VALUES (1, 'company', 'Paper', 'PL', 'pl', '9990000008'), (2, 'company', 'Other', 'PL', 'pl', '9990000008')
            """
        )
        let report = try await book.take(["clients.csv": Sample.clients])
        #expect(report.file("clients.csv")?.counts == [2, 1, 1, 0, 0])
        #expect(
            try await book.column("SELECT portal_id || ' ' || name FROM client WHERE tax_number IS NOT NULL ORDER BY 1")
                == [
                    "1 Łódzkie Zakłady Transportu", "2 Other",
                ]
        )
    }

    @Test func `customer numbers may be swapped within one file`() async throws {
        let book = try await Book()
        try await book.take(["clients.csv": Sample.clients])
        let swapped = Sample.clients.replacing("K-100", with: "K-x").replacing("K-200", with: "K-100")
            .replacing("K-x", with: "K-200")
        let report = try await book.take(["clients.csv": swapped])
        #expect(report.file("clients.csv")?.counts == [2, 0, 2, 0, 0])
    }

    @Test func `another portal is neither read nor written`() async throws {
        let book = try await Book()
        try await book.take(["clients.csv": Sample.clients])
        let report = try await book.take(["contacts.csv": Sample.contacts], into: Fixture.other)
        #expect(report.wrong(in: "contacts.csv").filter { $0.hasSuffix("unknown_client") }.count == 2)
        try await book.take(["clients.csv": Sample.clients], into: Fixture.other)
        #expect(try await book.column("SELECT portal_id FROM client ORDER BY 1") == ["1", "1", "2", "2"])
    }
}
