import DeskKit
import Foundation
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Accounts

/// "Why can't they sign in?": each sentence of the client's page, with what is offered beside it pressed.
struct WhyTests {
    private static let key = "klientefl"
    private static let form = ["login": "500000127", "password": House.password]

    private func standing() async throws -> (House, AccountID) {
        let house = try await House.make()
        let account = try await house.activeAccount(Self.key, login: "500000127")
        try await house.verify(account, try await house.portal(Self.key))
        return (house, account)
    }

    private func signIn(_ caller: PortalCaller) async throws -> PortalCaller.Answer {
        try await caller.post("sessions", Self.form, portal: Self.key)
    }

    /// What the client's page offers beside the sentence.
    private func offered(_ house: House, _ sentence: String) async throws -> String {
        let client = try await house.test.value("SELECT client_id FROM access") ?? ""
        let page = try await house.get("/clients/\(Self.key)/\(client)").body
        let after = page.components(separatedBy: sentence).dropFirst().first ?? ""
        try #require(!after.isEmpty, "“\(sentence)” is not on the page")
        let link = after.components(separatedBy: "href=\"").dropFirst().first ?? ""
        return link.components(separatedBy: "\"").first ?? ""
    }

    private func press(_ house: House, _ path: String, on account: AccountID) async throws -> House.Page {
        try #require(path.hasPrefix("/accounts/\(Self.key)/\(account)/"), "\(path)")
        return try await house.act(String(path.split(separator: "/").last ?? ""), on: account, Self.key)
    }

    @Test func `an account that waits after wrong sign-ins is let in by the unlock that is offered`() async throws {
        let (house, account) = try await standing()
        #expect(try await house.act("unlock", on: account, Self.key).body.contains("not in a state"))
        try await house.test.sql("UPDATE account SET wrong_sign_ins = 3, wait_until = now() + interval '10 minutes'")
        let path = try await offered(house, "Too many wrong tries")
        #expect(path.hasSuffix("/unlock"))
        #expect(try await press(house, path, on: account).status == .seeOther)
        let rows = try await house.test.sql("SELECT state, wrong_sign_ins, wait_until FROM account")
        #expect(rows == [["active", "0", nil]])
        #expect(try await house.audited("account.unlocked") == 1)
        #expect(try await house.messages("accounts.unlocked") == 1)
    }

    @Test func `after a closed incident the page offers the unlock, and before it the way to the incident`()
        async throws
    {
        let (house, account) = try await standing()
        _ = try await house.act("threat", on: account, Self.key)
        try await house.verify(account, try await house.portal(Self.key))
        let incident = try await offered(house, "a threat is suspected")
        #expect(incident == "/accounts/\(Self.key)/\(account)")
        let shown = try await house.get(incident).body
        #expect(shown.contains("action=\"\(incident)/incident\""))
        #expect(!shown.contains("\(incident)/unlock"))
        let closed = try await house.post("\(incident)/incident", ["outcome": "false_alarm"])
        #expect(closed.status == .seeOther)
        let path = try await offered(house, "the incident is closed")
        #expect(path == "\(incident)/unlock")
        #expect(try await house.get(incident).body.contains(path))
        #expect(try await press(house, path, on: account).status == .seeOther)
        #expect(try await house.state(account) == "active")
    }

