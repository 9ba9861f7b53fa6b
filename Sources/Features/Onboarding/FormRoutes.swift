import Access
import DeskKit
import DeskWeb
import Foundation
import HTTPTypes
import Hummingbird
import Portals

/// The steps of the form: shown, saved, saved as one types, and checked field by field.
struct FormRoutes: Sendable {
    let feature: OnboardingFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/onboarding/{portal}/{id}/form/{step}") { request, context in
            let visit = try visit(context)
            return try await StepMaker(visit: visit).response(feature, request, context)
        }
        router.post("/onboarding/{portal}/{id}/form/{step}") { request, context in
            let visit = try visit(context)
            return try await save(visit, try context.form(), request, context)
        }
        router.post("/onboarding/{portal}/{id}/draft") { request, context in
            try await autosave(context)
        }
        router.post("/onboarding/{portal}/{id}/check") { request, context in
            try await checkValue(context)
        }
    }

    /// One step of one application that somebody is at.
    struct Visit: Sendable {
        let office: Office
        let id: ApplicationID
        let step: FormStep

        var path: String { "/onboarding/\(office.portal.key)/\(id)/form/\(step.rawValue)" }
        var base: String { "/onboarding/\(office.portal.key)/\(id)" }
    }

    private func visit(_ context: DeskContext) throws -> Visit {
        guard let step = context.parameters.get("step").flatMap({ FormStep(rawValue: $0) }), step != .check else {
            throw PageError.notFound
        }
        let office = try feature.office(context)
        return Visit(office: office, id: try feature.application(context), step: step)
    }

    private func save(
        _ visit: Visit,
        _ form: Form,
        _ request: Request,
        _ context: DeskContext
    ) async throws -> Response {
        let seen = try await feature.perform(ViewApplication(application: visit.id, withHistory: false), visit.office)
        let changes = Self.changes(form, seen.application.plan.groups(visit.step).flatMap(\.fields))
        var maker = StepMaker(visit: visit)
        do {
            let saved = try await feature.perform(SaveDraft(application: visit.id, changes: changes), visit.office)
            maker.conflicts = saved.conflicts
            guard saved.conflicts.isEmpty else {
                maker.form = form
                return try await maker.response(feature, request, context, status: .conflict)
            }
            if let change = Self.change(form["go"]) {
                try await feature.perform(ChangeParts(application: visit.id, change: change), visit.office)
                return context.redirect(to: visit.path)
            }
            let wrong = saved.application.plan.groups(visit.step).flatMap(\.fields)
                .contains { saved.application.check.problem($0) != nil }
            guard !wrong else {
                return try await maker.response(feature, request, context, status: .unprocessableContent)
            }
            return context.redirect(to: Self.target(form["go"], visit, saved.application))
        } catch SaveDraft.Refusal.notOpen(let state) {
            return context.redirect(to: visit.base, flash: .bad("onboarding.refusal.not_open_\(state.rawValue)"))
        } catch SaveDraft.Refusal.tooLong(let field) {
            maker.form = form
            maker.errors.add(field, "desk.field.too_long", ["n": .number(SaveDraft.longest)])
            return try await maker.response(feature, request, context, status: .unprocessableContent)
        } catch ChangeParts.Refusal.notPossible {
            return context.redirect(to: visit.path, flash: .bad("onboarding.refusal.part"))
        }
    }

    /// Every field of the step that was posted, with the value that the page was made with.
    static func changes(_ form: Form, _ fields: [FieldSpec]) -> [SaveDraft.Change] {
        fields.compactMap { field in
            let was = "was.\(field.name)"
            let isPosted = field.control == .tick ? form.has(was) || form.has(field.name) : form.has(field.name)
            guard isPosted else { return nil }
            return SaveDraft.Change(field: field.name, was: form[was], now: form[field.name])
        }
    }

    /// `add.user`, `remove.signatory.2`.
    static func change(_ go: String) -> ChangeParts.Change? {
        let parts = go.split(separator: ".").map(String.init)
        guard parts.count >= 2, let part = RepeatedPart(rawValue: parts[1]) else { return nil }
        switch (parts[0], parts.count) {
        case ("add", 2): return .add(part)
        case ("remove", 3): return Int(parts[2]).map { .remove(part, $0) }
        default: return nil
        }
    }

    private static func target(_ go: String, _ visit: Visit, _ application: PaperApplication) -> String {
        let steps = application.plan.steps
        guard go == "next", let place = steps.firstIndex(of: visit.step), place + 1 < steps.count else {
            return visit.path
        }
        let next = steps[place + 1]
        return next == .check ? visit.base : "\(visit.base)/form/\(next.rawValue)"
    }
}

extension FormRoutes {
    /// Keeps what changed while somebody types; never asked for by hand, so it does not count as being there.
    private func autosave(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        let form = try context.form()
        let changes = Set(form.fields.map(\.name)).sorted().filter { !$0.hasPrefix("was.") && $0 != "csrf" }.map {
            SaveDraft.Change(field: $0, was: form["was.\($0)"], now: form[$0])
        }
        do {
            let id = try feature.application(context)
            let command = SaveDraft(application: id, changes: changes, isByItself: true)
            let saved = try await feature.perform(command, office)
            let now = context.words.exactTime(saved.application.row.hereAndNow)
            guard saved.conflicts.isEmpty else {
                let labels = saved.conflicts.compactMap { saved.application.plan.field($0.field)?.label }
                    .map { context.words($0) }
                let text = context.words(
                    "onboarding.conflict.autosave",
                    [
                        "who": .text(saved.application.row.changedByName),
                        "fields": .text(labels.joined(separator: ", ")),
                    ]
                )
                return try Self.json(["message": text], status: .conflict)
            }
            return try Self.json(["message": context.words("desk.draft.saved", ["time": .text(now)])], saved: now)
        } catch SaveDraft.Refusal.notOpen(let state) {
            return try Self.json(
                ["message": context.words("onboarding.refusal.not_open_\(state.rawValue)")],
                status: .conflict
            )
        } catch SaveDraft.Refusal.tooLong {
            return try Self.json(
                ["message": context.words("desk.field.too_long", ["n": .number(SaveDraft.longest)])],
                status: .unprocessableContent
            )
        }
    }

    /// Says what is wrong with a value as soon as its field is left, and who is known already by this number.
    private func checkValue(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        let form = try context.form()
        let command = CheckValue(
            application: try feature.application(context),
            field: form["field"],
            value: form["value"]
        )
        let found = try await feature.perform(command, office)
        let words = context.words
        let problem = found.problem.map { words($0.key, $0.arguments) } ?? ""
        let known = found.duplicates.map { $0.sentence(words) }.joined(separator: " ")
        return try Self.json(["problem": problem, "known": known])
    }

    static func json(
        _ body: [String: String],
        status: HTTPResponse.Status = .ok,
        saved: String? = nil
    ) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        if let saved, let name = HTTPField.Name("X-Desk-Saved") { headers[name] = saved }
        let bytes = try JSONEncoder().encode(body)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Duplicate {
    func sentence(_ words: Words) -> String {
        words(
            "onboarding.duplicate.\(kind.rawValue)",
            ["name": .text(name), "since": .text(words.date(since.date))]
        )
    }
}
