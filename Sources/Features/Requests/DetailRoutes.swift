import Access
import DeskKit
import DeskWeb
import Documents
import HTTPTypes
import Hummingbird
import Portals

/// A request as a whole: shown, and each step that may be taken with it.
struct DetailRoutes: Sendable {
    let feature: RequestsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/requests/{portal}/{id}") { _, context in try await show(context) }
        router.post("/requests/{portal}/{id}/{step}") { _, context in try await take(context) }
    }

    private func show(
        _ context: DeskContext,
        problem: String? = nil,
        posted: String? = nil,
        form: Form? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let office = try feature.office(context)
        let seen = try await feature.perform(ViewRequest(request: try feature.request(context)), office)
        let maker = DetailMaker(
            seen: seen,
            office: office,
            words: context.words,
            site: feature.desk.site,
            form: form,
            problem: problem,
            posted: posted
        )
        return try context.render(maker.page, status: status)
    }

    private func take(_ context: DeskContext) async throws -> Response {
        guard let name = context.parameters.get("step"), let step = Step(rawValue: name) else {
            throw PageError.notFound
        }
        let form: Form
        do {
            form = try context.form()
        } catch let expired as ExpiredForm {
            let text = context.words(expired.message)
            return try await show(context, problem: text, posted: name, form: expired.form, status: .forbidden)
        }
        let office = try feature.office(context)
        let id = try feature.request(context)
        do {
            let done = try await StepTaker(feature: feature, office: office, id: id, form: form).take(step)
            return context.redirect(to: "/requests/\(office.portal.key)/\(id)", flash: done)
        } catch let refusal as RequestRefusal {
            return try await show(
                context,
                problem: refusal.sentence(context.words),
                posted: name,
                form: form,
                status: refusal.status
            )
        } catch is MissingChoice {
            let text = context.words("requests.refusal.choose")
            return try await show(context, problem: text, posted: name, form: form, status: .unprocessableContent)
        } catch let stopped as ExecutionStopped {
            let text = RequestRefusal.obstacles(stopped.obstacles).sentence(context.words)
            return try await show(context, problem: text, posted: name, form: form, status: .conflict)
        }
    }
}

/// The steps by the last part of their URL.
enum Step: String, CaseIterable {
    case take, release, identity, pause, resume, extend, propose, `return`, decide, execute, answer, withdraw, duplicate
    case block, look, confirm, snooze, wake, reopen
}

/// A select without a choice, or a number that is none.
struct MissingChoice: Error {}

/// Reads a step's form and runs its command; answers what to say.
struct StepTaker: Sendable {
    let feature: RequestsFeature
    let office: Office
    let id: ClientRequestID
    let form: Form

    func take(_ step: Step) async throws -> Flash {
        switch step {
        case .take: try await perform(TakeRequest(request: id))
        case .release: try await perform(ReleaseRequest(request: id))
        case .identity: try await perform(ConfirmIdentity(request: id, method: try choice("method")))
        case .pause:
            let day = form["posted_on"].trimmingBlanks
            let posted = CivilDate(typed: day)
            if posted == nil, !day.isEmpty { throw RequestRefusal.postedDay }
            try await perform(
                PauseRequest(request: id, reason: try choice("reason"), question: try text(), postedOn: posted)
            )
        case .resume: try await perform(ResumeRequest(request: id))
        case .extend: try await perform(ExtendRequest(request: id, reason: try choice("reason"), text: try text()))
        case .propose:
            let (outcome, reason): (RequestOutcome, DecisionReason) = (try choice("outcome"), try choice("reason"))
            try await perform(ProposeRequest(request: id, outcome: outcome, reason: reason, note: try text()))
        case .return: try await perform(ReturnRequest(request: id, note: try text()))
        case .reopen: try await perform(ReopenRequest(request: id, note: try text()))
        case .decide: return try await decide()
        case .execute: try await perform(ExecuteRequest(request: id))
        case .answer: try await perform(AnswerRequest(request: id, answer: try text()))
        case .withdraw: try await perform(WithdrawRequest(request: id))
        case .duplicate:
            guard let original = ClientRequestID(form["original"].filter(\.isNumber)) else { throw MissingChoice() }
            try await perform(MarkDuplicate(request: id, original: original))
        case .block: try await perform(BlockRequest(request: id))
        case .snooze:
            guard let until = CivilDate(typed: form["until"]) else { throw RequestRefusal.snoozeDay }
            try await perform(SnoozeRequest(request: id, until: until, reason: try text(200)))
        case .wake: try await perform(WakeRequest(request: id))
        case .confirm: try await perform(ConfirmChanges(request: id))
        case .look:
            let remain = try await feature.perform(LookAgain(request: id), office)
            return remain == 0
                ? .good("requests.done.unblocked") : Flash(.warn, "requests.done.remains", ["n": .number(remain)])
        }
        return .good("requests.done.\(step.rawValue)")
    }

