import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Portals

/// An application as a whole: shown, submitted, withdrawn, decided on by a second person, activated at the counter.
struct DecisionRoutes: Sendable {
    let feature: OnboardingFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/onboarding/{portal}/{id}") { _, context in
            try await show(context)
        }
        router.post("/onboarding/{portal}/{id}/submission") { request, context in
            try await submit(context)
        }
        router.post("/onboarding/{portal}/{id}/withdrawal") { request, context in
            try await withdraw(context)
        }
        router.post("/onboarding/{portal}/{id}/approval") { request, context in
            try await decide(context, done: "onboarding.done.approved") { office, id, _ in
                try await feature.perform(ApproveApplication(application: id), office)
            }
        }
        router.post("/onboarding/{portal}/{id}/return") { request, context in
            try await decide(context, done: "onboarding.done.returned") { office, id, form in
                let remarks = Self.remarks(form)
                try await feature.perform(ReturnApplication(application: id, remarks: remarks), office)
            }
        }
        router.post("/onboarding/{portal}/{id}/refusal") { request, context in
            try await decide(context, done: "onboarding.done.refused") { office, id, form in
                guard let reason = ReturnReason(rawValue: form["reason.application"]) else {
                    throw DecisionRefusal.noRemark
                }
                let note = Self.note(form["note.application"])
                try await feature.perform(RefuseApplication(application: id, reason: reason, note: note), office)
            }
        }
        router.post("/onboarding/{portal}/{id}/activation") { request, context in
            try await activate(context)
        }
    }

    func show(
        _ context: DeskContext,
        problem: String? = nil,
        form: Form? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let office = try feature.office(context)
        let id = try feature.application(context)
        let seen = try await feature.perform(ViewApplication(application: id, withHistory: true), office)
        let maker = DetailMaker(
            seen: seen,
            office: office,
            words: context.words,
            site: feature.desk.site,
            form: form,
            problem: problem
        )
        return try context.render(maker.page, status: status)
    }

    private func submit(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        do {
            try await feature.perform(SubmitApplication(application: id), office)
            return context.redirect(to: base(office, id), flash: .good("onboarding.done.submitted"))
        } catch SubmitApplication.Refusal.noScan {
            return try await show(
                context,
                problem: context.words("onboarding.refusal.no_scan"),
                status: .unprocessableContent
            )
        } catch SubmitApplication.Refusal.incomplete(let findings) {
            let text = context.words("onboarding.refusal.incomplete", ["n": .number(findings.count)])
            return try await show(context, problem: text, status: .unprocessableContent)
        } catch SubmitApplication.Refusal.notOpen(let state) {
            return try await show(
                context,
                problem: context.words("onboarding.refusal.not_open_\(state.rawValue)"),
                status: .conflict
            )
        }
    }

    private func withdraw(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        do {
            try await feature.perform(WithdrawApplication(application: id), office)
            return context.redirect(to: base(office, id), flash: .good("onboarding.done.withdrawn"))
        } catch WithdrawApplication.Refusal.decided(let state) {
            return try await show(
                context,
                problem: context.words("onboarding.refusal.not_open_\(state.rawValue)"),
                status: .conflict
            )
        }
    }

    private func decide(
        _ context: DeskContext,
        done: String,
        _ act: (Office, ApplicationID, Form) async throws -> Void
    ) async throws -> Response {
        let form = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        do {
            try await act(office, id, form)
            return context.redirect(to: base(office, id), flash: .good(done))
        } catch let refusal as DecisionRefusal {
            let status: HTTPResponse.Status =
                switch refusal {
                case .notSubmitted: .conflict
                case .ownWork: .forbidden
                case .noRemark, .noteMissing: .unprocessableContent
                }
            return try await show(context, problem: refusal.sentence(context.words), form: form, status: status)
        }
    }

    private func activate(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        do {
            let command = ActivateAtCounter(application: id, isClientPresent: form.has("present"))
            let accounts = try await feature.perform(command, office)
            return context.redirect(
                to: base(office, id),
                flash: .good("onboarding.done.activated", ["n": .number(accounts.count)])
            )
        } catch let refusal as ActivateAtCounter.Refusal {
            return try await show(context, problem: refusal.sentence(context.words), status: .conflict)
        } catch let refusal as ActivationRefusal {
            return try await show(context, problem: refusal.sentence(context.words), status: .conflict)
        } catch is ProfileChanged {
            let text = context.words("onboarding.refusal.profile_changed")
            return try await show(context, problem: text, status: .conflict)
        }
    }

    private func base(_ office: Office, _ id: ApplicationID) -> String { "/onboarding/\(office.portal.key)/\(id)" }

    /// `reason.<field>` and `note.<field>` of every field that was given a reason.
    static func remarks(_ form: Form) -> [RemarkDraft] {
        form.fields.compactMap { name, value in
            guard name.hasPrefix("reason."), let reason = ReturnReason(rawValue: value) else { return nil }
            let field = String(name.dropFirst("reason.".count))
            return RemarkDraft(field: field, reason: reason, note: note(form["note.\(field)"]))
        }
    }

    private static func note(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(300))
    }
}

extension DecisionRefusal {
    func sentence(_ words: Words) -> String {
        switch self {
        case .notSubmitted(let state): words("onboarding.refusal.not_submitted_\(state.rawValue)")
        case .ownWork: words("onboarding.refusal.own_work")
        case .noRemark: words("onboarding.refusal.no_remark")
        case .noteMissing: words("onboarding.refusal.note_missing")
        }
    }
}

extension ActivateAtCounter.Refusal {
    func sentence(_ words: Words) -> String {
        switch self {
        case .otherKind: words("onboarding.refusal.other_kind")
        case .notApproved(let state): words("onboarding.refusal.not_approved_\(state.rawValue)")
        case .clientAbsent: words("onboarding.refusal.client_absent")
        }
    }
}

extension ActivationRefusal {
    func sentence(_ words: Words) -> String {
        switch self {
        case .loginTaken(let user): words("onboarding.refusal.login_taken", ["n": .number(user + 1)])
        case .phoneMissing(let user): words("onboarding.refusal.phone_missing", ["n": .number(user + 1)])
        }
    }
}
