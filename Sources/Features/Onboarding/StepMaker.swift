import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Portals
import Postgres

/// Makes the page of one step: as it stands in the database, or as it was posted with what is wrong.
struct StepMaker: Sendable {
    let visit: FormRoutes.Visit
    var form: Form?
    var errors = FieldErrors()
    var conflicts: [SaveDraft.Conflict] = []

    init(visit: FormRoutes.Visit) {
        self.visit = visit
    }

    func response(
        _ feature: OnboardingFeature,
        _ request: Request,
        _ context: DeskContext,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let view = ViewApplication(application: visit.id, withHistory: false)
        let seen = try await feature.perform(view, visit.office)
        guard seen.application.state.isOpen, visit.office.staff.may(.onboardingPrepare, visit.office.portal.id) else {
            return context.redirect(to: visit.base)
        }
        let known = try await duplicates(seen.application, feature, context)
        let open = request.query("page").flatMap { Int($0) } ?? 1
        return try context.render(page(seen, known, openPage: open, context.words), status: status)
    }

    func page(
        _ seen: ViewApplication.Outcome,
        _ known: [String: [String]],
        openPage: Int,
        _ words: Words
    ) -> StepPage {
        let application = seen.application
        let head = ApplicationHead(application, words)
        let errors = found(application)
        let views = FormViews(
            words: words,
            plan: application.plan,
            remarks: seen.remarks,
            form: form,
            errors: errors,
            stored: application.answers,
            duplicates: known
        )
        let part = RepeatedPart.allCases.first { $0.step == visit.step }
        let mayAdd = part.map { application.answers.items($0).count < $0.limit } ?? false
        return StepPage(
            head: head,
            steps: StepView.all(application, at: visit.step, words),
            scans: ScanPane(
                seen.scans,
                of: head,
                path: visit.path,
                open: openPage,
                mayChange: true,
                error: nil,
                words
            ),
            title: words("onboarding.step.\(visit.step.rawValue)"),
            intro: words("onboarding.intro.\(visit.step.rawValue)"),
            notice: notice(errors, words),
            conflicts: conflictViews(application, words),
            groups: views.groups(visit.step),
            add: mayAdd ? part.map { "add.\($0.rawValue)" } : nil,
            addLabel: part.map { words("onboarding.part.add_\($0.rawValue)") } ?? "",
            action: visit.path,
            autosave: "\(visit.base)/draft",
            checkURL: "\(visit.base)/check",
            back: back(application),
            next: words("onboarding.go.\(isLast(application) ? "check" : "next")")
        )
    }

    /// What was wrong with the post; else what is wrong with what was typed earlier.
    private func found(_ application: PaperApplication) -> FieldErrors {
        guard errors.isEmpty else { return errors }
        var found = FieldErrors()
        for field in application.plan.groups(visit.step).flatMap(\.fields) {
            if let problem = application.check.problem(field) {
                found.add(field.name, problem.key, problem.arguments)
            }
        }
        return found
    }

    private func notice(_ errors: FieldErrors, _ words: Words) -> String? {
        if !conflicts.isEmpty { return words("onboarding.conflict.title", ["n": .number(conflicts.count)]) }
        guard !errors.isEmpty else { return nil }
        return words("onboarding.draft_wrong", ["n": .number(errors.fields.count)])
    }

    private func conflictViews(_ application: PaperApplication, _ words: Words) -> [ConflictView] {
        conflicts.map { conflict in
            let spec = application.plan.field(conflict.field)
            func shown(_ value: String) -> String {
                value.isEmpty ? "–" : spec?.shown(value, words, today: application.row.today) ?? value
            }
            return ConflictView(
                label: spec.map { words($0.label) } ?? conflict.field,
                theirs: shown(conflict.theirs),
                yours: shown(conflict.yours)
            )
        }
    }

    private func back(_ application: PaperApplication) -> String? {
        let steps = application.plan.steps
        guard let place = steps.firstIndex(of: visit.step), place > 0 else { return nil }
        return "\(visit.base)/form/\(steps[place - 1].rawValue)"
    }

    private func isLast(_ application: PaperApplication) -> Bool {
        application.plan.steps.dropLast().last == visit.step
    }

    /// Who is known already by a number on this step.
    private func duplicates(
        _ application: PaperApplication,
        _ feature: OnboardingFeature,
        _ context: DeskContext
    ) async throws -> [String: [String]] {
        let office = visit.office
        let values = application.plan.groups(visit.step).flatMap(\.fields).compactMap { field in
            application.check.read(field.name).map { (field: field, value: $0) }
        }
        let scope = Scope.portal(office.portal.id, staff: office.staff.id)
        let found = try await feature.desk.database.read(scope) { session in
            try values.map { (name: $0.field.name, who: try office.duplicates(of: $0.field, $0.value, in: session)) }
        }
        return Dictionary(
            found.filter { !$0.who.isEmpty }.map { ($0.name, $0.who.map { $0.sentence(context.words) }) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

extension RepeatedPart {
    var step: FormStep { self == .signatory ? .signatories : .users }
}

extension StepView {
    static func all(_ application: PaperApplication, at current: FormStep, _ words: Words) -> [StepView] {
        let base = "/onboarding/\(application.plan.portal.key)/\(application.id)"
        return application.plan.steps.map { step in
            StepView(
                text: words("onboarding.step.\(step.rawValue)"),
                href: step == .check ? base : "\(base)/form/\(step.rawValue)",
                isCurrent: step == current,
                isDone: step != .check && application.check.findings(step).isEmpty
            )
        }
    }
}
