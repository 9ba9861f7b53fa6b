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

/// What clients do without staff, through the portal API.
struct SelfServiceTests {
    private func signIn(
        _ caller: PortalCaller,
        _ password: String,
        device: String? = nil
    ) async throws
        -> PortalCaller.Answer
    {
        var form = ["login": "500000127", "password": password]
        if let device { form["device"] = device }
        return try await caller.post("sessions", form, portal: "klientefl")
    }

    @Test func `wrong sign-ins wait longer each time, and a known device has a budget of its own`() async throws {
        let house = try await House.make()
        // The longest wait that a profile may set: no slow machine outlasts it.
        try await house.test.sql(
            """
            UPDATE portal
            SET profile = jsonb_set(profile, '{callers,signInDelaySeconds}', '300'), version = version + 1
            """
        )
        let (account, _) = try await house.signedIn()
        try await house.calling { caller in
            let first = try await signIn(caller, House.password)
            let device = first.json["device"]
            #expect(device?.isEmpty == false, "\(first.text)")
            for _ in 0..<6 { _ = try await signIn(caller, "wrong-password-1") }
            let waiting = try await signIn(caller, House.password)
            #expect(waiting.error == "wrong_credentials")
            let own = try await signIn(caller, House.password, device: device)
            #expect(own.status == 201)
            #expect(own.json["device"] == device)
            let foreign = try await signIn(caller, House.password, device: String(repeating: "x", count: 43))
            #expect(foreign.error == "wrong_credentials")
        }
        #expect(try await house.test.value("SELECT wrong_sign_ins FROM account WHERE id = \(account)") == "2")
        #expect(
            try await house.test.value("SELECT wait_until > now() FROM account WHERE id = \(account)") == "t"
        )
        #expect(try await house.test.value("SELECT count(*) FROM account_device") == "1")
    }

    @Test func `a known device that guesses spends its own budget, then the account's`() async throws {
        let house = try await House.make()
        let (account, _) = try await house.signedIn()
        let tries = try await house.portal("klientefl").rules.callerRules.deviceTries
        try await house.calling { caller in
            let device = try await signIn(caller, House.password).json["device"]
            for _ in 0..<tries { _ = try await signIn(caller, "wrong-password-1", device: device) }
            #expect(try await house.test.value("SELECT wrong_sign_ins FROM account WHERE id = \(account)") == "0")
            _ = try await signIn(caller, "wrong-password-1", device: device)
            #expect(try await house.test.value("SELECT wrong_sign_ins FROM account WHERE id = \(account)") == "1")
        }
    }

    @Test func `a forgotten password is recovered by a code to the phone, once`() async throws {
        let house = try await House.make()
        let (account, _) = try await house.signedIn()
        let portal = try await house.portal("klientefl")
        try await house.calling { caller in
            let known = try await caller.post("recovery", ["login": "500000127"], portal: "klientefl")
            let code = try await house.newestCode(portal)
            let unknown = try await caller.post("recovery", ["login": "500000999"], portal: "klientefl")
            #expect(known.status == 202)
            #expect(known.status == unknown.status)
            #expect(known.text == unknown.text)
            let form = ["login": "500000127", "code": code]
            let redeemed = try await caller.post("codes/redeem", form, portal: "klientefl")
            #expect(redeemed.json["next"] == "set_password")
            #expect(try await caller.post("codes/redeem", form, portal: "klientefl").error == "wrong_code")
        }
        #expect(try await house.messages("accounts.recovery_code") == 1)
        #expect(
            try await house.test.value(
                "SELECT count(*) FROM audit_event WHERE action = 'account.recovery_sent' AND subject_id = \(account)"
            ) == "1"
        )
    }

    @Test func `a portal with links sends one to the e-mail, and one with staff says so to everybody`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("legitimo")
        _ = try await house.signedIn("legitimo", login: "anna@example.hu", phone: nil, email: "anna@example.hu")
        try await house.calling { caller in
            let asked = try await caller.post("recovery", ["login": "anna@example.hu"], portal: "legitimo")
            #expect(asked.status == 202)
            let staff = try await caller.post("recovery", ["login": "x"])
            #expect(staff.error == "recovery_by_staff")
        }
        #expect(try await house.messages("accounts.recovery_link") == 1)
        let token = try await house.newestToken(portal)
        try await house.calling { caller in
            let first = try await caller.post("links/redeem", ["token": token], portal: "legitimo")
            #expect(first.json["next"] == "set_password")
            let again = try await caller.post("links/redeem", ["token": token], portal: "legitimo")
            #expect(again.error == "link_used")
            let elsewhere = try await caller.post("links/redeem", ["token": token], portal: "klientefl")
            #expect(elsewhere.error == "link_used")
        }
    }

    @Test func `a client's own change of contact is announced to the old one, which stops it once`() async throws {
        let house = try await House.make()
        let (account, token) = try await house.signedIn()
        let portal = try await house.portal("klientefl")
        try await house.calling { caller in
            let asked = try await caller.post(
                "contact-changes",
                ["kind": "phone", "value": "500000333"],
                portal: "klientefl",
                token: token
            )
            #expect(asked.status == 202)
            let stop = try await house.newestToken(portal)
            let twice = try await caller.post(
                "contact-changes",
                ["kind": "phone", "value": "500000444"],
                portal: "klientefl",
                token: token
            )
            #expect(twice.error == "contact_pending")
            let bad = try await caller.post(
                "contact-changes",
                ["kind": "email", "value": "nothing"],
                portal: "klientefl",
                token: token
            )
            #expect(bad.error == "contact_refused")
            let stopped = try await caller.post("contact-changes/stop", ["token": stop], portal: "klientefl")
            #expect(stopped.status == 200)
            let late = try await caller.post("contact-changes/stop", ["token": stop], portal: "klientefl")
            #expect(late.error == "link_used")
        }
        #expect(try await house.test.value("SELECT state FROM contact_change") == "stopped")
        #expect(try await house.test.value("SELECT phone FROM account WHERE id = \(account)") == "+48500000127")
    }

    @Test func `arrears keep a client from changing data where the portal says so`() async throws {
        let house = try await House.make()
        let (account, token) = try await house.signedIn()
        try await house.test.sql(
            """
            UPDATE portal SET profile = jsonb_set(profile, '{arrearsBlockSelfService}', 'true'), version = version + 1;
            INSERT INTO invoice (portal_id, client_id, external_key, number, issued_on, due_on, amount_minor, currency)
            SELECT portal_id, client_id, 'i', 'FV/1', '2020-01-01', '2020-01-15', 100, 'PLN' FROM access
            WHERE account_id = \(account)
            """
        )
        let form = ["kind": "phone", "value": "500000333"]
        try await house.calling { caller in
            let blocked = try await caller.post("contact-changes", form, portal: "klientefl", token: token)
            #expect(blocked.error == "arrears")
            // The user's rights do not reach to invoices.
            #expect(!blocked.text.contains("FV/1"))
            try await house.test.sql("UPDATE access SET rights = '{invoices}' WHERE account_id = \(account)")
            let named = try await caller.post("contact-changes", form, portal: "klientefl", token: token)
            for text in [#""number":"FV"#, #""amountMinor":100"#, #""dueOn":"2020-01-15""#, #""kind":"invoice""#] {
                #expect(named.text.contains(text), "\(named.text)")
            }
            try await house.test.sql(
                """
                INSERT INTO payment (portal_id, external_key, invoice_id, paid_on, amount_minor, currency)
                SELECT portal_id, 'p', id, '2020-02-01', 100, 'PLN' FROM invoice
                """
            )
            let paid = try await caller.post("contact-changes", form, portal: "klientefl", token: token)
            #expect(paid.status == 202)
        }
    }

    @Test func `reminder settings are read and changed, within their range`() async throws {
        let house = try await House.make()
        let (_, token) = try await house.signedIn()
        try await house.calling { caller in
            let set = try await caller.json(
                .put,
                "reminders",
                #"{"remindBy": "email", "remindDaysBefore": 5}"#,
                token: token
            )
            #expect(set.status == 200)
            let read = try await caller.call(.get, "reminders", portal: "klientefl", token: token)
            #expect(read.json["remindBy"] == "email")
            #expect(read.json["remindDaysBefore"] == "5")
            let far = try await caller.json(
                .put,
                "reminders",
                #"{"remindBy": "sms", "remindDaysBefore": 61}"#,
                token: token
            )
            #expect(far.error == "out_of_range")
            let none = try await caller.call(.get, "reminders", portal: "klientefl")
            #expect(none.error == "no_session")
        }
        #expect(try await house.audited("account.reminders_set") == 1)
    }

    @Test func `a user with the right unlocks and resets a colleague, and nobody of another company`() async throws {
        let house = try await House.make()
        let (account, token) = try await house.signedIn()
        try await house.test.sql(
            """
            INSERT INTO account (portal_id, login, person_name, phone, language, state, locked_from, locked_at,
                lock_reason) SELECT portal_id, '500000555', 'Ewa', '+48500000555', 'pl', 'locked', 'invited', now(),
                'wrong_sign_ins' FROM account WHERE id = \(account);
            INSERT INTO access (portal_id, account_id, client_id, rights)
            SELECT x.portal_id, a.id, x.client_id, '{contracts}' FROM access AS x, account AS a
            WHERE x.account_id = \(account) AND a.login = '500000555'
            """
        )
        let other = try await house.test.value("SELECT id FROM account WHERE login = '500000555'") ?? ""
        try await house.calling { caller in
            let without = try await caller.post("users/\(other)/unlock", [:], portal: "klientefl", token: token)
            #expect(without.error == "no_user")
            try await house.test.sql("UPDATE access SET rights = '{users}' WHERE account_id = \(account)")
            let unlocked = try await caller.post("users/\(other)/unlock", [:], portal: "klientefl", token: token)
            #expect(unlocked.status == 200)
            let again = try await caller.post("users/\(other)/unlock", [:], portal: "klientefl", token: token)
            #expect(again.error == "user_not_locked")
            let reset = try await caller.post(
                "users/\(other)/temporary-password",
                [:],
                portal: "klientefl",
                token: token
            )
            #expect(reset.status == 202)
            #expect(try await caller.post("users/x/unlock", [:], portal: "klientefl", token: token).error == "no_user")
            let list = try await caller.call(.get, "users", portal: "klientefl", token: token)
            #expect(list.text.contains("500000555"))
        }
        #expect(try await house.messages("accounts.temporary_password") == 1)
    }
}
