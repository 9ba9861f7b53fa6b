import DeskKit
import Foundation
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Clients

/// The client's timeline: as far back as it goes, and who looked.
struct TimelineTests {
    private func make() async throws -> (Console, page: String, client: String) {
        let book = try await Book()
        try await book.take(Sample.all)
        let id = try await book.value("SELECT id FROM client WHERE portal_id = 1 AND external_key = 'A1'") ?? ""
        return (try await Console(book), "/clients/warsaw/" + id, id)
    }

    private func looks(_ console: Console) async throws -> [String] {
        try await console.book.column(
            "SELECT subject_id || ' ' || actor_name FROM audit_event WHERE action = 'client.looked' ORDER BY id"
        )
    }

    @Test func `older lines are read page by page, down to the first`() async throws {
        let (console, page, client) = try await make()
        #expect(!(try await console.get(page).body.contains("/history")))
        try await console.book.test.sql(
            """
            INSERT INTO audit_event (portal_id, action, actor_kind, actor_name, subject_kind, subject_id, client_id)
            SELECT 1, 'client.imported', 'staff', 'Line ' || n || '.', 'client', \(client), \(client)
            FROM generate_series(1, 120) AS n
            """
        )
        let first = try await console.get(page).body
        #expect(first.contains("Line 120.") && !first.contains("Line 100."))
        var read = ""
        var href = link(first)
        for _ in 0..<5 where !href.isEmpty {
            let next = try await console.get(href)
            #expect(next.status == .ok)
            read += next.body
            href = link(next.body)
        }
        for n in 1...100 { #expect(read.contains("Line \(n).") == true, "\(n)") }
        #expect(!read.contains("Line 101."))
        #expect(href.isEmpty)
    }

    /// Where "older" leads.
    private func link(_ html: String) -> String {
        let links = html.components(separatedBy: "href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        return String(links.first { $0.contains("/history?after=") } ?? "")
    }

    @Test func `a visit is one line of the trail, and each visitor has an own one`() async throws {
        let (console, page, client) = try await make()
        for path in [page, page, page + "/history"] { #expect(try await console.get(path).status == .ok) }
        #expect(try await looks(console) == ["\(client) Eva"])
        #expect(try await console.get(page).body.contains("Page looked at"))
        try await console.book.test.sql(
            """
            SET session_replication_role = replica;
            UPDATE audit_event SET at = at - interval '11 minutes';
            RESET session_replication_role
            """
        )
        _ = try await console.get(page)
        #expect(try await looks(console).count == 2)
    }

    @Test func `without the trail's row nothing is shown`() async throws {
        let (console, page, _) = try await make()
        try await console.book.test.sql(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
                + "CREATE TRIGGER fail BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        for path in [page, page + "/history"] {
            let answer = try await console.get(path)
            #expect(answer.status == .internalServerError)
            #expect(!answer.body.contains("Łódzkie"))
        }
    }

    @Test func `the timeline of another portal's client, and one without the right, is not there`() async throws {
        let (console, page, _) = try await make()
        #expect(try await console.get(page.replacing("warsaw", with: "pecs") + "/history").status == .notFound)
        #expect(try await console.get("/clients/warsaw/999999/history").status == .notFound)
        #expect(try await console.get(page + "/history", as: []).status == .forbidden)
        #expect(try await looks(console).isEmpty)
    }

    @Test func `the timeline of a client whose data the law alone keeps is closed as the page is`() async throws {
        let (console, page, client) = try await make()
        try await console.book.test.sql(
            """
            INSERT INTO staff (login, name) VALUES ('two', 'Two');
            INSERT INTO erasure (portal_id, client_id, plan_hash, made_by)
            SELECT 1, \(client), '', min(id) FROM staff;
            INSERT INTO client_restriction (portal_id, client_id, erasure_id, until)
            SELECT 1, client_id, id, '2031-12-31' FROM erasure
            """
        )
        let refused = try await console.get(page + "/history")
        #expect(refused.status == .forbidden && !refused.body.contains("Łódzkie"))
        #expect(try await console.get(page + "/history", as: [.privacyOfficer]).status == .ok)
        #expect(
            try await console.book.value("SELECT count(*) FROM audit_event WHERE action = 'client.retained_opened'")
                == "1"
        )
    }
}
