import Audit
import DeskKit
import DeskWeb
import Portals

/// An application as a whole: its answers to be checked, its pages, what may be done with it now, and its history.
struct DetailPage: Page {
    static let template = "onboarding/detail"

    let head: ApplicationHead
    let steps: [StepView]
    let scans: ScanPane
    let sections: [SectionView]
    let problem: String?
    let hasProblems: Bool
    let problems: [ProblemLink]
    let wholeRemarks: [RemarkView]
    /// What the second person may do; nil for everybody else.
    let decision: DecisionView?
    /// Why somebody with the right may not decide.
    let ownWork: String?
    let maySubmit: Bool
    let mayWithdraw: Bool
    let counter: FieldView?
    let call: CallLink?
    let facts: [String]
    let history: [TimelineEntry]
}

struct SectionView: Sendable {
    let title: String
    let change: String?
    let rows: [AnswerView]
}

struct AnswerView: Sendable {
    let label: String
    let value: String
    let problem: String?
    let remarks: [RemarkView]
    /// Where a second person says why this field comes back.
    let reason: FieldView?
    let note: FieldView?
}

struct ProblemLink: Sendable {
    let text: String
    let href: String
}

struct DecisionView: Sendable {
    let returnAction: String
    let approveAction: String
    let refuseAction: String
    let reason: FieldView
    let note: FieldView
}

struct CallLink: Sendable {
    let href: String
    let text: String
}

/// Makes the answers of a form readable, section by section.
struct AnswerViews: Sendable {
    let words: Words
    let application: PaperApplication
    let remarks: [Remark]
    let base: String
    let mayChange: Bool
    /// Set where the reader may return the application: its fields then take remarks.
    let decides: Fields?
    let findings: [FormCheck.Finding]

    var sections: [SectionView] {
        application.plan.steps.filter { $0 != .check }.flatMap { step in
            application.plan.groups(step).enumerated().map { index, group in
                SectionView(
                    title: group.part.map { words("onboarding.part.\($0.rawValue)", ["n": .number(index + 1)]) }
                        ?? words("onboarding.step.\(step.rawValue)"),
                    change: mayChange ? "\(base)/form/\(step.rawValue)" : nil,
                    rows: group.fields.map(answer)
                )
            }
        }
    }

    private func answer(_ spec: FieldSpec) -> AnswerView {
        let value = application.answers[spec.name]
        let finding = findings.first { $0.field == spec.name }
        return AnswerView(
            label: words(spec.label),
            value: value.isEmpty && spec.control != .tick
                ? "–" : spec.shown(value, words, today: application.row.today),
            problem: finding.map { words($0.problem.key, $0.problem.arguments) },
            remarks: remarks.filter { $0.field == spec.name }.map { RemarkView($0, words) },
            reason: decides.map { Self.reason($0, words, for: spec.name) },
            note: decides?.text("note.\(spec.name)", "onboarding.remark.note", isRequired: false, max: 300)
        )
    }

    static func reason(_ fields: Fields, _ words: Words, for field: String) -> FieldView {
        fields.options(
            "reason.\(field)",
            "onboarding.remark.reason",
            ReturnReason.allCases.map { ($0.rawValue, words("onboarding.return_reason.\($0.rawValue)")) },
            isRequired: false
        )
    }

    /// What keeps the form from being submitted, each with a link to its step.
    var problemLinks: [ProblemLink] {
        findings.compactMap { finding in
            guard let spec = application.plan.field(finding.field), let step = application.plan.step(of: finding.field)
            else { return nil }
            let text = words(finding.problem.key, finding.problem.arguments)
            return ProblemLink(
                text: "\(words(spec.label)): \(text)",
                href: "\(base)/form/\(step.rawValue)#f-\(finding.field)"
            )
        }
    }
}
