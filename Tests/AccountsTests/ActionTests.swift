import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts
@testable import Portals

/// What staff do about one account, on its pages.
struct ActionTests {
    @Test(arguments: [
        ("lock", "locked", "accounts.locked", "account.locked"),
        ("end_sessions", "active", "accounts.sessions_ended", "account.sessions_ended"),
        ("threat", "locked", "accounts.threat", "account.threat"),
        ("temporary_password", "active", "accounts.temporary_password", "account.temporary_password"),
        ("activation_link", "active", "accounts.activation_link", "account.activation_link"),
        ("deactivate", "closed", "accounts.closed", "account.closed"),
    ])
    func `an action is done, told to the client and written down with its reason`(
        action: String,
        state: String,
        message: String,
        event: String
    ) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.verify(account, try await house.portal("ebok-millennium"))
        let page = try await house.act(action, on: account)
        #expect(page.status == .seeOther)
        #expect(try await house.state(account) == state)
        #expect(try await house.messages(message) == (action == "threat" ? 2 : 1))
        #expect(
            try await house.test.value("SELECT facts ->> 'reason' FROM audit_event WHERE action = '\(event)'")
                == "caller"
        )
        let passwords = try await house.test.value("SELECT count(password_hash) FROM account")
        #expect(passwords == (action == "deactivate" ? "0" : "1"))
        let open = try await house.test.value("SELECT count(*) FROM account_session WHERE ended_at IS NULL")
        #expect(open == (action == "temporary_password" || action == "activation_link" ? "1" : "0"))
        #expect(try await house.get(page.location).status == .ok)
    }

    @Test func `unlocking gives the state before the lock back and forgets wrong sign-ins`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        let portal = try await house.portal("ebok-millennium")
        try await house.verify(account, portal, .low)
        _ = try await house.act("lock", on: account)
        try await house.test.sql("UPDATE account SET wrong_sign_ins = 5, wait_until = now() + interval '1 hour'")
        #expect(try await house.act("unlock", on: account).status == .seeOther)
        #expect(try await house.state(account) == "active")
        #expect(try await house.test.value("SELECT wrong_sign_ins FROM account") == "0")
        #expect(try await house.test.value("SELECT wait_until FROM account") == nil)
        #expect(try await house.messages("accounts.unlocked") == 1)
    }

    @Test(arguments: ["unlock", "temporary_password", "activation_link", "deactivate"])
    func `without a proof of who the caller is nothing happens`(action: String) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        if action == "unlock" { _ = try await house.act("lock", on: account) }
        let before = try await house.state(account)
        let page = try await house.act(action, on: account, "ebok-millennium", ["note": "kept"])
        #expect(page.status == .conflict)
        #expect(page.body.contains("not verified"))
        #expect(page.body.contains("value=\"kept\""))
        #expect(page.body.contains("/identity/ebok-millennium/clients/"))
        #expect(try await house.state(account) == before)
    }

    @Test(arguments: AccountAction.allCases)
    func `a missing right and another portal are refused`(action: AccountAction) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        let path = "/accounts/ebok-millennium/\(account)/\(action.rawValue)"
        #expect(try await house.get(path, as: [.auditor]).status == .forbidden)
        #expect(try await house.post(path, ["reason": "caller"], as: [.scheduler]).status == .forbidden)
        #expect(
            try await house.act(action.rawValue, on: account, "klientefl", as: Set(Role.allCases)).status == .notFound
        )
        #expect(
            try await house.act(action.rawValue, on: account, "arval", as: Set(Role.allCases)).status == .notFound
        )
        #expect(try await house.state(account) == "active")
    }

    @Test func `a stale page, a closed account and a state that does not fit get clear words`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.verify(account, try await house.portal("ebok-millennium"))
        let stale = try await house.act("lock", on: account, "ebok-millennium", ["version": "77"])
        #expect(stale.status == .conflict)
        #expect(stale.body.contains("Somebody changed the account"))
        _ = try await house.act("lock", on: account)
        #expect(try await house.act("lock", on: account).body.contains("not in a state"))
        #expect(try await house.act("temporary_password", on: account).body.contains("not in a state"))
        _ = try await house.act("deactivate", on: account)
        #expect(try await house.act("lock", on: account).body.contains("The account is closed"))
        let reason = try await house.act("threat", on: account, "ebok-millennium", ["reason": ""])
        #expect(reason.status == .unprocessableContent)
    }

    @Test func `two members of staff at once get one success and one clear word`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        let version = try await house.test.value("SELECT version FROM account") ?? ""
        let pages = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
            for staff in [Int64(1), 2] {
                group.addTask {
                    try await house.post(
                        "/accounts/ebok-millennium/\(account)/lock",
                        ["reason": "misuse", "version": version],
                        staff: staff
                    ).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(pages) == [.seeOther, .conflict])
        #expect(try await house.audited("account.locked") == 1)
    }

    @Test func `a new password only for users whose SMS option is on, where the portal says so`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        try await house.verify(account, try await house.portal("ebok-millennium"))
        try await house.test.sql("UPDATE account SET sms_password = false")
        let refused = try await house.act("temporary_password", on: account)
        #expect(refused.status == .conflict)
        #expect(refused.body.contains("SMS option is off"))
        #expect(try await house.messages("accounts.temporary_password") == 0)
        let link = try await house.act("activation_link", on: account)
        #expect(link.status == .conflict)
        #expect(link.body.contains("SMS option is off"))
        #expect(try await house.messages("accounts.activation_link") == 0)
        let portal = try await house.portal("ebok-millennium")
        let invited = try await house.activate(portal, login: "nowak", phone: "+48500000128").account
        try await house.test.sql("UPDATE account SET sms_password = false")
        try await house.verify(invited, portal)
        #expect(try await house.act("activation_link", on: invited).status == .seeOther)
        let other = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(other, try await house.portal("klientefl"))
        try await house.test.sql("UPDATE account SET sms_password = false")
        #expect(try await house.act("temporary_password", on: other, "klientefl").status == .seeOther)
    }

    @Test func `only the hash of a temporary password is kept, and three in a quarter of an hour are enough`()
        async throws
    {
        let house = try await House.make()
        let account = try await house.activeAccount("klientefl", login: "500000127")
        try await house.verify(account, try await house.portal("klientefl"))
        for _ in 0..<3 {
            #expect(try await house.act("temporary_password", on: account, "klientefl").status == .seeOther)
        }
        let fourth = try await house.act("temporary_password", on: account, "klientefl")
        #expect(fourth.body.contains("Three were sent"))
        #expect(
            try await house.test.value(
                """
                SELECT count(*) FROM account_code WHERE purpose = 'temporary_password' AND voided_at IS NULL
                    AND octet_length(code_hash) = 32
                """
            ) == "1"
        )
    }

    @Test func `a suspected threat does everything in one step, and only its end opens the way back`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        let portal = try await house.portal("ebok-millennium")
        try await house.verify(account, portal)
        _ = try await house.act("temporary_password", on: account)
        try await house.test.sql(
            "INSERT INTO account_device (portal_id, token_hash, account_id) VALUES (\(portal.id), 'd', \(account))"
        )
        _ = try await house.act("threat", on: account, "ebok-millennium", ["reason": "misuse"])
        #expect(try await house.test.value("SELECT lock_reason FROM account") == "threat")
        #expect(try await house.test.value("SELECT codes_voided FROM incident WHERE closed_at IS NULL") == "1")
        #expect(try await house.test.value("SELECT count(*) FROM account_device") == "0")
        #expect(try await house.test.value("SELECT state FROM verification") == "voided")
        try await house.verify(account, portal)
        #expect(try await house.act("unlock", on: account).body.contains("An incident is open"))
        let closed = try await house.post(
            "/accounts/ebok-millennium/\(account)/incident",
            ["outcome": "false_alarm"]
        )
        #expect(closed.status == .seeOther)
        #expect(try await house.audited("account.incident_closed") == 1)
        #expect(try await house.act("unlock", on: account).status == .seeOther)
    }

    @Test func `the database itself keeps a closed account closed and without accesses`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        await #expect(throws: (any Error).self) {
            try await house.test.sql("UPDATE account SET state = 'closed' WHERE id = \(account)")
        }
        try await house.verify(account, try await house.portal("ebok-millennium"))
        _ = try await house.act("deactivate", on: account)
        await #expect(throws: (any Error).self) {
            try await house.test.sql("UPDATE account SET state = 'active' WHERE id = \(account)")
        }
    }

    @Test(arguments: [("klientefl", "500000127"), ("legitimo", "jan@example.pl")])
    func `a login that is a phone or an address stands masked on the account's and the client's page`(
        key: String,
        login: String
    ) async throws {
        let house = try await House.make()
        let account = try await house.activeAccount(key, login: login)
        let client = try await house.test.value("SELECT client_id FROM access") ?? ""
        for path in ["/accounts/\(key)/\(account)", "/accounts/\(key)/\(account)/lock", "/clients/\(key)/\(client)"] {
            let page = try await house.get(path)
            #expect(page.status == .ok && !page.body.contains(login), "\(path)")
        }
    }

    @Test func `the client's page says why somebody cannot sign in, with the fitting action beside it`() async throws {
        let house = try await House.make()
        let account = try await house.activeAccount()
        let client = try await house.test.value("SELECT client_id FROM access") ?? ""
        let fine = try await house.get("/clients/ebok-millennium/\(client)")
        #expect(fine.body.contains("Nothing on our side keeps them out"))
        _ = try await house.act("lock", on: account)
        let locked = try await house.get("/clients/ebok-millennium/\(client)")
        #expect(locked.body.contains("Locked by staff"))
        #expect(locked.body.contains("/accounts/ebok-millennium/\(account)/unlock"))
        #expect(locked.body.contains("Account locked"))
        let auditor = try await house.get("/clients/ebok-millennium/\(client)", as: [.auditor])
        #expect(!auditor.body.contains("/unlock"))
    }
}
