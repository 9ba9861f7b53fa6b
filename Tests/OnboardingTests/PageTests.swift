import Access
import DeskKit
import Portals
import TestKit
import Testing

@testable import DeskWeb
@testable import Onboarding

/// Every page with every optional part, strictly rendered in all four languages.
@Suite struct PageTests {
    func site() throws -> DeskSite {
        try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) { Array($0.reversed()) }
    }

    func html(_ page: some Page, _ site: DeskSite, _ language: Language) throws -> String {
        var state = PageState()
        state.language = language
        state.site = site
        return String(decoding: try site.html(page, in: state).html, as: UTF8.self)
    }

    @Test(arguments: Language.allCases) func `the overview shows answers, remarks and decisions`(
        language: Language
    ) async throws {
        let desk = try await Desktop.make()
        let site = try site()
        let words = site.words(language)
        let id = try await desk.submitted()
        let seen = try await desk.perform(ViewApplication(application: id, withHistory: true), as: Desktop.piotr)
        func page(_ staff: StaffContext, _ seen: ViewApplication.Outcome) throws -> String {
            let maker = DetailMaker(
                seen: seen,
                office: desk.office(staff),
                words: words,
                site: site,
                form: nil,
                problem: nil
            )
            return try html(maker.page, site, language)
        }
        let deciding = try page(Desktop.piotr, seen)
        #expect(deciding.contains("/approval") && deciding.contains("Piotrkowska"))
        #expect(deciding.contains("&quot;Transport&quot; 🚚"))
        #expect(!(try page(Desktop.olga, seen)).contains("/approval"))
        let remark = RemarkDraft(field: "client.name", reason: .mismatch, note: "<b>")
        try await desk.perform(ReturnApplication(application: id, remarks: [remark]), as: Desktop.piotr)
        let back = try await desk.perform(ViewApplication(application: id, withHistory: true), as: Desktop.anna)
        let mending = try page(Desktop.anna, back)
        #expect(mending.contains("&lt;b&gt;") && mending.contains("/submission"))
    }

    @Test(arguments: Language.allCases) func `the page of a call shows script and code to its holder`(
        language: Language
    ) async throws {
        let desk = try await Desktop.make()
        let site = try site()
        let id = try await desk.taken()
        let seen = try await desk.perform(ViewApplication(application: id, withHistory: false), as: Desktop.ewa)
        let call = try #require(seen.call)
        func page(_ staff: StaffContext, code: Redacted<String>?) throws -> String {
            let maker = CallMaker(
                seen: seen,
                call: call,
                office: desk.office(staff),
                words: site.words(language),
                site: site,
                form: nil,
                errors: FieldErrors(),
                error: nil,
                code: code
            )
            return try html(maker.page, site, language)
        }
        let holding = try page(Desktop.ewa, code: Redacted("AB12CD34"))
        #expect(holding.contains("AB12 CD34") && holding.contains("A, Adam") && holding.contains("call/outcome"))
        let other = try page(Desktop.jan, code: nil)
        #expect(!other.contains("call/outcome") && !other.contains("call/code"))
    }

    @Test(arguments: Language.allCases) func `every step shows its fields, and what is wrong with them`(
        language: Language
    ) async throws {
        let desk = try await Desktop.make()
        let site = try site()
        let words = site.words(language)
        let id = try await desk.filled(.office)
        let seen = try await desk.perform(ViewApplication(application: id, withHistory: false), as: Desktop.anna)
        for step in seen.application.plan.steps where step != .check {
            let visit = FormRoutes.Visit(office: desk.office(Desktop.anna), id: id, step: step)
            var maker = StepMaker(visit: visit)
            maker.conflicts = [SaveDraft.Conflict(field: "client.name", theirs: "A", yours: "B")]
            maker.errors.add("client.name", "desk.field.required")
            let text = try html(maker.page(seen, [:], openPage: 1, words), site, language)
            #expect(text.contains("data-autosave") && text.contains("was."))
        }
    }

    @Test(arguments: Language.allCases) func `every code has its words`(language: Language) throws {
        let words = try site().words(language)
        let portal = Desktop.portal()
        for kind in ApplicationKind.allCases {
            let plan = FormPlan(portal: portal, kind: kind, answers: OpenApplication.first(portal))
            for field in plan.allFields {
                #expect(words.has(field.label), "\(field.label)")
                if let hint = field.hint { #expect(words.has(hint), "\(hint)") }
                if case .choice(let options) = field.control {
                    for option in options { #expect(words.has(option.key), "\(option.key)") }
                }
            }
        }
        for state in ApplicationState.allCases {
            for refusal in ["not_open", "not_submitted", "not_approved"] {
                #expect(words.has("onboarding.refusal.\(refusal)_\(state.rawValue)"))
            }
        }
        for reason in ReturnReason.allCases { #expect(words.has("onboarding.return_reason.\(reason.rawValue)")) }
        for outcome in CallOutcome.allCases { #expect(words.has("onboarding.outcome.\(outcome.rawValue)")) }
    }
}
