import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts
@testable import Portals

/// The lists of what is to be settled about accounts.
struct WorkListTests {
    @Test func `a change of contact stands in the list until it is settled, and says who is to act`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        #expect(try await house.get("/accounts/changes").body.contains("No change of a phone"))
        _ = try await house.act("contact", on: account, "klientefl", ["kind": "phone", "value": "500000333"])
        let path = "/accounts/klientefl/\(account)"
        let own = try await house.get("/accounts/changes", staff: 1)
        #expect(own.body.contains(path))
        #expect(own.body.contains("yours: somebody else decides"))
        #expect(!own.body.contains("500000333"), "the list shows no contact")
        #expect(try await house.get("/accounts/changes", staff: 2).body.contains("needs a second person"))
        let id = try await house.test.value("SELECT max(id) FROM contact_change") ?? ""
        _ = try await house.post("\(path)/changes/\(id)/approval", as: [.verifier], staff: 2)
        #expect(try await house.get("/accounts/changes").body.contains("waits for its day"))
        _ = try await house.post("\(path)/changes/\(id)/stop")
        #expect(try await !house.get("/accounts/changes").body.contains(path))
    }

    @Test func `an incident stands in the list until it is closed, and in the list of all for good`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        #expect(try await house.get("/accounts/incidents").body.contains("No suspected threat is open."))
        _ = try await house.act("threat", on: account, "ebok-millennium", ["reason": "misuse"])
        let path = "/accounts/ebok-millennium/\(account)"
        let open = try await house.get("/accounts/incidents")
        #expect(open.body.contains(path))
        #expect(open.body.contains("Misuse is suspected"))
        _ = try await house.post("\(path)/incident", ["outcome": "false_alarm"])
        #expect(try await !house.get("/accounts/incidents").body.contains(path))
        let all = try await house.get("/accounts/incidents?view=all")
        #expect(all.body.contains(path))
        #expect(all.body.contains("False alarm"))
    }

    @Test(arguments: ["/accounts/changes", "/accounts/incidents", "/accounts/incidents?view=all"])
    func `the lists need the right to see accounts, and hold nothing of other portals`(path: String) async throws {
        let house = try await House.make()
        let portal = try await house.portal("arval")
        _ = try await house.activeAccount()
        try await house.test.sql(
            """
            WITH a AS (
                INSERT INTO account (portal_id, login, person_name, language)
                VALUES (\(portal.id), 'obcy', 'Zupełnie Obcy', 'ru') RETURNING id)
            INSERT INTO incident (portal_id, account_id, reason, sessions_ended, codes_voided, opened_by)
            SELECT \(portal.id), id, 'misuse', 0, 0, 1 FROM a;
            INSERT INTO contact_change (portal_id, account_id, kind, new_value, reason, state, asked_by)
            SELECT portal_id, id, 'email', 'a@b.example', 'caller', 'asked', 1 FROM account WHERE login = 'obcy'
            """
        )
        #expect(try await house.get(path, as: [.scheduler]).status == .forbidden)
        let page = try await house.get(path, as: [.auditor])
        #expect(page.status == .ok)
        #expect(!page.body.contains("Zupełnie Obcy"))
    }

    @Test func `a long list goes on page by page, each row once`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.test.sql(
            """
            INSERT INTO incident (portal_id, account_id, reason, sessions_ended, codes_voided, opened_by, closed_by,
                closed_at, outcome)
            SELECT a.portal_id, a.id, 'misuse', n, 0, 1, 1, now(), 'unclear'
            FROM account AS a, generate_series(1, 60) AS n
            WHERE a.id = \(account)
            """
        )
        let first = try await house.get("/accounts/incidents?view=all").body
        let next = try #require(first.firstMatch(of: /rel="next" href="([^"]+)"/)?.1)
        let second = try await house.get(String(next).replacing("&amp;", with: "&")).body
        let mark = "/accounts/ebok-millennium/\(account)\""
        #expect(first.split(separator: mark).count - 1 == 50)
        #expect(second.split(separator: mark).count - 1 == 10)
        #expect(!second.contains("rel=\"next\""))
    }
}
