import DeskKit
import DeskWeb
import Portals

/// Holds a form against the rules of its portal.
struct FormCheck: Sendable {
    let plan: FormPlan
    /// Today by the portal's calendar.
    let today: CivilDate

    struct Finding: Equatable, Sendable {
        let field: String
        let problem: FieldProblem
    }

    private var answers: Answers { plan.answers }

    /// What is wrong with what was typed into a field; an empty one is never wrong here.
    func problem(_ field: FieldSpec) -> FieldProblem? {
        guard let text = answers.value(field.name) else { return nil }
        guard case .wrong(let problem) = field.check.read(text, today: today) else { return crossProblem(field.name) }
        return problem
    }

    /// Wrong and missing values of a step.
    func findings(_ step: FormStep) -> [Finding] {
        let fields = plan.groups(step).flatMap(\.fields)
        let own = fields.compactMap { field -> Finding? in
            if field.isRequired, answers.value(field.name) == nil {
                return Finding(field: field.name, problem: FieldProblem("desk.field.required"))
            }
            return problem(field).map { Finding(field: field.name, problem: $0) }
        }
        return own + whole(step)
    }

    /// Everything that keeps the form from being submitted.
    var findings: [Finding] { plan.steps.flatMap { findings($0) } }

    /// The value of a field as it is kept; nil where it is empty or wrong.
    func read(_ name: String) -> String? {
        guard let text = answers.value(name), let field = plan.field(name) else { return nil }
        return field.check.read(text, today: today).fine
    }

    func date(_ name: String) -> CivilDate? {
        read(name).flatMap { CivilDate(iso: $0) }
    }
}

extension FormCheck {
    /// Rules that look at more than one field.
    private func crossProblem(_ name: String) -> FieldProblem? {
        let parts = name.split(separator: ".")
        guard parts.count == 3, let item = Int(parts[1]) else { return nil }
        switch (parts[0], parts[2]) {
        case ("signatory", "paper_expiry"): return expiryProblem(name)
        case ("user", "login"): return loginProblem(item)
        case ("user", "remind_by"): return reminderProblem(item)
        case ("user", "sms_password"):
            return hasPhone(item) ? nil : FieldProblem("onboarding.problem.sms_needs_phone")
        default: return nil
        }
    }

    /// The paper was good on the day of the signature.
    private func expiryProblem(_ name: String) -> FieldProblem? {
        guard let expiry = date(name), let signed = date("witness.date"), expiry < signed else { return nil }
        return FieldProblem("onboarding.problem.expired_paper")
    }

    private func loginProblem(_ item: Int) -> FieldProblem? {
        guard let login = login(item) else { return nil }
        let isTaken = answers.items(.user).contains { $0 < item && self.login($0) == login }
        return isTaken ? FieldProblem("onboarding.problem.login_twice") : nil
    }

    private func login(_ item: Int) -> String? {
        read(RepeatedPart.user.prefix(item) + "login")?.lowercased()
    }

    private func reminderProblem(_ item: Int) -> FieldProblem? {
        let prefix = RepeatedPart.user.prefix(item)
        switch answers[prefix + "remind_by"] {
        case "sms" where !hasPhone(item): return FieldProblem("onboarding.problem.sms_needs_phone")
        case "email" where answers.value(prefix + "email") == nil && plan.portal.rules.loginKind != .email:
            return FieldProblem("onboarding.problem.email_needed")
        default: return nil
        }
    }

    private func hasPhone(_ item: Int) -> Bool {
        plan.portal.rules.loginKind == .phone || answers.value(RepeatedPart.user.prefix(item) + "phone") != nil
    }

    private func whole(_ step: FormStep) -> [Finding] {
        switch step {
        case .signatories:
            let items = answers.items(.signatory)
            let isJoint = items.contains { answers[RepeatedPart.signatory.prefix($0) + "signs"] == "jointly" }
            guard isJoint, items.count == 1, let only = items.first else { return [] }
            let field = RepeatedPart.signatory.prefix(only) + "signs"
            return [Finding(field: field, problem: FieldProblem("onboarding.problem.second_signatory"))]
        case .users:
            return answers.items(.user).compactMap { item in
                let rights = plan.portal.rules.userRights.map {
                    RepeatedPart.user.prefix(item) + "right.\($0.rawValue)"
                }
                guard let first = rights.first, !rights.contains(where: answers.isOn) else { return nil }
                return Finding(field: first, problem: FieldProblem("onboarding.problem.no_right"))
            }
        case .documents:
            return plan.documentFields.filter { !answers.isOn($0.name) }.map {
                Finding(field: $0.name, problem: FieldProblem("onboarding.problem.not_seen"))
            }
        case .client, .witness, .office, .check: return []
        }
    }
}
