import DeskKit
import DeskWeb
import Testing

@testable import Onboarding
@testable import Portals

/// The rules of the form, without a database.
@Suite struct FormCheckTests {
    func check(
        _ values: [String: String],
        _ login: LoginKind = .companyCode,
        _ kind: ApplicationKind = .portalUsers
    ) throws -> FormCheck {
        let portal = Desktop.portal(login)
        var answers = OpenApplication.first(portal)
        for (name, value) in values { answers[name] = value }
        let plan = FormPlan(portal: portal, kind: kind, answers: answers)
        return FormCheck(plan: plan, today: try #require(CivilDate(iso: "2026-11-21")))
    }

    func problem(_ field: String, _ value: String, _ login: LoginKind = .companyCode) throws -> String? {
        let check = try check([field: value], login)
        let spec = try #require(check.plan.field(field))
        return check.problem(spec)?.key
    }

    @Test func `a complete form has no findings`() throws {
        #expect(try check(Desktop.complete).findings.isEmpty)
        #expect(try check(Desktop.office, .companyCode, .office).findings.isEmpty)
    }

    @Test func `check digits are held`() throws {
        #expect(try problem("client.number.pl_nip", "9990000020") == nil)
        #expect(try problem("client.number.pl_nip", "9990000021") == "onboarding.reason.bad_checksum")
        #expect(try problem("client.number.pl_nip", "999000002") == "onboarding.reason.wrong_length")
        #expect(try problem("signatory.1.paper_number", "AAA 300010") == "onboarding.reason.bad_checksum")
    }

    @Test(arguments: ["19.03.2026", "2026-03-19", "19/03/2026", "2026. 03. 19."])
    func `a day may be typed in the reader's way`(text: String) throws {
        #expect(try check(["witness.date": text]).date("witness.date") == CivilDate(iso: "2026-03-19"))
    }

    @Test func `31 February and tomorrow are refused at the field`() throws {
        #expect(try problem("witness.date", "31.02.2026") == "desk.field.date")
        #expect(try problem("witness.date", "22.11.2026") == "onboarding.problem.future_date")
    }

    @Test func `a phone login has exactly nine digits`() throws {
        #expect(try problem("user.1.login", "500 000 127", .phone) == nil)
        #expect(try problem("user.1.login", "50000012", .phone) == "onboarding.problem.nine_digits")
        #expect(try problem("user.1.login", "+48500000127", .phone) == "onboarding.problem.nine_digits")
        #expect(try problem("user.1.login", "222222222", .phone) == "onboarding.reason.not_mobile")
    }

    @Test func `a login within a company can be dictated`() throws {
        #expect(try problem("user.1.login", "jan.k") == nil)
        for wrong in ["jk", "żółw", "a b c", "-abc", String(repeating: "a", count: 31)] {
            #expect(try problem("user.1.login", wrong) == "onboarding.problem.company_login")
        }
        #expect(try problem("user.1.login", "not an address", .email) == "desk.field.email")
    }

    @Test func `rules that look at two fields`() throws {
        let late = ["signatory.1.paper_expiry": "2026-03-01", "witness.date": "2026-03-19"]
        #expect(try check(late).findings.contains { $0.problem.key == "onboarding.problem.expired_paper" })
        let jointly = Desktop.complete.merging(["signatory.1.signs": "jointly"]) { $1 }
        #expect(try check(jointly).findings.map(\.problem.key) == ["onboarding.problem.second_signatory"])
        let twice = Desktop.complete.merging(["users": "1,2", "user.2.login": "JOANNA.K"]) { $1 }
        #expect(
            try check(twice).findings.contains {
                $0.field == "user.2.login" && $0.problem.key == "onboarding.problem.login_twice"
            }
        )
        let noRight = Desktop.complete.merging(["user.1.right.contracts": "", "user.1.right.invoices": ""]) { $1 }
        #expect(try check(noRight).findings.map(\.problem.key) == ["onboarding.problem.no_right"])
        let mail = Desktop.complete.merging(["user.1.remind_by": "email"]) { $1 }
        #expect(try check(mail).findings.map(\.problem.key) == ["onboarding.problem.email_needed"])
    }

    @Test func `control characters are refused and everything else is text`() throws {
        #expect(try problem("client.name", "a\u{0}b") == "desk.field.control")
        #expect(try problem("client.name", "a\u{1B}[2J") == "desk.field.control")
        #expect(try problem("client.name", "\u{202E}Ω 🚚 \"quoted\" <b>") == nil)
    }

    @Test func `a phone portal takes the login as the phone`() throws {
        let values = Desktop.complete.merging(["user.1.login": "500000127", "user.1.phone": ""]) { $1 }
        let check = try check(values, .phone)
        #expect(check.findings.isEmpty)
        let users = try #require(Drafting(check: check, application: ApplicationID(1)).users)
        #expect(users.map(\.phone) == ["+48500000127"])
    }

    @Test func `a posted step tells which fields changed and which box was cleared`() throws {
        let plan = try check(Desktop.complete).plan
        let form = Form([
            ("was.client.name", "Old"), ("client.name", "New"), ("was.seen.identity_document", "1"), ("go", "next"),
        ])
        let changes = FormRoutes.changes(form, plan.allFields)
        #expect(
            changes == [
                SaveDraft.Change(field: "client.name", was: "Old", now: "New"),
                SaveDraft.Change(field: "seen.identity_document", was: "1", now: ""),
            ]
        )
        #expect(FormRoutes.change("remove.user.2") == .remove(.user, 2))
        #expect(FormRoutes.change("add.signatory") == .add(.signatory))
        #expect(FormRoutes.change("next") == nil)
    }
}
