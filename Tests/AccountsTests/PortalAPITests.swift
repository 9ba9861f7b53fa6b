import DeskKit
import HTTPTypes
import Portals
import TestKit
import Testing

/// What a client does at a portal, from the one-use code to the end of the session.
struct PortalAPITests {
    @Test func `the code of the activation leads to an own password and a full session`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("ebok-millennium")
        let made = try await house.activate(portal, login: "kowalska")
        try await house.calling { caller in
            let redeemed = try await caller.post(
                "codes/redeem",
                ["companyCode": made.companyCode, "login": "Kowalska", "code": made.code]
            )
            #expect(redeemed.status == 201)
            #expect(redeemed.json["next"] == "set_password")
            let set = try await caller.call(
                .put,
                "password",
                ["password": House.password],
                token: redeemed.token
            )
            #expect(set.status == 200)
            let shown = try await caller.call(.get, "session", token: set.token)
            #expect(shown.status == 200)
            #expect(shown.text.contains("Łódzka Spółka"))
            let signedIn = try await caller.post(
                "sessions",
                ["companyCode": made.companyCode, "login": "kowalska", "password": House.password]
            )
            #expect(signedIn.status == 201)
            #expect(signedIn.json["next"] == nil)
            let ended = try await caller.call(.delete, "session", token: signedIn.token)
            #expect(ended.status == 200)
            #expect(ended.json["message"]?.isEmpty == false)
            let after = try await caller.call(.get, "session", token: signedIn.token)
            #expect(after.error == "no_session")
        }
        let actions = try await house.test.sql(
            "SELECT action FROM audit_event WHERE subject_kind = 'account' ORDER BY id"
        )
        #expect(
            actions.compactMap { $0[0] } == [
                "account.opened", "access.given", "account.code_redeemed", "account.activated", "account.signed_in",
                "account.signed_out",
            ]
        )
        #expect(try await house.test.value("SELECT state FROM account") == "active")
    }

    @Test(arguments: [
        ("legitimo", "jan@example.pl", "+48500000127", "email"), ("legitimo", "", "+48500000127", "sms"),
        ("klientefl", "jan@example.pl", "+48500000127", "sms"), ("ebok-millennium", "jan@example.pl", "", "email"),
    ])
    func `the first code goes by the channel of the profile, by the other one where there is no contact for it`(
        key: String,
        email: String,
        phone: String,
        channel: String
    ) async throws {
        let house = try await House.make()
        let portal = try await house.portal(key)
        let login = portal.rules.loginKind == .phone ? "500000127" : "jan@example.pl"
        _ = try await house.activate(
            portal,
            login: login,
            phone: phone.isEmpty ? nil : phone,
            email: email.isEmpty ? nil : email
        )
        #expect(try await house.test.value("SELECT channel FROM message WHERE kind = 'accounts.first_code'") == channel)
    }

    @Test func `a code works once`() async throws {
        let house = try await House.make()
        let made = try await house.activate(try await house.portal("ebok-millennium"), login: "biuro")
        let form = ["companyCode": made.companyCode, "login": "biuro", "code": made.code]
        try await house.calling { caller in
            let answer1 = try await caller.post("codes/redeem", form)
            #expect(answer1.status == 201)
            let answer2 = try await caller.post("codes/redeem", form)
            #expect(answer2.error == "wrong_code")
        }
    }

    @Test func `a code is void after the profile's number of wrong tries`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("ebok-millennium")
        let made = try await house.activate(portal, login: "biuro")
        try await house.calling { caller in
            for _ in 0..<portal.rules.codeTries {
                let wrong = try await caller.post(
                    "codes/redeem",
                    ["companyCode": made.companyCode, "login": "biuro", "code": "00000000"]
                )
                #expect(wrong.error == "wrong_code")
            }
            let late = try await caller.post(
                "codes/redeem",
                ["companyCode": made.companyCode, "login": "biuro", "code": made.code]
            )
            #expect(late.error == "wrong_code")
        }
    }

    @Test(arguments: [
        ("kot1", "too_short"), ("samelitery", "needs_digits"), ("1234567890", "needs_letters"),
        ("xkowalska1", "contains_login"),
    ])
    func `a weak password is refused with what it lacks, and the code's session lives on`(
        password: String,
        lack: String
    ) async throws {
        let house = try await House.make()
        let made = try await house.activate(try await house.portal("ebok-millennium"), login: "kowalska")
        try await house.calling { caller in
            let redeemed = try await caller.post(
                "codes/redeem",
                ["companyCode": made.companyCode, "login": "kowalska", "code": made.code]
            )
            let weak = try await caller.call(.put, "password", ["password": password], token: redeemed.token)
            #expect(weak.status == 422)
            #expect(weak.text.contains(lack))
            let strong = try await caller.call(.put, "password", ["password": House.password], token: redeemed.token)
            #expect(strong.status == 200)
        }
    }

    @Test func `wrong passwords lock the account, and the right one says no more than a wrong one`() async throws {
        let house = try await House.make()
        try await house.withoutWaits()
        let portal = try await house.portal("ebok-millennium")
        let made = try await activeAccount(house, "kowalska")
        try await house.calling { caller in
            for _ in 0..<portal.rules.lockAfter {
                let wrong = try await caller.post(
                    "sessions",
                    ["companyCode": made, "login": "kowalska", "password": "wrong-password-1"]
                )
                #expect(wrong.error == "wrong_credentials")
            }
            let right = try await caller.post(
                "sessions",
                ["companyCode": made, "login": "kowalska", "password": House.password]
            )
            let nobody = try await caller.post(
                "sessions",
                ["companyCode": made, "login": "nobody", "password": House.password]
            )
            #expect(right.status == nobody.status)
            #expect(right.error == nobody.error)
        }
        #expect(try await house.test.value("SELECT state FROM account") == "locked")
        #expect(
            try await house.test.value("SELECT count(*) FROM audit_event WHERE action = 'account.locked'") == "1"
        )
    }

    @Test func `guesses at once spend no more than the budget`() async throws {
        let house = try await House.make()
        try await house.withoutWaits()
        let portal = try await house.portal("ebok-millennium")
        let made = try await activeAccount(house, "kowalska")
        try await house.calling { caller in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<14 {
                    group.addTask {
                        _ = try? await caller.post(
                            "sessions",
                            ["companyCode": made, "login": "kowalska", "password": "guess-\(number)"]
                        )
                    }
                }
            }
        }
        let spent = try await house.test.value("SELECT wrong_sign_ins FROM account")
        #expect(spent == "\(portal.rules.lockAfter)")
        #expect(try await house.test.value("SELECT state FROM account") == "locked")
    }

    @Test func `an e-mail portal asks for a code at every sign-in`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("legitimo")
        let made = try await house.activate(portal, login: "anna@example.hu", phone: nil, email: "anna@example.hu")
        try await house.calling { caller in
            let redeemed = try await caller.post(
                "codes/redeem",
                ["login": "anna@example.hu", "code": made.code],
                portal: "legitimo"
            )
            let set = try await caller.call(
                .put,
                "password",
                ["password": House.password],
                portal: "legitimo",
                token: redeemed.token
            )
            #expect(set.status == 200)
            let first = try await caller.post(
                "sessions",
                ["login": "anna@example.hu", "password": House.password],
                portal: "legitimo"
            )
            #expect(first.json["next"] == "second_step")
            let code = try await house.newestCode(portal)
            let wrong = try await caller.post(
                "sessions/second-step",
                ["code": "000000"],
                portal: "legitimo",
                token: first.token
            )
            #expect(wrong.error == "wrong_code")
            let second = try await caller.post(
                "sessions/second-step",
                ["code": code],
                portal: "legitimo",
                token: first.token
            )
            #expect(second.status == 200)
            #expect(second.json["next"] == nil)
            let again = try await caller.post(
                "sessions/second-step",
                ["code": code],
                portal: "legitimo",
                token: first.token
            )
            #expect(again.error == "no_session")
        }
    }

    @Test func `a call without the portal's key, or with another portal's client, is refused`() async throws {
        let house = try await House.make()
        let made = try await activeAccount(house, "kowalska")
        try await house.calling { caller in
            let form = ["companyCode": made, "login": "kowalska", "password": House.password]
            let answer3 = try await caller.call(.post, "sessions", form, key: nil)
            #expect(answer3.error == "wrong_key")
            let answer4 = try await caller.call(.post, "sessions", form, key: "pk_wrong_0123456789abcdef")
            #expect(answer4.error == "wrong_key")
            let answer5 = try await caller.post("sessions", form, portal: "klientefl")
            #expect(answer5.error == "wrong_credentials")
            let answer6 = try await caller.post("sessions", form, portal: "nowhere")
            #expect(answer6.error == "unknown_portal")
        }
    }

    @Test func `a body that is no JSON of the form is refused with the field's name`() async throws {
        let house = try await House.make()
        try await house.calling { caller in
            let missing = try await caller.post("sessions", ["login": "kowalska"])
            #expect(missing.error == "missing_field")
            #expect(missing.text.contains("password"))
            let none = try await caller.call(.post, "sessions")
            #expect(none.error == "not_json")
        }
    }

    @Test func `the code stands nowhere in the database in clear`() async throws {
        let house = try await House.make()
        let made = try await house.activate(try await house.portal("ebok-millennium"), login: "kowalska")
        for table in ["message", "account_code", "audit_event", "job", "company_code"] {
            let found = try await house.test.value(
                """
                SELECT count(*) FROM \(table) AS t
                WHERE t::text LIKE '%\(made.code)%' OR t::text LIKE '%\(made.companyCode)%'
                """
            )
            #expect(found == "0", "\(table)")
        }
    }

    /// An account whose client has set a password; answers the company code.
    private func activeAccount(_ house: House, _ login: String) async throws -> String {
        let made = try await house.activate(try await house.portal("ebok-millennium"), login: login)
        try await house.calling { caller in
            let redeemed = try await caller.post(
                "codes/redeem",
                ["companyCode": made.companyCode, "login": login, "code": made.code]
            )
            _ = try await caller.call(.put, "password", ["password": House.password], token: redeemed.token)
        }
        return made.companyCode
    }
}
