import DeskKit
import DeskWeb
import Portals

/// One field of a step with what a second person said about it, and the value that the page was made with.
struct EntryView: Sendable {
    let line: FieldView?
    let area: FieldView?
    let select: FieldView?
    let tick: FieldView?
    let wasName: String
    let was: String
    let remarks: [RemarkView]
    let duplicates: [String]
}

struct RemarkView: Sendable {
    let text: String
    let who: String

    init(_ remark: Remark, _ words: Words) {
        let reason = words("onboarding.return_reason.\(remark.reason)")
        text = remark.note.isEmpty ? reason : "\(reason) – \(remark.note)"
        who = "\(remark.madeBy), \(words.shortDateTime(remark.madeAt))"
    }
}

/// The fields of a step under their headings.
struct GroupView: Sendable {
    let legend: String?
    let entries: [EntryView]
    let remove: String?
    let removeLabel: String
}

/// Makes the fields of a step from its plan.
struct FormViews: Sendable {
    let words: Words
    let plan: FormPlan
    let remarks: [Remark]
    /// What was posted, where the page is shown again.
    let form: Form?
    let errors: FieldErrors
    /// The values that the next save is compared with.
    let stored: Answers
    /// Sentences about who is known already, by field.
    let duplicates: [String: [String]]

    func groups(_ step: FormStep) -> [GroupView] {
        let fields = Fields(words, form: form, errors: errors)
        return plan.groups(step).enumerated().map { index, group in
            GroupView(
                legend: group.part.map { words("onboarding.part.\($0.rawValue)", ["n": .number(index + 1)]) },
                entries: group.fields.map { entry($0, fields) },
                remove: removal(group),
                removeLabel: group.part.map {
                    words("onboarding.part.remove_\($0.rawValue)", ["n": .number(index + 1)])
                } ?? ""
            )
        }
    }

    private func removal(_ group: FormPlan.Group) -> String? {
        guard let part = group.part, let item = group.item, plan.answers.items(part).count > 1 else { return nil }
        return "remove.\(part.rawValue).\(item)"
    }

    private func entry(_ spec: FieldSpec, _ fields: Fields) -> EntryView {
        let value = plan.answers[spec.name]
        var line: FieldView?
        var area: FieldView?
        var select: FieldView?
        var tick: FieldView?
        switch spec.control {
        case .line, .date:
            line = fields.text(
                spec.name,
                spec.label,
                value,
                kind: spec.kind,
                hint: spec.hint ?? spec.standingHint,
                isRequired: spec.isRequired,
                max: 400
            )
        case .area:
            area = fields.text(spec.name, spec.label, value, hint: spec.hint, isRequired: spec.isRequired, max: 400)
        case .choice(let options):
            select = fields.options(
                spec.name,
                spec.label,
                options.map { ($0.value, words($0.key)) },
                chosen: [value],
                hint: spec.hint,
                isRequired: spec.isRequired
            )
        case .tick:
            tick = fields.check(spec.name, spec.label, isOn: value == "1", value: "1", hint: spec.hint)
        }
        return EntryView(
            line: line,
            area: area,
            select: select,
            tick: tick,
            wasName: "was.\(spec.name)",
            was: stored[spec.name],
            remarks: remarks.filter { $0.field == spec.name && !$0.isSettled }.map { RemarkView($0, words) },
            duplicates: duplicates[spec.name] ?? []
        )
    }
}

extension FieldSpec {
    var kind: Fields.Kind {
        switch check {
        case .identifier("phone", _), .identifier("phone_sms", _), .phoneLogin: .tel
        case .identifier("email", _): .text
        case .number: .digits
        default: .text
        }
    }

    var standingHint: String? { control == .date ? "onboarding.hint.date" : nil }

    /// A value as readers see it.
    func shown(_ value: String, _ words: Words, today: CivilDate) -> String {
        switch control {
        case .choice(let options): return options.first { $0.value == value }.map { words($0.key) } ?? value
        case .tick: return words(value == "1" ? "onboarding.yes" : "onboarding.no")
        case .date:
            guard let text = check.read(value, today: today).fine, let date = CivilDate(iso: text) else { return value }
            return words.date(date)
        case .line, .area: return value
        }
    }
}
