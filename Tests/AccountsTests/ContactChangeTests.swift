import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts
@testable import DeskApp
@testable import JobRunner
@testable import Portals

/// "I have a new phone": asked for, approved by a second person, stopped by the old contact, or in effect.
struct ContactChangeTests {
    private static let new = ["kind": "phone", "value": "500 000 333"]

    private func asked() async throws -> (House, AccountID, PortalProfile) {
        let house = try await House.make()
        let portal = try await house.portal("klientefl")
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, portal, .substantial)
        #expect(try await house.act("contact", on: account, "klientefl", Self.new).status == .seeOther)
        return (house, account, portal)
    }

    private func change(_ house: House) async throws -> String {
        try await house.test.value("SELECT id FROM contact_change ORDER BY id DESC LIMIT 1") ?? ""
    }

    private func apply(_ house: House, _ portal: PortalProfile) async throws -> JobOutcome {
        let job = ApplyContactChange(
            portals: house.installation.desk.portals,
            notices: house.rooms.accounts.room.notices,
            trail: house.rooms.accounts.room.trail
        )
        let id = Int64(try await change(house)) ?? 0
        return try await house.test.workerDatabase.transaction(.portal(portal.id)) { session in
            try job.apply(id, portal, in: session)
        }
    }

    @Test func `a change waits for a second person, then for the old contact, and then takes effect`() async throws {
        let (house, account, portal) = try await asked()
        #expect(try await house.messages("accounts.contact_change") == 0)
        let path = "/accounts/klientefl/\(account)/changes/\(try await change(house))"
        let own = try await house.post("\(path)/approval", as: [.accountManager], staff: 1)
        #expect(own.status == .seeOther)
        #expect(try await house.test.value("SELECT state FROM contact_change") == "asked")
        #expect(try await house.post("\(path)/approval", as: [.verifier], staff: 2).status == .seeOther)
        #expect(try await house.test.value("SELECT state FROM contact_change") == "waiting")
        #expect(try await house.messages("accounts.contact_change") == 2)
        #expect(try await house.test.value("SELECT phone FROM account WHERE id = \(account)") == "+48500000127")
        #expect(try await apply(house, portal) == .delay(.seconds(60)))
        try await house.test.sql("UPDATE contact_change SET effective_at = now()")
        #expect(try await apply(house, portal) == .done)
        #expect(
            try await house.test.sql("SELECT phone, login FROM account WHERE id = \(account)")
                == [["+48500000333", "500000333"]]
        )
        #expect(
            try await house.test.value("SELECT count(*) FROM account_term WHERE term = '333000005' || '84'") == "1"
        )
        #expect(try await house.messages("accounts.contact_changed") == 1)
        #expect(try await apply(house, portal) == .cancel(reason: "settled"))
        #expect(
            try await house.test.sql(
                "SELECT action FROM audit_event WHERE action LIKE 'account.contact%' ORDER BY id"
            ).compactMap { $0[0] }
                == ["account.contact_asked", "account.contact_approved", "account.contact_changed"]
        )
    }

    @Test func `the database refuses whoever asked as the second person, and an effect before its time`() async throws {
        let (house, _, _) = try await asked()
        await #expect(throws: (any Error).self) {
            try await house.test.sql(
                """
                UPDATE contact_change SET state = 'waiting', decided_by = asked_by, effective_at = now(),
                    stop_hash = 'x'
                """
            )
        }
        try await house.test.sql(
            """
            UPDATE contact_change SET state = 'waiting', decided_by = (SELECT max(id) FROM staff),
                effective_at = now() + interval '1 hour', stop_hash = 'x'
            """
        )
        for wrong in ["state = 'applied', settled_at = now()", "new_value = '+48500000999'"] {
            await #expect(throws: (any Error).self) {
                try await house.test.sql("UPDATE contact_change SET \(wrong)")
            }
        }
    }

    @Test func `declined or stopped, nothing changes and nothing can be done again`() async throws {
        let (house, account, portal) = try await asked()
        let first = "/accounts/klientefl/\(account)/changes/\(try await change(house))"
        #expect(try await house.post("\(first)/refusal", as: [.verifier], staff: 2).status == .seeOther)
        #expect(try await house.test.value("SELECT state FROM contact_change") == "declined")
        _ = try await house.act("contact", on: account, "klientefl", Self.new)
        let second = "/accounts/klientefl/\(account)/changes/\(try await change(house))"
        _ = try await house.post("\(second)/approval", as: [.verifier], staff: 2)
        #expect(try await house.post("\(second)/stop").status == .seeOther)
        #expect(try await apply(house, portal) == .cancel(reason: "settled"))
        #expect(try await house.test.value("SELECT phone FROM account WHERE id = \(account)") == "+48500000127")
        #expect(try await house.audited("account.contact_declined") == 1)
        #expect(try await house.audited("account.contact_stopped") == 1)
    }

    @Test(arguments: [
        ("phone", "12ab", "no mobile number"), ("phone", "+48 22 111 22 33", "no mobile number"),
        ("phone", "500000127", "the contact already"), ("phone", "500000444", "Another account"),
        ("email", "no address", "no mobile number"), ("email", "", "Fill"),
    ])
    func `a contact that will not do is told at the field, with what was typed`(
        kind: String,
        value: String,
        words: String
    ) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        try await house.test.sql(
            """
            INSERT INTO account (portal_id, login, person_name, phone, language)
            SELECT portal_id, '500000444', 'Ola', '+48500000444', 'pl' FROM account LIMIT 1
            """
        )
        let page = try await house.act("contact", on: account, "klientefl", ["kind": kind, "value": value])
        #expect(page.status == (value.isEmpty ? .unprocessableContent : .conflict))
        #expect(value.isEmpty || page.body.contains(words))
        #expect(page.body.contains("value=\"\(value)\""))
        #expect(page.body.contains("aria-invalid"))
        #expect(try await house.test.value("SELECT count(*) FROM contact_change") == "0")
    }

    @Test func `one change of a kind at a time, a proof first, and rights`() async throws {
        let (house, account, portal) = try await asked()
        let again = try await house.act("contact", on: account, "klientefl", ["kind": "phone", "value": "500000555"])
        #expect(again.body.contains("open already"))
        try await house.test.sql("UPDATE verification SET valid_until = now()")
        let late = try await house.act("contact", on: account, "klientefl", ["kind": "email", "value": "a@b.pl"])
        #expect(late.status == .conflict)
        #expect(late.body.contains("not verified strongly enough"))
        try await house.verify(account, portal, .low)
        let weak = try await house.act("contact", on: account, "klientefl", ["kind": "email", "value": "a@b.pl"])
        #expect(weak.status == .conflict)
        #expect(try await house.act("contact", on: account, "klientefl", Self.new, as: [.auditor]).status == .forbidden)
        let path = "/accounts/klientefl/\(account)/changes/\(try await change(house))"
        #expect(try await house.post("\(path)/approval", as: [.helpdesk], staff: 2).status == .forbidden)
        let elsewhere = "/accounts/ebok-millennium/\(account)/changes/\(try await change(house))"
        #expect(try await house.post("\(elsewhere)/approval", as: [.verifier], staff: 2).status == .notFound)
    }

    @Test func `a contact that was taken meanwhile lapses instead of doubling`() async throws {
        let (house, account, portal) = try await asked()
        let path = "/accounts/klientefl/\(account)/changes/\(try await change(house))"
        _ = try await house.post("\(path)/approval", as: [.verifier], staff: 2)
        try await house.test.sql(
            """
            UPDATE contact_change SET effective_at = now();
            INSERT INTO account (portal_id, login, person_name, phone, language)
            SELECT portal_id, '500000333', 'Ola', '+48500000333', 'pl' FROM account LIMIT 1
            """
        )
        #expect(try await apply(house, portal) == .cancel(reason: "in_use"))
        #expect(try await house.test.value("SELECT state FROM contact_change") == "lapsed")
        #expect(try await house.messages("accounts.contact_lapsed") == 2)
        #expect(try await house.audited("account.contact_lapsed") == 1)
        #expect(try await house.test.value("SELECT phone FROM account WHERE id = \(account)") == "+48500000127")
    }

    @Test func `an access is given by customer number and taken again, each with its notice and line`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        let client =
            try await house.test.value(
                """
                INSERT INTO client (portal_id, kind, name, country, language, customer_number)
                SELECT portal_id, 'person', 'Jan Żak', 'PL', 'pl', 'K-7' FROM account LIMIT 1 RETURNING id
                """
            ) ?? ""
        try await house.test.sql(
            """
            INSERT INTO contact (portal_id, client_id, kind, value, trusted)
            SELECT portal_id, \(client), k.kind, k.value, k.trusted FROM account, (VALUES
                ('phone', '+48500000888', false), ('phone', '+48500000777', true), ('email', 'jan@example.pl', true)
            ) AS k (kind, value, trusted)
            """
        )
        for (fields, words) in [
            (["number": "K-99", "rights": "contracts"], "has this number"), (["number": "K-7"], "at least one right"),
            ([:], "one of the two"), (["number": "K-7", "take": client], "one of the two"),
        ] {
            #expect(try await house.act("access", on: account, "klientefl", fields).body.contains(words))
        }
        let given = ["number": "K-7", "rights": "contracts"]
        #expect(try await house.act("access", on: account, "klientefl", given).status == .seeOther)
        #expect(try await house.act("access", on: account, "klientefl", given).body.contains("already"))
        #expect(try await house.act("access", on: account, "klientefl", ["take": client]).status == .seeOther)
        #expect(try await house.act("access", on: account, "klientefl", ["take": client]).status == .conflict)
        #expect(try await house.messages("accounts.access_given") == 1)
        // The client is told at its trusted contact; the e-mail is the account's own.
        let told = try await house.test.sql(
            "SELECT recipient_hint, client_id, account_id FROM message WHERE kind = 'accounts.access_of_client'"
        )
        #expect(told.map { [$0[0]?.suffix(3).description, $0[1], $0[2]] } == [["777", client, nil]])
        #expect(try await house.messages("accounts.access_taken") == 1)
        #expect(try await house.audited("access.taken") == 1)
        #expect(try await house.act("access", on: account, "klientefl", given, as: [.helpdesk]).status == .forbidden)
        try await house.test.sql("UPDATE verification SET valid_until = now()")
        #expect(try await house.act("access", on: account, "klientefl", given).status == .conflict)
    }
}
