import DeskWeb
import HTTPTypes
import TestKit
import Testing

@testable import Clients

struct SearchTests {
    private func make() async throws -> (Console, a: String, b: String) {
        let book = try await Book()
        try await book.take(Sample.all)
        try await book.take(Sample.all, into: Fixture.other)
        try await book.test.sql(
            """
            INSERT INTO account (portal_id, login, person_name, language, email, phone)
            VALUES (1, 'jan.lis', 'Jan Żółkiewski', 'pl', 'jan@zolw.example', '+48600700800');
            INSERT INTO access (portal_id, account_id, client_id, rights) SELECT 1, a.id, c.id, '{}'
            FROM account AS a, client AS c WHERE c.portal_id = 1 AND c.external_key = 'B2';
            INSERT INTO account_term (portal_id, term, kind, account_id) SELECT 1, t.term, t.kind, a.id
            FROM account AS a, (VALUES ('jan.lis', 'login'), ('jan', 'name'), ('zolkiewski', 'name'),
                ('jan@zolw.example', 'email'), ('00800700684', 'phone')) AS t (term, kind)
            """
        )
        let place = "SELECT '/clients/warsaw/' || id FROM client WHERE portal_id = 1 AND external_key = "
        let a = try await book.value(place + "'A1'") ?? ""
        return (try await Console(book), a, try await book.value(place + "'B2'") ?? "")
    }

    @Test func `a client is found by whatever is known of it`() async throws {
        let (console, a, b) = try await make()
        for text in [
            "lodz", "łódz", "TRANSPORTU lodzkie", "zakł trans", "9990000008", "999-000-00-08", "PL 9990000008",
            "K-100",
            "0127", "000 127", "500000127", "+48 500 000 127", "UM/2025/001",
            "um2025", "WW 12345", "ww12345",
        ] {
            #expect(try await console.search(text) == a, "\(text)")
        }
        for text in [
            "Nowak Anna", "anna.nowak@example.com", "anna.nowak@", "jan.lis", "Żółkiewski Jan", "JAN@zolw.example",
            "700 800",
        ] {
            #expect(try await console.search(text) == b, "\(text)")
        }
    }

    @Test func `nobody is found by another's words, or in another portal`() async throws {
        let (console, _, _) = try await make()
        for text in ["nowak transportu", "xyz", "%", "_____", "99999", "' OR 1=1 --", "\\", "🚗🚗"] {
            #expect(try await console.search(text).isEmpty, "\(text)")
        }
    }

    @Test func `several are listed, one opens its page, none says what to try`() async throws {
        let (console, a, b) = try await make()
        try await console.book.test.sql(
            "INSERT INTO client_term (portal_id, client_id, kind, term)"
                + " SELECT 1, id, 'name', 'shared' FROM client WHERE portal_id = 1"
        )
        let list = try await console.search("shar")
        #expect(Set(list.split(separator: " ").map(String.init)) == [a, b])
        let none = try await console.get("/clients?q=nobodyatall")
        #expect(none.body.contains("Nobody found"))
        let begin = try await console.get("/clients")
        #expect(begin.body.contains("Type whom you are looking for"))
    }

    @Test func `what was typed is shown as text`() async throws {
        let (console, _, _) = try await make()
        let answer = try await console.get("/clients?q=%3Cscript%3Ex%3C%2Fscript%3E%01")
        #expect(answer.status == .ok)
        #expect(!answer.body.contains("<script>x"))
        #expect(try await console.get("/clients?q=ab%00cd").status == .ok)
    }

    @Test func `the index of terms answers the console under row-level security`() async throws {
        let (console, _, _) = try await make()
        try await console.book.test.sql(
            "INSERT INTO client_term (portal_id, client_id, kind, term)"
                + " SELECT 1, (SELECT min(id) FROM client WHERE portal_id = 1), 'name', 'filler' || n"
                + " FROM generate_series(1, 20000) AS n; ANALYZE client_term"
        )
        let plan = try await console.book.column(
            """
            SET ROLE portaldesk_console; BEGIN; SET LOCAL portaldesk.portals = '{0,1}';
            EXPLAIN (COSTS off) SELECT client_id FROM client_term
            WHERE portal_id = ANY ('{1}'::smallint[]) AND kind = 'name' AND term >= fold('Łódz')
                AND term < fold('Łódz') || U&'\\+10FFFF'
            """
        )
        try await console.book.test.sql("ROLLBACK; RESET ROLE")
        let text = plan.joined(separator: "\n")
        #expect(text.contains("client_term_term"))
        #expect(text.contains("term >= "))
        #expect(!text.contains("Seq Scan"))
    }
}
