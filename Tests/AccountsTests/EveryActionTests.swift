import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts
@testable import Portals

/// What holds for everything that staff do with accounts alike.
struct EveryActionTests {
    /// Two members of staff press one button of one page at once; answers both statuses.
    private func race(
        _ house: House,
        _ path: String,
        _ fields: [String: String] = [:],
        as roles: Set<Role>,
        staff: [Int64] = [2, 3]
    ) async throws -> [House.Page] {
        try await house.test.sql("INSERT INTO staff (login, name) VALUES ('third', 'Third') ON CONFLICT DO NOTHING")
        return try await withThrowingTaskGroup(of: House.Page.self) { group in
            for one in staff {
                group.addTask { try await house.post(path, fields, as: roles, staff: one) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(arguments: AccountAction.allCases)
    func `an action is refused to a foreign form and done once of two at once`(action: AccountAction) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.verify(account, try await house.portal("ebok-millennium"))
        if action == .unlock { _ = try await house.act("lock", on: account) }
        let events = try await house.audited(action.event)
        let version = try await house.test.value("SELECT version FROM account WHERE id = \(account)") ?? ""
        let path = "/accounts/ebok-millennium/\(account)/\(action.rawValue)"
        let fields = ["reason": "caller", "version": version]
        let foreign = try await house.post(path, fields, as: [.helpdesk, .accountManager], foreign: true)
        #expect(foreign.status == .forbidden)
        #expect(try await house.audited(action.event) == events)
        let pages = try await race(house, path, fields, as: [.helpdesk, .accountManager])
        #expect(Set(pages.map(\.status)) == [.seeOther, .conflict])
        #expect(try await house.audited(action.event) == events + 1)
    }

    @Test(arguments: AccountAction.allCases)
    func `another reason needs its words, and what was typed stays`(action: AccountAction) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.verify(account, try await house.portal("ebok-millennium"))
        if action == .unlock { _ = try await house.act("lock", on: account) }
        let events = try await house.audited(action.event)
        let page = try await house.act(action.rawValue, on: account, "ebok-millennium", ["reason": "other"])
        #expect(page.status == .conflict)
        #expect(page.body.contains("aria-invalid"))
        let missing = try await house.act(
            action.rawValue,
            on: account,
            "ebok-millennium",
            ["reason": "", "note": "kept & kept"]
        )
        #expect(missing.status == .unprocessableContent)
        #expect(missing.body.contains("kept &amp; kept"))
        #expect(try await house.audited(action.event) == events)
    }

    @Test(arguments: ["temporary_password", "activation_link"])
    func `without a phone or an e-mail nothing can be sent`(action: String) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.verify(account, try await house.portal("ebok-millennium"))
        try await house.test.sql("UPDATE account SET phone = NULL, email = NULL, sms_password = true")
        let page = try await house.act(action, on: account)
        #expect(page.status == .conflict)
        #expect(try await house.audited("account.\(action)") == 0)
        #expect(try await house.messages("accounts.\(action)") == 0)
    }

    // MARK: another contact

    private func asked() async throws -> (House, AccountID, String) {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        let page = try await house.act("contact", on: account, "klientefl", ["kind": "phone", "value": "500000333"])
        #expect(page.status == .seeOther)
        let id = try await house.test.value("SELECT max(id) FROM contact_change") ?? ""
        return (house, account, "/accounts/klientefl/\(account)/changes/\(id)")
    }

    @Test(arguments: [
        ("approval", Role.verifier, "account.contact_approved"), ("refusal", .verifier, "account.contact_declined"),
        ("stop", .helpdesk, "account.contact_stopped"),
    ])
    func `a word on a change is refused to foreign forms, missing rights and other portals, and said once`(
        word: String,
        role: Role,
        event: String
    ) async throws {
        let (house, account, path) = try await asked()
        #expect(try await house.post("\(path)/\(word)", as: [role], staff: 2, foreign: true).status == .forbidden)
        #expect(try await house.post("\(path)/\(word)", as: [.auditor], staff: 2).status == .forbidden)
        for key in ["ebok-millennium", "arval"] {
            let elsewhere = path.replacing("klientefl", with: key)
            #expect(try await house.post("\(elsewhere)/\(word)", as: [role], staff: 2).status == .notFound, "\(key)")
        }
        let none = "/accounts/klientefl/\(account)/changes/99/\(word)"
        #expect(try await house.post(none, as: [role], staff: 2).status == .notFound)
        #expect(try await house.test.value("SELECT state FROM contact_change") == "asked")
        let pages = try await race(house, "\(path)/\(word)", as: [role])
        #expect(pages.allSatisfy { $0.status == .seeOther })
        #expect(try await house.audited(event) == 1)
    }

    @Test func `nobody approves or declines what they asked for themselves`() async throws {
        let (house, _, path) = try await asked()
        for word in ["approval", "refusal"] {
            _ = try await house.post("\(path)/\(word)", as: [.accountManager], staff: 1)
        }
        #expect(try await house.test.value("SELECT state FROM contact_change") == "asked")
        #expect(try await house.audited("account.contact_approved") == 0)
        #expect(try await house.audited("account.contact_declined") == 0)
    }

    @Test func `of two who ask for another contact at once one is told that a change is open`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        let path = "/accounts/klientefl/\(account)/contact"
        let fields = ["kind": "phone", "value": "500000333", "reason": "caller"]
        #expect(try await house.post(path, fields, foreign: true).status == .forbidden)
        let elsewhere = "/accounts/ebok-millennium/\(account)/contact"
        #expect(try await house.post(elsewhere, fields).status == .notFound)
        let pages = try await race(house, path, fields, as: [.helpdesk])
        #expect(Set(pages.map(\.status)) == [.seeOther, .conflict])
        #expect(try await house.audited("account.contact_asked") == 1)
    }

