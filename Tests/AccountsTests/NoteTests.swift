import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts

/// What staff note beside a reason: asked for, sealed, and shown where the account's history is read.
struct NoteTests {
    /// A verified account, a second client by number K-7, and the fields of each form that has a note.
    private func desk() async throws -> (House, AccountID, [String: [String: String]]) {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        try await house.test.sql(
            """
            INSERT INTO client (portal_id, kind, name, country, language, customer_number)
            SELECT portal_id, 'person', 'Jan Żak', 'PL', 'pl', 'K-7' FROM account
            """
        )
        return (
            house, account,
            [
                "contact": ["kind": "phone", "value": "500000333"], "access": ["number": "K-7", "rights": "contracts"],
                "lock": [:],
            ]
        )
    }

    @Test(arguments: [
        ("contact", "account.contact_asked"), ("access", "access.given"), ("lock", "account.locked"),
    ])
    func `a note is kept sealed and read on the account's page`(word: String, event: String) async throws {
        let (house, account, forms) = try await desk()
        let fields = forms[word, default: [:]]
        let other = fields.merging(["reason": "other"]) { $1 }
        let refused = try await house.act(word, on: account, "klientefl", other)
        #expect(refused.status == .unprocessableContent || refused.status == .conflict)
        #expect(refused.body.contains("aria-invalid"))
        #expect(try await house.audited(event) == 0 || event == "access.given")
        let noted = other.merging(["note": "Said so at the counter"]) { $1 }
        #expect(try await house.act(word, on: account, "klientefl", noted).status == .seeOther)
        let rows = try await house.test.sql(
            """
            SELECT facts::text LIKE '%counter%', position('counter' IN encode(personal, 'escape')) > 0,
                facts ->> 'reason'
            FROM audit_event WHERE action = '\(event)' ORDER BY id DESC LIMIT 1
            """
        )
        #expect(rows == [["f", "f", "other"]])
        let page = try await house.get("/accounts/klientefl/\(account)").body
        #expect(page.contains("Eva: Said so at the counter"))
        #expect(!page.contains("+48500000333"))
    }

    @Test func `an access is changed only from a page that shows the account as it is`() async throws {
        let (house, account, forms) = try await desk()
        let fields = forms["access", default: [:]]
        let stale = fields.merging(["version": "77", "note": "kept"]) { $1 }
        let page = try await house.act("access", on: account, "klientefl", stale)
        #expect(page.status == .conflict)
        #expect(page.body.contains("Somebody changed the account meanwhile"))
        #expect(page.body.contains("value=\"kept\"") && page.body.contains("value=\"77\""))
        let client = try await house.test.value("SELECT client_id FROM access") ?? ""
        let taken = ["take": client, "version": "77"]
        #expect(try await house.act("access", on: account, "klientefl", taken).status == .conflict)
        #expect(try await house.test.value("SELECT count(*) FROM access WHERE ended_at IS NULL") == "1")
        #expect(try await house.act("access", on: account, "klientefl", fields).status == .seeOther)
    }
}