    private func decide() async throws -> Flash {
        let command = DecideRequest(
            request: id,
            outcome: try choice("outcome"),
            reason: try choice("reason"),
            text: try text()
        )
        switch try await feature.perform(command, office) {
        case .decided: return .good("requests.done.decide")
        case .blocked(let obstacles):
            return Flash(.warn, "requests.done.blocked_after_all", ["n": .number(obstacles.count)])
        }
    }

    private func perform<Command: RequestCommand>(_ command: Command) async throws where Command.Outcome == Void {
        try await feature.perform(command, office)
    }

    private func choice<Code: RawRepresentable>(_ name: String) throws -> Code where Code.RawValue == String {
        guard let code = Code(rawValue: form[name]) else { throw MissingChoice() }
        return code
    }

    /// What was typed, without blanks around; too long a text is refused, not cut.
    private func text(_ limit: Int = Form.longestText) throws -> String {
        let text = form.typedText
        guard text.count <= limit else { throw RequestRefusal.textTooLong(limit) }
        return text
    }
}

extension Form {
    /// So long may the free text of a step be.
    static let longestText = 4000

    /// The free text of a step, trimmed.
    var typedText: String {
        let lines = self["text"].split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.filter { !$0.isNewline && $0 != "\r" }
        }
        return lines.joined(separator: "\n").trimmingBlanks
    }
}

extension RequestRefusal {
    var status: HTTPResponse.Status {
        switch self {
        case .notThere, .heldBy, .obstacles, .extendedBefore, .tooLate, .copyMissing: .conflict
        case .ownProposal, .ownDecision: .forbidden
        case .noteMissing, .wrongReason, .identityMissing, .noExtension, .noDecisionHere, .needsDecision,
            .noSuchOriginal, .snoozeDay, .identityTooWeak, .letterNotSent, .postedDay, .textTooLong,
            .noLetter:
            .unprocessableContent
        }
    }

    func sentence(_ words: Words) -> String {
        switch self {
        case .notThere(let state):
            words("requests.refusal.not_there", ["state": .text(words("requests.state.\(state.rawValue)"))])
        case .heldBy(let who): words("requests.refusal.held_by", ["who": .text(who)])
        case .ownProposal: words("requests.refusal.own_proposal")
        case .ownDecision: words("requests.refusal.own_decision")
        case .noteMissing: words("requests.refusal.note_missing")
        case .wrongReason: words("requests.refusal.wrong_reason")
        case .obstacles(let obstacles):
            words("requests.refusal.obstacles") + " "
                + obstacles.map { $0.sentence(words) }.joined(separator: "; ") + "."
        case .identityMissing: words("requests.refusal.identity_missing")
        case .noExtension: words("requests.refusal.no_extension")
        case .extendedBefore: words("requests.refusal.extended_before")
        case .tooLate: words("requests.refusal.too_late")
        case .noDecisionHere: words("requests.refusal.no_decision_here")
        case .needsDecision: words("requests.refusal.needs_decision")
        case .noSuchOriginal: words("requests.refusal.no_such_original")
        case .snoozeDay: words("requests.refusal.snooze_day")
        case .identityTooWeak(let floor):
            words(
                "requests.refusal.identity_too_weak",
                ["strength": .text(words("identity.strength.\(floor.rawValue)"))]
            )
        case .copyMissing: words("requests.refusal.copy_missing")
        case .letterNotSent: words("requests.refusal.letter_not_sent")
        case .postedDay: words("requests.refusal.posted_day")
        case .noLetter: words("requests.refusal.no_letter")
        case .textTooLong(let limit): words("requests.refusal.text_too_long", ["n": .number(limit)])
        }
    }
}
