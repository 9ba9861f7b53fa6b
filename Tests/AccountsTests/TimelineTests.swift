import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts

/// What an account does at the portal stands in the timeline of each client that it acts for.
struct TimelineTests {
    @Test func `a sign-in and its end stand with each of several clients`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.test.sql(
            """
            WITH second AS (
                INSERT INTO client (portal_id, kind, name, country, language)
                SELECT portal_id, 'person', 'Ada Second', 'PL', 'pl' FROM account RETURNING portal_id, id)
            INSERT INTO access (portal_id, account_id, client_id, rights)
            SELECT portal_id, \(account), id, '{contracts}' FROM second
            """
        )
        try await house.calling { caller in
            let form = ["login": "500000127", "password": House.password]
            let opened = try await caller.post("sessions", form, portal: "klientefl")
            #expect(opened.status == 201, "\(opened.text)")
            let ended = try await caller.call(.delete, "session", portal: "klientefl", token: opened.token)
            #expect(ended.status == 200)
        }
        let clients = try await house.test.sql("SELECT client_id FROM access ORDER BY client_id")
        #expect(clients.count == 2)
        for (action, words) in [("account.signed_in", "Signed in at the portal"), ("account.signed_out", "Signed out")]
        {
            let told = try await house.test.sql(
                "SELECT client_id FROM audit_event WHERE action = '\(action)' ORDER BY client_id"
            )
            #expect(told == clients, "\(action)")
            for client in clients {
                let page = try await house.get("/clients/klientefl/\(client[0] ?? "")")
                #expect(page.body.contains(words), "\(words)")
            }
        }
        #expect(try await house.get("/accounts/klientefl/\(account)").body.contains("Signed out"))
    }
}
