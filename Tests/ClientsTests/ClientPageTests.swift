import Access
import DeskKit
import DeskWeb
import Foundation
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing

@testable import Clients

struct ClientPageTests {
    private func make() async throws -> (Console, page: String) {
        let book = try await Book()
        try await book.take(Sample.all)
        try await book.take(Sample.all, into: Fixture.other)
        let id = try await book.value("SELECT id FROM client WHERE portal_id = 1 AND external_key = 'A1'") ?? ""
        return (try await Console(book), "/clients/warsaw/" + id)
    }

    private func person(_ console: Console) async throws -> String {
        let id = try await console.book.value("SELECT id FROM client WHERE portal_id = 1 AND external_key = 'B2'") ?? ""
        return "/clients/warsaw/" + id
    }

    @Test(arguments: Language.allCases)
    func `the page shows the client's book in every language`(language: Language) async throws {
        let (console, page) = try await make()
        let answer = try await console.get(page, language)
        #expect(answer.status == .ok)
        for text in ["Łódzkie Zakłady Transportu", "UM/2025/001", "FV/1", "POL 1", "WW 12345", "9990000008"] {
            #expect(answer.body.contains(text), "\(text)")
        }
        #expect(!answer.body.contains("+48500000127"))
    }

    @Test func `what is paid, due, running and ended follows from dates and payments`() async throws {
        let (console, page) = try await make()
        let first = try await console.get(page).body
        for (number, state) in [("FV/1", "Paid"), ("FV/2", "Partly paid"), ("FV/3", "Unpaid"), ("FV/4", "Overdue")] {
            #expect(row(first, number).contains(state), "\(number)")
        }
        #expect(row(first, "POL 1").contains("Active"))
        #expect(row(first, "POL 2").contains("Expired"))
        #expect(row(first, "UM/2025/001").contains("Active"))
        let second = try await console.get(try await person(console)).body
        #expect(row(second, "UM/2019/777").contains("Ended"))
        #expect(row(second, "UM/2090/001").contains("Signed"))
    }

    @Test func `who may sign in comes first, then the book, then what was written to the client`() async throws {
        let (console, page) = try await make()
        let body = try await console.get(page).body
        let places = ["contracts", "instalments", "invoices", "policies", "history"].map { id in
            body.range(of: "<section class=\"card\" id=\"\(id)\">")?.lowerBound
        }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    }

    @Test func `instalments that are overdue come before those to come, and paid ones of the past do not come`()
        async throws
    {
        let (console, page) = try await make()
        let shown = instalments(try await console.get(page).body)
        let wanted = try await console.book.column(
            "SELECT to_char(i.due_on, 'YYYY-MM-DD') FROM instalment i JOIN contract k ON k.portal_id = i.portal_id"
                + " AND k.id = i.contract_id JOIN client c ON c.portal_id = k.portal_id AND c.id = k.client_id"
                + " WHERE c.portal_id = 1 AND c.external_key = 'A1' AND (instalment_open_minor(1::smallint, i.id) > 0"
                + " OR i.due_on >= portal_today(1::smallint)) ORDER BY i.due_on, i.id LIMIT 12"
        )
        #expect(!wanted.isEmpty)
        #expect(shown == wanted.compactMap { CivilDate(iso: $0).map { console.words.shortDate($0) } })
    }

