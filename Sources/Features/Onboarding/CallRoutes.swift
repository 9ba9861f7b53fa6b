import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Portals

/// One call: taken, the code revealed, the outcome recorded.
struct CallRoutes: Sendable {
    let feature: OnboardingFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/onboarding/{portal}/{id}/call") { _, context in
            try await show(context)
        }
        router.post("/onboarding/{portal}/{id}/call/hold") { request, context in
            try await take(context)
        }
        router.post("/onboarding/{portal}/{id}/call/code") { request, context in
            try await reveal(context)
        }
        router.post("/onboarding/{portal}/{id}/call/outcome") { request, context in
            try await record(context)
        }
    }

    private func show(
        _ context: DeskContext,
        code: Redacted<String>? = nil,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        error: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let office = try feature.office(context)
        try office.staff.require(.onboardingCall, office.portal.id)
        let id = try feature.application(context)
        let seen = try await feature.perform(ViewApplication(application: id, withHistory: false), office)
        guard let call = seen.call, call.state != .done else {
            let flash = error == nil ? Flash.bad("onboarding.call.none") : Flash.bad("onboarding.call.done_already")
            return context.redirect(to: "/onboarding/\(office.portal.key)/\(id)", flash: flash)
        }
        let maker = CallMaker(
            seen: seen,
            call: call,
            office: office,
            words: context.words,
            site: feature.desk.site,
            form: form,
            errors: errors,
            error: error,
            code: code
        )
        return try context.render(maker.page, status: status)
    }

    private func take(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        do {
            try await feature.perform(TakeCall(application: id), office)
            return context.redirect(to: "/onboarding/\(office.portal.key)/\(id)/call")
        } catch let refusal as CallRefusal {
            return try await show(context, error: refusal.sentence(context.words), status: .conflict)
        }
    }

    /// The code stands in the answer to this post alone: no address leads to it, and reloading asks anew.
    private func reveal(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        do {
            let code = try await feature.perform(RevealCompanyCode(application: id), office)
            return try await show(context, code: code)
        } catch let refusal as CallRefusal {
            return try await show(context, error: refusal.sentence(context.words), status: .conflict)
        }
    }

    private func record(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        var read = FormReader(form)
        let outcome = read.choice("outcome", CallOutcome.self)
        let note = read.optionalText("note", max: 300) ?? ""
        let next = outcome == .noAnswer ? Self.nextTime(&read) : nil
        guard let outcome, read.errors.isEmpty else {
            return try await show(context, form: form, errors: read.errors, status: .unprocessableContent)
        }
        let command = RecordCallOutcome(application: id, outcome: outcome, note: note, nextAt: next)
        do {
            let accounts = try await feature.perform(command, office)
            let base = "/onboarding/\(office.portal.key)/\(id)"
            return context.redirect(
                to: outcome == .noAnswer ? "/onboarding/calls" : base,
                flash: .good(
                    "onboarding.called.\(outcome.rawValue)",
                    outcome == .informed ? ["n": .number(accounts.count)] : [:]
                )
            )
        } catch let refusal as RecordCallOutcome.Refusal {
            let key = refusal == .nextTimeMissing ? "desk.field.required" : "onboarding.problem.next_time"
            read.errors.add("next_time", key)
            return try await show(context, form: form, errors: read.errors, status: .unprocessableContent)
        } catch let refusal as CallRefusal {
            return try await show(context, form: form, error: refusal.sentence(context.words), status: .conflict)
        } catch let refusal as ActivationRefusal {
            return try await show(context, form: form, error: refusal.sentence(context.words), status: .conflict)
        } catch is ProfileChanged {
            let text = context.words("onboarding.refusal.profile_changed")
            return try await show(context, form: form, error: text, status: .conflict)
        }
    }

    /// A day and an hour of the portal's clock, "9:30" or "09.30".
    private static func nextTime(_ read: inout FormReader) -> CivilDateTime? {
        let date = read.date("next_date")
        guard let text = read.text("next_time", max: 5) else { return nil }
        let parts = text.split { $0 == ":" || $0 == "." }.compactMap { Int($0) }
        guard let date, parts.count == 2, let time = CivilDateTime(date: date, hour: parts[0], minute: parts[1]) else {
            if date != nil { read.errors.add("next_time", "onboarding.problem.time") }
            return nil
        }
        return time
    }
}

