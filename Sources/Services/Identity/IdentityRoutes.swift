import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/identity/{portal}/…`: a case of verification from its beginning to what came of it.
struct IdentityRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/identity/{portal}/clients/{client}") { request, context in try await begin(request, context) }
        router.post("/identity/{portal}/clients/{client}") { request, context in try await open(request, context) }
        router.get("/identity/{portal}/{case}") { _, context in try await show(context) }
        router.post("/identity/{portal}/{case}/answers") { _, context in try await answer(context) }
        router.post("/identity/{portal}/{case}/steps") { _, context in try await tick(context) }
        router.post("/identity/{portal}/{case}/number") { _, context in try await number(context) }
        router.post("/identity/{portal}/{case}/withdrawal") { _, context in try await withdraw(context) }
    }

    // MARK: beginning

    private func begin(
        _ request: Request,
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .identityVerify)
        let client = try context.parameters.require("client", as: ClientID.self)
        let account = request.query("account").flatMap { AccountID($0) }
        let scope = try context.signedIn().scope(.identityVerify, portal.id)
        let content = try await desk.database.read(scope) { session -> BeginVerificationPage.Content? in
            let place: Postgres.Parameters = ["portal": portal.id, "client": client]
            let whom = place.merging(["account": account?.rawValue]) { $1 }
            guard let subject = try session.first(IdentityQueries.subject, whom)?.shown() else { return nil }
            return BeginVerificationPage.Content(
                client: client,
                account: account,
                portal: portal,
                subject: subject,
                people: try session.all(IdentityQueries.people, place),
                cases: try CaseRow.all(of: client, portal: portal.id, in: session),
                failures: try session.one(IdentityQueries.failuresLately, whom)
            )
        }
        guard let content else { throw PageError.notFound }
        let fields = Fields(context.words, form: form, errors: errors)
        return try context.render(BeginVerificationPage(content, fields, context.words), status: status)
    }

    private func open(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .identityVerify)
        let client = try context.parameters.require("client", as: ClientID.self)
        let form = try context.form()
        var read = FormReader(form)
        let channel = read.choice("channel", VerificationMethod.Channel.self)
        let account = form["account"].isEmpty ? nil : read.key("account", AccountID.self)
        guard let channel, read.errors.isEmpty else {
            return try await begin(request, context, form: form, errors: read.errors, status: .unprocessableContent)
        }
        let staff = try context.signedIn()
        let command = OpenVerification(audit: desk.audit)
        do {
            let id = try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command(
                    channel,
                    client: client,
                    account: account,
                    portal: portal,
                    by: staff.id,
                    named: staff.actor,
                    in: session
                )
            }
            return context.redirect(to: "/identity/\(portal.key)/\(id)")
        } catch OpenRefusal.nobody {
            throw PageError.notFound
        } catch OpenRefusal.alreadyOpen(let id, let name) {
            let flash = Flash(.warn, "identity.refusal.already_open", ["who": .text(name)])
            return context.redirect(to: "/identity/\(portal.key)/\(id)", flash: flash)
        } catch let refusal as OpenRefusal {
            read.errors.add("channel", refusal.key, refusal.arguments)
            return try await begin(request, context, form: form, errors: read.errors, status: .conflict)
        }
    }

    // MARK: the case

    private func show(
        _ context: DeskContext,
        number: String? = nil,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .identityVerify)
        let id = try context.parameters.require("case", as: VerificationID.self)
        let scope = try context.signedIn().scope(.identityVerify, portal.id)
        let content = try await desk.database.read(scope) { session -> CasePage.Content? in
            let place: Postgres.Parameters = ["portal": portal.id, "verification": id]
            guard let row = try CaseRow.find(id, portal: portal.id, in: session) else { return nil }
            let subject = try session.first(
                IdentityQueries.subject,
                ["portal": portal.id, "client": row.clientID, "account": row.accountID?.rawValue]
            )
            guard let subject = try subject?.shown() else { return nil }
            let steps = try session.all(IdentityQueries.steps, place)
            return CasePage.Content(row: row, steps: steps, subject: subject, portal: portal, number: number)
        }
        guard let content else { throw PageError.notFound }
        let fields = Fields(context.words, form: form, errors: errors)
        return try context.render(CasePage(content, fields, context.words), status: status)
    }

    private func answer(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let answers = form.fields.reduce(into: [Int: String]()) { found, field in
            guard field.name.hasPrefix("answer-"), let position = Int(field.name.dropFirst("answer-".count)) else {
                return
            }
            found[position] = String(field.value.prefix(100))
        }
        return try await step(context, form) { take, id, session in
            _ = try take.answer(id, answers, in: session)
        }
    }

    private func tick(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        var read = FormReader(form)
        guard let position = read.integer("position", in: 1...50), let result = read.choice("result", StepResult.self)
        else { throw PageError.badRequest }
        return try await step(context, form) { take, id, session in
            _ = try take.tick(id, position, result, in: session)
        }
    }

    private func withdraw(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        return try await step(context, form) { take, id, session in
            try take.withdraw(id, in: session)
        }
    }

    /// The number stands in the answer to this post alone; the look is committed before.
    private func number(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let (take, id, scope) = try taking(context)
        do {
            let number = try await desk.database.transaction(scope) { session in
                try take.showNumber(id, in: session)
            }
            return try await show(context, number: number)
        } catch is StepRefusal {
            return try await closed(context, form: nil)
        }
    }

    private func step(
        _ context: DeskContext,
        _ form: Form,
        _ body: @escaping @Sendable (TakeStep, VerificationID, Session) throws -> Void
    ) async throws -> Response {
        let (take, id, scope) = try taking(context)
        do {
            try await desk.database.transaction(scope) { session in try body(take, id, session) }
            return context.redirect(to: "/identity/\(take.portal.key)/\(id)")
        } catch StepRefusal.answersMissing(let positions) {
            var errors = FieldErrors()
            for position in positions { errors.add("answer-\(position)", "desk.field.required") }
            return try await show(context, form: form, errors: errors, status: .unprocessableContent)
        } catch is StepRefusal {
            return try await closed(context, form: form)
        }
    }

    private func closed(_ context: DeskContext, form: Form?) async throws -> Response {
        var errors = FieldErrors()
        errors.add("identity.refusal.closed")
        return try await show(context, form: form, errors: errors, status: .conflict)
    }

    private func taking(_ context: DeskContext) throws -> (TakeStep, VerificationID, Scope) {
        let portal = try context.portal(context.parameters.require("portal"), .identityVerify)
        let staff = try context.signedIn()
        let id = try context.parameters.require("case", as: VerificationID.self)
        let take = TakeStep(audit: desk.audit, portal: portal, staff: staff.id, actor: staff.actor)
        return (take, id, .portal(portal.id, staff: staff.id))
    }
}

extension OpenRefusal {
    var key: String {
        switch self {
        case .nobody, .methodNotOffered: "identity.refusal.method_not_offered"
        case .tooManyFailures: "identity.refusal.too_many_failures"
        case .tooFewFacts: "identity.refusal.too_few_facts"
        case .noNumber: "identity.refusal.no_number"
        case .numberTooNew: "identity.refusal.number_too_new"
        case .alreadyOpen: "identity.refusal.already_open"
        }
    }

    var arguments: [String: TextArgument] {
        switch self {
        case .tooManyFailures(let count): ["n": .number(count)]
        case .alreadyOpen(_, let name): ["who": .text(name)]
        default: [:]
        }
    }
}