    @Test func `a closed account gets no other contact and no further access`() async throws {
        let (house, account, path) = try await asked()
        _ = try await house.act("deactivate", on: account, "klientefl")
        #expect(try await house.post("\(path)/approval", as: [.verifier], staff: 2).status == .seeOther)
        #expect(try await house.audited("account.contact_approved") == 0)
        try await house.verify(account, try await house.portal("klientefl"))
        let contact = try await house.act("contact", on: account, "klientefl", ["kind": "email", "value": "a@b.pl"])
        #expect(contact.status == .conflict)
        let given = ["number": "K-7", "rights": "contracts"]
        let events = try await house.audited("access.given")
        #expect(try await house.act("access", on: account, "klientefl", given).status == .conflict)
        #expect(try await house.audited("access.given") == events)
    }

    // MARK: accesses and incidents

    @Test func `an access is given and taken once of two at once, never by a foreign form or elsewhere`() async throws {
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
        let path = "/accounts/klientefl/\(account)/access"
        for (fields, event) in [
            (["number": "K-7", "rights": "contracts", "reason": "caller"], "access.given"),
            (["take": client, "reason": "caller"], "access.taken"),
        ] {
            let events = try await house.audited(event)
            #expect(try await house.post(path, fields, as: [.accountManager], foreign: true).status == .forbidden)
            #expect(try await house.post(path, fields, as: [.helpdesk]).status == .forbidden)
            for key in ["ebok-millennium", "arval"] {
                let elsewhere = "/accounts/\(key)/\(account)/access"
                #expect(try await house.post(elsewhere, fields, as: [.accountManager]).status == .notFound, "\(key)")
            }
            #expect(try await house.audited(event) == events)
            let version = try await house.test.value("SELECT version FROM account WHERE id = \(account)") ?? ""
            let form = fields.merging(["version": version]) { $1 }
            let pages = try await race(house, path, form, as: [.accountManager])
            #expect(Set(pages.map(\.status)) == [.seeOther, .conflict])
            #expect(try await house.audited(event) == events + 1)
        }
    }

    @Test func `while an incident is open no contact and no access changes, verified or not`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        let portal = try await house.portal("klientefl")
        try await house.verify(account, portal)
        _ = try await house.act("contact", on: account, "klientefl", ["kind": "phone", "value": "500000333"])
        _ = try await house.act("threat", on: account, "klientefl")
        #expect(try await house.test.value("SELECT state FROM contact_change") == "stopped")
        try await house.verify(account, portal)
        let contact = try await house.act("contact", on: account, "klientefl", ["kind": "phone", "value": "500000333"])
        #expect(contact.status == .conflict && contact.body.contains("An incident is open"))
        let client = try await house.test.value("SELECT client_id FROM access") ?? ""
        let access = try await house.act("access", on: account, "klientefl", ["take": client])
        #expect(access.status == .conflict && access.body.contains("An incident is open"))
        #expect(try await house.test.value("SELECT count(*) FROM access WHERE ended_at IS NULL") == "1")
        #expect(try await house.audited("account.contact_asked") == 1)
        _ = try await house.post("/accounts/klientefl/\(account)/incident", ["outcome": "false_alarm"])
        let after = try await house.act("contact", on: account, "klientefl", ["kind": "phone", "value": "500000333"])
        #expect(after.status == .seeOther)
    }

    @Test func `an incident is closed once, with its outcome, by whoever may`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        _ = try await house.act("threat", on: account)
        let path = "/accounts/ebok-millennium/\(account)/incident"
        let outcome = ["outcome": "misuse"]
        #expect(try await house.post(path, outcome, foreign: true).status == .forbidden)
        #expect(try await house.post(path, outcome, as: [.auditor]).status == .forbidden)
        for key in ["klientefl", "arval"] {
            _ = try await house.post("/accounts/\(key)/\(account)/incident", outcome)
        }
        _ = try await house.post(path, ["outcome": "no idea"])
        #expect(try await house.test.value("SELECT count(*) FROM incident WHERE closed_at IS NULL") == "1")
        _ = try await race(house, path, outcome, as: [.helpdesk])
        #expect(try await house.test.value("SELECT outcome FROM incident") == "misuse")
        #expect(try await house.audited("account.incident_closed") == 1)
    }
}
