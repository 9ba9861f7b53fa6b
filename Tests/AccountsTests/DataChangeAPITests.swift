import DeskKit
import Foundation
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts
@testable import DeskApp
@testable import Portals
@testable import Requests

/// A change of data that a signed-in client asks for and staff decide (K19, A5).
@Suite struct DataChangeAPITests {
    private static let address = #"{"changes": [{"field": "address", "value": " ul. Nowa 1, 00-001 Łódź "}]}"#

    /// An active account at KlientEFL that may make requests, with its session's token.
    private func signedIn(_ house: House) async throws -> (account: AccountID, token: String) {
        let portal = try await house.portal("klientefl")
        let made = try await house.activate(portal, login: "500000127")
        try await house.test.sql("UPDATE access SET rights = '{requests,invoices}' WHERE account_id = \(made.account)")
        let token = try await house.calling { caller in
            let form = ["login": "500000127", "code": made.code]
            let redeemed = try await caller.post("codes/redeem", form, portal: "klientefl")
            let password = ["password": "Zielony-Kot-2026"]
            return try await caller.call(.put, "password", password, portal: "klientefl", token: redeemed.token).token
        }
        return (made.account, token)
    }

    private func ask(_ house: House, _ body: String, token: String) async throws -> PortalCaller.Answer {
        try await house.calling { try await $0.json(.post, "data-changes", body, token: token) }
    }

    private func count(_ house: House) async throws -> String? {
        try await house.test.value("SELECT count(*) FROM client_request")
    }