    @Test func `a budget that is spent without a lock is locked by the next sign-in, and unlocked from the page`()
        async throws
    {
        let (house, account) = try await standing()
        try await house.test.sql("UPDATE account SET wrong_sign_ins = 99, wait_until = now() + interval '1 minute'")
        try await house.calling { caller in
            #expect(try await signIn(caller).error == "wrong_credentials")
            // A try that was counted in this minute may be a right one.
            #expect(try await house.state(account) == "active")
            try await house.test.sql("UPDATE account SET wait_until = NULL")
            #expect(try await signIn(caller).error == "wrong_credentials")
        }
        #expect(try await house.test.value("SELECT lock_reason FROM account") == "wrong_sign_ins")
        #expect(try await house.audited("account.locked") == 1)
        #expect(
            try await house.test.value("SELECT count(*) FROM account_session WHERE ended_at IS NULL") == "0"
        )
        let path = try await offered(house, "wrong passwords")
        #expect(try await press(house, path, on: account).status == .seeOther)
        try await house.calling { caller in
            let opened = try await signIn(caller)
            #expect(opened.status == 201, "\(opened.text)")
        }
    }

    @Test func `a new password ends the wait, so that the next sign-in counts`() async throws {
        let (house, account) = try await standing()
        try await house.test.sql("UPDATE account SET wrong_sign_ins = 3, wait_until = now() + interval '10 minutes'")
        #expect(try await house.act("temporary_password", on: account, Self.key).status == .seeOther)
        let portal = try await house.portal(Self.key)
        let code = try await house.newestPassword(portal)
        try await house.calling { caller in
            let form = ["login": "500000127", "code": code]
            let redeemed = try await caller.post("codes/redeem", form, portal: Self.key)
            let password = ["password": House.password]
            let set = try await caller.call(.put, "password", password, portal: Self.key, token: redeemed.token)
            #expect(set.status == 200, "\(set.text)")
            #expect(try await signIn(caller).status == 201)
        }
    }

    @Test func `a code whose delivery failed leads to its message`() async throws {
        let (house, account) = try await standing()
        #expect(try await house.act("temporary_password", on: account, Self.key).status == .seeOther)
        let message = try await house.test.value("SELECT max(id) FROM message") ?? ""
        try await house.test.sql(
            """
            UPDATE message SET state = 'refused', reason = 'bad_recipient', content = NULL, wiped_at = now()
            WHERE id = \(message)
            """
        )
        #expect(try await offered(house, "may not have arrived") == "/messaging/\(Self.key)/\(message)")
    }

    @Test func `a code that waits to be used is seen, and a link is offered in its stead`() async throws {
        let (house, account) = try await standing()
        #expect(try await house.act("temporary_password", on: account, Self.key).status == .seeOther)
        let path = try await offered(house, "waits to be used")
        #expect(try await press(house, path, on: account).status == .seeOther)
        #expect(try await house.messages("accounts.activation_link") == 1)
    }

    @Test func `whoever never signed in and has no code any more is sent a link that lets them in`() async throws {
        let house = try await House.make()
        let portal = try await house.portal(Self.key)
        let account = try await house.activate(portal, login: "500000127").account
        try await house.verify(account, portal)
        let open = try await offered(house, "waits to be used")
        #expect(open.hasSuffix("/activation_link"))
        try await house.test.sql("UPDATE account_code SET expires_at = now() - interval '1 second'")
        let path = try await offered(house, "Never signed in")
        #expect(try await press(house, path, on: account).status == .seeOther)
        let token = try await house.newestToken(portal)
        try await house.calling { caller in
            let redeemed = try await caller.post("links/redeem", ["token": token], portal: Self.key)
            let password = ["password": House.password]
            let set = try await caller.call(.put, "password", password, portal: Self.key, token: redeemed.token)
            #expect(set.status == 200, "\(redeemed.text) \(set.text)")
            #expect(try await signIn(caller).status == 201)
        }
        #expect(try await offered(house, "Nothing on our side") == "/accounts/\(Self.key)/\(account)")
    }

    @Test func `a temporary password is good for the time that its letter states, and no longer`() async throws {
        let (house, account) = try await standing()
        let portal = try await house.portal(Self.key)
        let minutes = portal.rules.temporaryPasswordMinutes
        for isLate in [true, false] {
            #expect(try await house.act("temporary_password", on: account, Self.key).status == .seeOther)
            #expect(try await house.newestText(portal).contains("\(minutes) min"))
            let left = try await house.test.value(
                """
                SELECT extract(epoch FROM expires_at - created_at)::integer FROM account_code
                WHERE purpose = 'temporary_password' AND voided_at IS NULL
                """
            )
            #expect(left == "\(minutes * 60)")
            let gone = isLate ? minutes * 60 : minutes * 60 - 30
            try await house.test.sql(
                """
                UPDATE account_code SET created_at = created_at - make_interval(secs => \(gone)),
                    expires_at = expires_at - make_interval(secs => \(gone)) WHERE voided_at IS NULL AND used_at IS NULL
                """
            )
            let form = ["login": "500000127", "code": try await house.newestPassword(portal)]
            try await house.calling { caller in
                let redeemed = try await caller.post("codes/redeem", form, portal: Self.key)
                #expect(redeemed.status == (isLate ? 401 : 201))
            }
        }
    }
}