extension CallRefusal {
    func sentence(_ words: Words) -> String {
        switch self {
        case .noCall: words("onboarding.call.none")
        case .done: words("onboarding.call.done_already")
        case .heldByOther(let name, let until):
            words(
                "onboarding.call.held_until",
                ["who": .text(name), "time": .text(until.map { words.time($0) } ?? "–")]
            )
        case .notHeld: words("onboarding.call.not_held")
        case .noCode: words("onboarding.call.no_code")
        }
    }
}

/// Makes the page of a call for one reader.
struct CallMaker {
    let seen: ViewApplication.Outcome
    let call: CallRow
    let office: Office
    let words: Words
    let site: DeskSite
    let form: Form?
    let errors: FieldErrors
    let error: String?
    let code: Redacted<String>?

    private var application: PaperApplication { seen.application }
    private var isHolder: Bool { call.isHeld(by: office.staff.id) }

    var page: CallPage {
        let head = ApplicationHead(application, words)
        let language = CallScript.language(of: application)
        let clientWords = site.words(language)
        let fields = Fields(words, form: form, errors: errors)
        let outcomes = CallOutcome.allCases.map { ($0.rawValue, words("onboarding.outcome.\($0.rawValue)")) }
        return CallPage(
            head: head,
            base: head.base,
            isHeld: isHolder,
            mayTake: !call.isHeld || isHolder,
            status: status,
            error: error,
            people: people,
            scriptLanguage: language.rawValue,
            script: CallScript(application: application, caller: office.staff.name, words: clientWords).lines,
            hasCode: isHolder && office.portal.rules.loginKind == .companyCode,
            code: code.map { CodeView($0, clientWords) },
            outcome: isHolder ? fields.options("outcome", "onboarding.call.outcome", outcomes) : nil,
            nextDate: isHolder
                ? fields.text(
                    "next_date",
                    "onboarding.call.next_date",
                    hint: "onboarding.hint.date",
                    isRequired: false,
                    max: 40
                )
                : nil,
            nextTime: isHolder
                ? fields.text(
                    "next_time",
                    "onboarding.call.next_time",
                    hint: "onboarding.hint.time",
                    isRequired: false,
                    max: 5
                )
                : nil,
            note: isHolder ? fields.text("note", "onboarding.call.note", isRequired: false, max: 300) : nil,
            hasAttempts: !seen.attempts.isEmpty,
            attempts: attempts
        )
    }

    private var status: String {
        if call.isHeld {
            let until = call.heldUntil.map { words.time($0) } ?? "–"
            return isHolder
                ? words("onboarding.call.yours_until", ["time": .text(until)])
                : words("onboarding.call.held_until", ["who": .text(call.heldByName ?? ""), "time": .text(until)])
        }
        return words("onboarding.call.due_at", ["when": .text(words.recent(call.nextAt, today: application.row.today))])
    }

    private var people: [PersonView] {
        let draft = Drafting(check: application.check, application: application.id)
        return (draft.users ?? []).map { user in
            PersonView(name: user.name, phone: user.phone ?? user.email ?? "–", login: user.login)
        }
    }

    private var attempts: [TimelineEntry] {
        seen.attempts.map { attempt in
            TimelineEntry(
                attempt.madeAt,
                today: application.row.today,
                text: words("onboarding.outcome.\(attempt.outcome.rawValue)"),
                detail: attempt.note.isEmpty ? attempt.madeBy : "\(attempt.madeBy): \(attempt.note)",
                words: words
            )
        }
    }
}
