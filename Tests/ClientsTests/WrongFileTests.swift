import Audit
import TestKit
import Testing

@testable import Clients

struct WrongFileTests {
    private static let header = "key,kind,name,country,language,tax_number,birth_date\n"

    @Test func `each wrong field is told with line, column and reason, and nothing changes`() async throws {
        let book = try await Book()
        let clients =
            Self.header + """
                A,company,One,PL,pl,9990000009,
                B,firm,Two,PL,pl,,2025-02-31
                C,company,,PL,pl,,
                D,company,Four,Polska,PL,,

                E,company,Five,PL,pl,,,
                F,company,"Si\u{1}x",PL,pl,,
                G,company,Fine,PL,pl,,
                G,company,Twice,PL,pl,,

                """
        let report = try await book.take(["clients.csv": clients])
        #expect(
            report.wrong(in: "clients.csv") == [
                "2 tax_number bad_checksum", "3 birth_date not_a_date", "3 kind unknown_word", "4 name missing",
                "5 country unknown_word", "5 language unknown_word", "7  number_of_fields",
                "8 name forbidden_character",
                "9 key duplicate_key", "10 key duplicate_key",
            ]
        )
        #expect(report.file("clients.csv")?.counts == [8, 0, 0, 0, 8])
        #expect(!report.applied)
        #expect(try await book.value("SELECT count(*) FROM client") == "0")
    }

    @Test func `a wrong row is no reason to miss it elsewhere, and the others are still counted`() async throws {
        let book = try await Book()
        try await book.take(["clients.csv": Self.header + "A,company,One,PL,pl,,\nB,company,Two,PL,pl,,\n"])
        let report = try await book.take(
            [
                "clients.csv": Self.header
                    + "A,company,One,PL,pl,123,\nB,company,Second,PL,pl,,\n"
                    + "C,company,Three,PL,pl,,\nD,company,,PL,pl,,\n",
                "contacts.csv": "key,client,kind,value\nP,A,email,a@example.com\nQ,D,email,d@example.com\n",
            ],
            dryRun: true
        )
        #expect(report.wrong(in: "clients.csv") == ["2 tax_number wrong_length", "5 name missing"])
        #expect(report.wrong(in: "contacts.csv") == [])
        #expect(report.file("clients.csv")?.counts == [4, 1, 1, 0, 2])
        #expect(report.file("contacts.csv")?.counts == [2, 2, 0, 0, 0])
        #expect(try await book.value("SELECT string_agg(name, ' ' ORDER BY name) FROM client") == "One Two")
    }

    @Test func `what is referred to has to be there`() async throws {
        let book = try await Book()
        let report = try await book.take([
            "contacts.csv": Sample.contacts, "contracts.csv": Sample.contracts,
            "invoices.csv": Sample.invoices.replacing(",U1,", with: ",U9,"),
            "instalments.csv": Sample.instalments.replacing(",V1,", with: ",V9,"),
            "payments.csv": Sample.payments.replacing("Z3,,R2", with: "Z3,V1,R9").replacing("Z4,V4", with: "Z4,"),
            "policies.csv": Sample.policies.replacing("2020-01-01,2020-12-31", with: "2020-01-01,2019-12-31"),
        ])
        #expect(report.wrong(in: "contacts.csv") == ["2 client unknown_client", "3 client unknown_client"])
        #expect(report.wrong(in: "invoices.csv").contains("2 contract unknown_contract"))
        #expect(report.wrong(in: "instalments.csv") == ["2 invoice unknown_invoice"])
        #expect(
            report.wrong(in: "payments.csv") == [
                "4 instalment unknown_instalment", "4 invoice one_of_two", "5 invoice one_of_two",
            ]
        )
        #expect(report.wrong(in: "policies.csv").contains("3 expires_on order_of_dates"))
        #expect(try await book.value("SELECT count(*) FROM contract") == "0")
    }

    @Test func `a customer number of somebody else is taken`() async throws {
        let book = try await Book()
        try await book.take(["clients.csv": Sample.clients])
        let other =
            Sample.clientHeader
            + "X,person,New,PL,pl,K-100,,,,,\nY,person,A,PL,pl,K-9,,,,,\nZ,person,B,PL,pl,K-9,,,,,\n"
        let report = try await book.take(["clients.csv": other])
        #expect(
            report.wrong(in: "clients.csv") == [
                "2 customer_number taken", "3 customer_number taken", "4 customer_number taken",
            ]
        )
    }

    @Test func `columns that are missing, unknown or there twice are told`() async throws {
        let book = try await Book()
        let report = try await book.take([
            "clients.csv": "key,kind,name,name,language,Jan Nowak 44\nA,company,x,y,pl,1\n"
        ])
        #expect(
            Set(report.wrong(in: "clients.csv")) == [
                "1 country missing_column", "1 name column_twice", "1 #6 unknown_column",
            ]
        )
        #expect(report.file("clients.csv")?.counts == [0, 0, 0, 0, 1])
        let empty = try await book.take(["clients.csv": ""])
        #expect(empty.wrong(in: "clients.csv") == ["1  no_header"])
        #expect(!empty.applied)
    }

    @Test func `text in Windows-1250 is told row by row, UTF-16 at its header`() async throws {
        let book = try await Book()
        let header = Array("key,kind,name,country,language\n".utf8)
        let row = Array("A,company,".utf8) + [0xA3, 0xF3, 0x64, 0x9F] + Array(",PL,pl\n".utf8)
        let report = try await book.take(["clients.csv": header + row])
        #expect(report.wrong(in: "clients.csv") == ["2 name not_utf8"])
        let wide = [UInt8]([0xFF, 0xFE]) + "key,kind\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let second = try await book.take(["clients.csv": wide])
        #expect(second.wrong(in: "clients.csv").first == "1 #1 not_utf8")
    }

    @Test func `a quote without an end is told with its line, with what was wrong before it`() async throws {
        let book = try await Book()
        let report = try await book.take(["contacts.csv": "key,client,kind,value\nP,A,email,x\nQ,A,email,\"x\n"])
        #expect(report.wrong(in: "contacts.csv").last == "3  endless")
        #expect(report.wrong(in: "contacts.csv").first?.hasPrefix("2 value ") == true)
        #expect(!report.applied)
    }

    @Test func `a file that is none of the seven, is there twice or cannot be read is refused`() async throws {
        let book = try await Book()
        let good = try book.file("clients.csv", Sample.clients)
        let other = try book.file("customers.csv", "")
        await #expect(throws: ImportBook.Refusal.unknownFile("customers.csv")) { try await run(book, [good, other]) }
        await #expect(throws: ImportBook.Refusal.fileTwice("clients.csv")) { try await run(book, [good, good]) }
        await #expect(throws: ImportBook.Refusal.noFile) { try await run(book, []) }
        await #expect(throws: ImportBook.Refusal.self) { try await run(book, ["/nowhere/clients.csv"]) }
        #expect(try await book.value("SELECT count(*) FROM client") == "0")
    }

    private func run(_ book: Book, _ paths: [String]) async throws {
        _ = try await ImportBook(audit: book.audit)(
            paths,
            portal: Fixture.portal,
            dryRun: false,
            by: .commandLine,
            database: book.test.workerDatabase
        )
    }
}
