import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct DeletionTests {
    /// An account of the client with a session and a browser that it is known by, past all commands.
    private func account(_ house: House, _ client: ClientID, _ portal: PortalProfile) async throws -> Int64 {
        let id = try await house.test.value(
            """
            WITH a AS (
                INSERT INTO account (portal_id, login, state, person_name, language, password_hash)
                VALUES (\(portal.id), '50000\(client)', 'active', 'Maria', 'pl', 'x') RETURNING id),
            x AS (
                INSERT INTO access (portal_id, account_id, client_id, rights)
                SELECT \(portal.id), a.id, \(client), '{contracts}' FROM a),
            d AS (
                INSERT INTO account_device (portal_id, token_hash, account_id)
                SELECT \(portal.id), 'x', a.id FROM a),
            s AS (
                INSERT INTO account_session (portal_id, token_hash, account_id, step, expires_at)
                SELECT \(portal.id), sha256(a.id::text::bytea), a.id, 'full', now() + interval '1 day' FROM a)
            SELECT id FROM a
            """
        )
        return try #require(id.flatMap { Int64($0) })
    }

    @Test func `a deletion cools off, is carried out at night and ends the way into the portal`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let account = try await account(house, client, portal)
        let id = try await house.proposed(.accountDeletion, client, portal)
        #expect(try await house.grant(id, portal) == .decided(.coolingOff))
        #expect(try await house.value("cooling_until - portal_today(portal_id)", id) == "7")
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "cooling_off")
        try await house.test.sql("UPDATE client_request SET cooling_until = cooling_until - 8")
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "closed")
        #expect(try await house.letters(id) == ["receipt", "cooling_off", "closed"])
        #expect(try await house.test.value("SELECT state FROM account WHERE id = \(account)") == "closed")
        #expect(try await house.test.value("SELECT count(*) FROM account_session WHERE ended_at IS NULL") == "0")
        #expect(try await house.test.value("SELECT count(*) FROM account_device") == "0")
        #expect(try await house.test.value("SELECT password_hash FROM account WHERE id = \(account)") == nil)
        #expect(try await house.trail(id).suffix(2) == ["request.accounts_closed", "request.executed"])
    }

    @Test func `an account that acts for somebody else as well stays`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let other = try await house.client(portal, name: "Firma Kowalskiej")
        let account = try await account(house, client, portal)
        try await house.test.sql(
            """
            INSERT INTO access (portal_id, account_id, client_id, rights)
            VALUES (\(portal.id), \(account), \(other), '{contracts}')
            """
        )
        let id = try await house.proposed(.accountDeletion, client, portal)
        _ = try await house.grant(id, portal)
        try await house.test.sql("UPDATE client_request SET cooling_until = cooling_until - 8")
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "closed")
        #expect(try await house.test.value("SELECT state FROM account WHERE id = \(account)") == "active")
        #expect(try await house.test.value("SELECT count(*) FROM access WHERE ended_at IS NULL") == "1")
    }

    @Test func `what remains blocks a deletion, is told, looked at every night, and lets it go on once paid`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        try await house.debt(client, portal)
        let id = try await house.takenIn(.accountDeletion, client, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        try await house.perform(BlockRequest(request: id), as: House.ewa, portal)
        #expect(try await house.value("state", id) == "blocked")
        #expect(try await house.letters(id) == ["receipt", "blocked"])
        #expect(try await house.perform(LookAgain(request: id), as: House.ewa, portal) == 1)
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "blocked")
        try await house.pay(client, portal)
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "assessment")
        #expect(try await house.trail(id).last == "request.unblocked")
        await #expect(throws: RequestRefusal.notThere(.assessment)) {
            try await house.perform(LookAgain(request: id), as: House.ewa, portal)
        }
    }

    @Test func `contracts, their things and other requests block as well`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        try await house.test.sql(
            """
            INSERT INTO contract (portal_id, client_id, external_key, number, kind, signed_on, starts_on, ends_on,
                ended_on, currency, asset_kind)
            VALUES (\(portal.id), \(client), 'A', 'A/1', 'operating', '2024-01-01', '2024-01-01', current_date + 30,
                    NULL, 'PLN', 'car'),
                (\(portal.id), \(client), 'B', 'B/2', 'operating', '2020-01-01', '2020-01-01', current_date - 30,
                    NULL, 'PLN', 'car'),
                (\(portal.id), \(client), 'C', 'C/3', 'operating', '2020-01-01', '2020-01-01', current_date - 30,
                    current_date - 30, 'PLN', 'car')
            """
        )
        let other = try await house.takenIn(.complaint, client, portal)
        let id = try await house.takenIn(.accountDeletion, client, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        let seen = try await house.perform(ViewRequest(request: id), as: House.ewa, portal)
        #expect(
            seen.obstacles.map { "\($0.kind.rawValue) \($0.number)" } == [
                "contract A/1", "asset B/2", "request \(other)",
            ]
        )
    }

    @Test func `a debt that comes up between proposal and decision blocks it in the deciding transaction`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let id = try await house.proposed(.accountDeletion, client, portal)
        try await house.debt(client, portal)
        guard case .blocked(let found) = try await house.grant(id, portal) else {
            Issue.record("decided in spite of a debt")
            return
        }
        #expect(found.map(\.kind) == [.instalment])
        #expect(try await house.value("state", id) == "blocked")
        #expect(try await house.value("decided_by", id) == nil)
    }

    @Test func `a debt that comes up while it cools off blocks it, and the account stays`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let account = try await account(house, client, portal)
        let id = try await house.proposed(.accountDeletion, client, portal)
        _ = try await house.grant(id, portal)
        try await house.debt(client, portal)
        try await house.test.sql("UPDATE client_request SET cooling_until = cooling_until - 8")
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "blocked")
        #expect(try await house.test.value("SELECT state FROM account WHERE id = \(account)") == "active")
    }

    @Test func `the client takes it back while it cools off, and nothing happens`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let account = try await account(house, client, portal)
        let id = try await house.proposed(.accountDeletion, client, portal)
        _ = try await house.grant(id, portal)
        try await house.perform(WithdrawRequest(request: id), as: House.ewa, portal)
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "withdrawn")
        #expect(try await house.test.value("SELECT state FROM account WHERE id = \(account)") == "active")
        #expect(try await house.letters(id).last == "withdrawn")
    }

    @Test func `blocked for ninety days it lapses, and so does a question without an answer for thirty`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        try await house.debt(client, portal)
        let id = try await house.takenIn(.accountDeletion, client, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        try await house.perform(BlockRequest(request: id), as: House.ewa, portal)
        try await house.test.sql("UPDATE client_request SET blocked_since = blocked_since - 90")
        try await house.night(id, portal)
        #expect(try await house.value("state", id) == "lapsed")
        let asked = try await house.takenIn(.complaint, client, portal)
        try await house.perform(
            PauseRequest(request: asked, reason: .clarification, question: "Kiedy?"),
            as: House.ewa,
            portal
        )
        try await house.night(asked, portal)
        #expect(try await house.value("state", asked) == "waiting_client")
        try await house.test.sql("UPDATE request_pause SET started_on = started_on - 30")
        try await house.night(asked, portal)
        #expect(try await house.value("state", asked) == "lapsed")
        #expect(try await house.letters(asked).last == "lapsed")
    }
}