    @Test func `it becomes a request in the queue, proven by the session, with its lines and the receipt`()
        async throws
    {
        let house = try await House.make()
        let (account, token) = try await signedIn(house)
        let taken = try await ask(house, Self.address, token: token)
        #expect(taken.status == 202, "\(taken.text)")
        let number = try #require(taken.json["number"])
        let row = try await house.test.sql(
            """
            SELECT r.kind, r.lane, r.state, r.channel, r.identity_method, r.account_id, r.opened_by, r.held_by,
                to_char(r.effective_due, 'YYYY-MM-DD'), d.field, d.new_value
            FROM client_request AS r JOIN data_change AS d ON d.request_id = r.id WHERE r.id = \(number)
            """
        )
        #expect(
            row.first == [
                "data_change", "record", "assessment", "portal", "portal_session", "\(account)", nil, nil,
                taken.json["dueOn"], "address", "ul. Nowa 1, 00-001 Łódź",
            ]
        )
        #expect(
            try await house.test.sql(
                "SELECT action, actor_kind, actor_id FROM audit_event WHERE subject_kind = 'client_request' ORDER BY id"
            ) == [
                ["request.received", "account", "\(account)"],
                ["request.identity_confirmed", "account", "\(account)"],
            ]
        )
        #expect(try await house.test.value("SELECT kind FROM request_letter WHERE request_id = \(number)") == "receipt")
        #expect(try await house.test.value("SELECT count(*) FROM client WHERE address LIKE '%Nowa%'") == "0")
    }

    @Test func `of two at once one is taken in, the other hears that it waits`() async throws {
        let house = try await House.make()
        let (_, token) = try await signedIn(house)
        async let one = ask(house, Self.address, token: token)
        async let two = ask(house, Self.address, token: token)
        let answers = try await [one, two].sorted { $0.status < $1.status }
        #expect(answers.map(\.status) == [202, 409] && answers.last?.error == "change_pending")
        #expect(try await count(house) == "1")
        try await house.test.sql("UPDATE client_request SET state = 'withdrawn', closed_at = now()")
        #expect(try await ask(house, Self.address, token: token).status == 202)
    }

    @Test func `a field that the portal does not offer, an empty or endless value and a strange body are refused`()
        async throws
    {
        let house = try await House.make()
        let (_, token) = try await signedIn(house)
        let long = String(repeating: "x", count: 501)
        for (body, status, code) in [
            (#"{"changes": [{"field": "name", "value": "Ewa"}]}"#, 422, "not_offered"),
            (#"{"changes": [{"field": "phone", "value": "500000333"}]}"#, 400, "not_json"),
            (#"{"changes": []}"#, 422, "value_refused"), (#"{"client": 1}"#, 400, "missing_field"),
            (#"{"changes": [{"field": "address", "value": "  "}]}"#, 422, "value_refused"),
            (#"{"changes": [{"field": "address", "value": "\#(long)"}]}"#, 422, "value_refused"),
            (#"{"changes": [{"field": "address", "value": "a\u0000b"}]}"#, 422, "value_refused"),
            (#"{"note": "\u0007", "changes": [{"field": "address", "value": "a"}]}"#, 422, "value_refused"),
            (
                #"{"changes": [{"field": "address", "value": "a"}, {"field": "address", "value": "b"}]}"#, 422,
                "value_refused"
            ),
        ] {
            let answer = try await ask(house, body, token: token)
            #expect(answer.status == status && answer.error == code, "\(body) \(answer.text)")
        }
        #expect(try await count(house) == "0")
    }

    @Test func `record and contract are asked for apart, and a contract must be the client's own`() async throws {
        let house = try await House.make()
        let (account, token) = try await signedIn(house)
        try await house.test.sql(
            """
            UPDATE portal SET profile = jsonb_set(profile, '{staffDecides}', '["address", "garage_address"]'),
                version = version + 1;
            INSERT INTO contract (portal_id, client_id, external_key, number, kind, signed_on, starts_on, ends_on,
                currency)
            SELECT portal_id, client_id, 'U1', 'U/1', 'loan', current_date, current_date, current_date + 300, 'PLN'
            FROM access WHERE account_id = \(account)
            """
        )
        let garage = #"{"field": "garage_address", "value": "ul. Cicha 2"}"#
        let both = #"{"contract": "U/1", "changes": [{"field": "address", "value": "a"}, \#(garage)]}"#
        #expect(try await ask(house, both, token: token).error == "mixed_change")
        for contract in ["null", #""U/2""#, #""""#] {
            let body = #"{"contract": \#(contract), "changes": [\#(garage)]}"#
            #expect(try await ask(house, body, token: token).error == "no_contract")
        }
        #expect(try await count(house) == "0")
        let taken = try await ask(house, #"{"contract": "U/1", "changes": [\#(garage)]}"#, token: token)
        #expect(taken.status == 202, "\(taken.text)")
        #expect(try await house.test.value("SELECT lane FROM client_request") == "contract")
    }

    @Test func `without the right, the session or an access nothing is taken in`() async throws {
        let house = try await House.make()
        let (account, token) = try await signedIn(house)
        let strange = #"{"client": 999, "changes": [{"field": "address", "value": "a"}]}"#
        #expect(try await ask(house, strange, token: token).error == "no_client")
        #expect(try await ask(house, Self.address, token: "x").error == "no_session")
        for portal in ["arval", "legitimo"] {
            let answer = try await house.calling {
                try await $0.call(.post, "data-changes", ["changes": "x"], portal: portal, token: token)
            }
            #expect([400, 401].contains(answer.status), "\(answer.text)")
        }
        try await house.test.sql("UPDATE access SET rights = '{contracts,driver}' WHERE account_id = \(account)")
        #expect(try await ask(house, Self.address, token: token).error == "no_right")
        try await house.test.sql(
            """
            WITH c AS (INSERT INTO client (portal_id, kind, name, country, language)
                SELECT portal_id, 'person', 'Ewa', 'PL', 'pl' FROM account WHERE id = \(account)
                RETURNING portal_id, id)
            INSERT INTO access (portal_id, account_id, client_id, rights)
            SELECT portal_id, \(account), id, '{requests}' FROM c
            """
        )
        #expect(try await ask(house, Self.address, token: token).error == "choose_client")
        #expect(try await count(house) == "0")
        let second = try await house.test.value("SELECT max(client_id) FROM access") ?? ""
        let chosen = #"{"client": \#(second), "changes": [{"field": "address", "value": "a"}]}"#
        #expect(try await ask(house, chosen, token: token).status == 202)
    }

    @Test func `arrears stand in the way only where the profile says so, and are listed`() async throws {
        let house = try await House.make()
        let (account, token) = try await signedIn(house)
        try await house.test.sql(
            """
            INSERT INTO invoice (portal_id, client_id, external_key, number, issued_on, due_on, amount_minor, currency)
            SELECT portal_id, client_id, 'i', 'FV-7', '2020-01-01', '2020-01-15', 12300, 'PLN' FROM access
            WHERE account_id = \(account)
            """
        )
        let set = "UPDATE portal SET version = version + 1, profile = jsonb_set(profile, '{arrearsBlockSelfService}',"
        try await house.test.sql("\(set) 'true')")
        let blocked = try await ask(house, Self.address, token: token)
        #expect(blocked.status == 409 && blocked.error == "arrears")
        #expect(blocked.text.contains("FV-7") && blocked.text.contains("12300"))
        #expect(try await count(house) == "0")
        try await house.test.sql("\(set) 'false')")
        #expect(try await ask(house, Self.address, token: token).status == 202)
    }
}
