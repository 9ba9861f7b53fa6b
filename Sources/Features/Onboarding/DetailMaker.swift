import Access
import Audit
import DeskKit
import DeskWeb
import Portals

/// Makes the overview of an application for one reader.
struct DetailMaker {
    let seen: ViewApplication.Outcome
    let office: Office
    let words: Words
    let site: DeskSite
    let form: Form?
    let problem: String?

    private var application: PaperApplication { seen.application }
    private var isOpen: Bool { application.state.isOpen && may(.onboardingPrepare) }

    private func may(_ right: Right) -> Bool { office.staff.may(right, office.portal.id) }

    private var isOwnWork: Bool { application.isOwnWork(of: office.staff.id) }

    private var decides: Bool { application.state == .submitted && may(.onboardingApprove) && !isOwnWork }

    var page: DetailPage {
        let head = ApplicationHead(application, words)
        let findings = isOpen ? application.check.findings : []
        let fields = Fields(words, form: form, prefix: "r")
        let answers = AnswerViews(
            words: words,
            application: application,
            remarks: seen.remarks,
            base: head.base,
            mayChange: isOpen,
            decides: decides ? fields : nil,
            findings: findings
        )
        return DetailPage(
            head: head,
            steps: isOpen ? StepView.all(application, at: .check, words) : [],
            scans: ScanPane(
                seen.scans,
                of: head,
                path: head.base,
                open: 1,
                mayChange: isOpen,
                error: nil,
                words
            ),
            sections: answers.sections,
            problem: problem,
            hasProblems: !findings.isEmpty,
            problems: answers.problemLinks,
            wholeRemarks: seen.remarks.filter { $0.field == "application" }.map { RemarkView($0, words) },
            decision: decides ? decision(head.base, fields) : nil,
            ownWork: application.state == .submitted && may(.onboardingApprove) && isOwnWork
                ? words("onboarding.refusal.own_work") : nil,
            maySubmit: isOpen,
            mayWithdraw: mayWithdraw,
            counter: mayActivate
                ? Fields(words, prefix: "c").check("present", "onboarding.counter.present", isRequired: true) : nil,
            call: call(head.base),
            facts: facts,
            history: history
        )
    }

    private var mayWithdraw: Bool {
        may(.onboardingPrepare) && (application.state.isOpen || application.state == .submitted)
    }

    private var mayActivate: Bool {
        application.kind == .office && application.state == .approved && may(.onboardingPrepare)
    }

    private func decision(_ base: String, _ fields: Fields) -> DecisionView {
        DecisionView(
            returnAction: "\(base)/return",
            approveAction: "\(base)/approval",
            refuseAction: "\(base)/refusal",
            reason: AnswerViews.reason(fields, words, for: "application"),
            note: fields.text("note.application", "onboarding.remark.note", isRequired: false, max: 300)
        )
    }

    private func call(_ base: String) -> CallLink? {
        guard application.state == .approved, let call = seen.call, call.state != .done, may(.onboardingCall) else {
            return nil
        }
        return CallLink(href: "\(base)/call", text: words("onboarding.call.open"))
    }

    /// Who did what, as the row itself tells.
    private var facts: [String] {
        let row = application.row
        var facts = [
            words(
                "onboarding.fact.opened",
                ["who": .text(row.openedByName), "when": .text(words.dateTime(row.openedAt))]
            ),
            words("onboarding.kind.\(row.kind)"),
        ]
        if let name = row.submittedByName { facts.append(words("onboarding.fact.submitted", ["who": .text(name)])) }
        if let name = row.decidedByName { facts.append(words("onboarding.fact.decided", ["who": .text(name)])) }
        return facts
    }

    private var history: [TimelineEntry] {
        AuditWords(catalog: site.catalog).entries(seen.history, today: application.row.today, words)
    }
}