    /// The days of the rows under the heading of instalments.
    private func instalments(_ html: String) -> [String] {
        guard let begin = html.range(of: "id=\"instalments\""), let end = html.range(of: "id=\"invoices\"") else {
            return []
        }
        return html[begin.upperBound..<end.lowerBound].components(separatedBy: "<tr>").dropFirst(2).compactMap { row in
            row.components(separatedBy: "<td class=\"keep\">").dropFirst().first?
                .components(separatedBy: "</td>").first?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    @Test func `a policy near its end is expiring`() async throws {
        let (console, page) = try await make()
        try await console.book.test.sql(
            "UPDATE policy SET expires_on = portal_today(1::smallint) + 30 WHERE number = 'POL 1'"
        )
        #expect(row(try await console.get(page).body, "POL 1").contains("Expiring"))
        try await console.book.test.sql(
            "UPDATE policy SET expires_on = portal_today(1::smallint) + 31 WHERE number = 'POL 1'"
        )
        #expect(row(try await console.get(page).body, "POL 1").contains("Active"))
    }

    /// The row of a table that holds this text.
    private func row(_ html: String, _ text: String) -> String {
        String(html.split(separator: "<tr>").first { $0.contains(text) } ?? "")
    }

    @Test func `a revealed contact is shown once and its look is in the trail`() async throws {
        let (console, page) = try await make()
        let answer = try await console.post(page + "/reveal", ["field": "contacts", "purpose": "caller"])
        #expect(answer.status == .ok)
        #expect(answer.body.contains("500 000 127"))
        let trail = try await console.book.column(
            "SELECT facts ->> 'field' || ' ' || (facts ->> 'purpose') || ' ' || actor_name FROM audit_event"
                + " WHERE action = 'client.revealed'"
        )
        #expect(trail == ["contacts caller Eva"])
        #expect(!(try await console.get(page).body.contains("500 000 127")))
    }

    @Test(arguments: [("person", true), ("sole_trader", true), ("company", false)])
    func `an address is masked and revealed but for a company's, with or without a contact`(
        kind: String,
        isMasked: Bool
    ) async throws {
        let (console, page) = try await make()
        let id = page.split(separator: "/").last ?? ""
        try await console.book.test.sql(
            """
            UPDATE client
            SET kind = '\(kind)', address = 'ul. Polna 7, Zgierz', personal_number = NULL, birth_date = NULL
            WHERE id = \(id);
            DELETE FROM contact WHERE client_id = \(id)
            """
        )
        let shown = try await console.get(page).body
        #expect(shown.contains("ul. Polna 7") == !isMasked)
        #expect(shown.contains("name=\"field\" value=\"contacts\"") == isMasked)
        let revealed = try await console.post(page + "/reveal", ["field": "contacts", "purpose": "caller"])
        #expect(revealed.body.contains("ul. Polna 7"))
        #expect(
            try await console.book.value("SELECT facts ->> 'field' FROM audit_event WHERE action = 'client.revealed'")
                == "contacts"
        )
    }

    @Test func `without the trail's row nothing is revealed`() async throws {
        let (console, page) = try await make()
        try await console.book.test.sql(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
                + "CREATE TRIGGER fail BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        let answer = try await console.post(page + "/reveal", ["field": "contacts", "purpose": "caller"])
        #expect(answer.status == .internalServerError)
        #expect(!answer.body.contains("500 000 127"))
    }

    @Test func `revealing needs its right, a known field and a purpose`() async throws {
        let (console, page) = try await make()
        let fields = ["field": "contacts", "purpose": "caller"]
        #expect(try await console.post(page + "/reveal", fields, as: [.scheduler]).status == .forbidden)
        #expect(try await console.post(page + "/reveal", ["field": "contacts"]).status == .badRequest)
        #expect(try await console.post(page + "/reveal", ["field": "name", "purpose": "caller"]).status == .badRequest)
        #expect(!(try await console.get(page, as: [.scheduler]).body.contains("/reveal")))
        #expect(
            try await console.book.value("SELECT count(*) FROM audit_event WHERE action = 'client.revealed'") == "0"
        )
    }

    @Test func `a client of another portal is not there`() async throws {
        let (console, _) = try await make()
        let foreign = try await console.book.value("SELECT id FROM client WHERE portal_id = 2 LIMIT 1") ?? ""
        let fields = ["field": "contacts", "purpose": "caller"]
        for portal in ["warsaw", "pecs", "nowhere"] {
            #expect(try await console.get("/clients/\(portal)/\(foreign)").status == .notFound)
            #expect(try await console.post("/clients/\(portal)/\(foreign)/reveal", fields).status == .notFound)
        }
        #expect(try await console.get("/clients/warsaw/0x1").status == .badRequest)
    }

    @Test func `the page tells what happened, without personal values`() async throws {
        let (console, page) = try await make()
        _ = try await console.post(page + "/reveal", ["field": "contacts", "purpose": "request"])
        let answer = try await console.get(page)
        #expect(answer.body.contains("Looked at: contacts (request)"))
        #expect(answer.body.contains("Eva"))
    }

    @Test func `the page asks few statements`() async throws {
        let (console, page) = try await make()
        let id = try #require(page.split(separator: "/").last.flatMap { ClientID(String($0)) })
        let staff = StaffContext(
            id: StaffID(1),
            login: "eva",
            name: "Eva",
            language: "en",
            roles: [PortalID(1): [.helpdesk]]
        )
        let routes = try console.feature().routes
        let words = console.words
        let count = try await console.book.test.database.read(.portal(PortalID(1))) { session in
            let found = try routes.load(id, Fixture.portal, staff, words, revealed: nil, in: session)
            return found == nil ? 0 : session.statementCount
        }
        // The rooms that fill the rest of the page have the rest of its budget of 12.
        #expect((1...7).contains(count))
    }
}
