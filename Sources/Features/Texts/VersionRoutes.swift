import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

struct VersionRoutes: Sendable {
    let desk: Desk
    let jobs: JobQueue

    func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await page(request, context, form: nil, errors: FieldErrors())
    }

    func submit(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await act(request, context, .textsWrite, done: "texts.submitted") { read, place, portal, staff in
            let changeClass = read.choice("class", ChangeClass.self)
            let rationale = read.text("rationale", max: 1_000, lines: true)
            let day = read.date("day")
            let version = read.integer("version", in: 1...Int(Int32.max))
            guard let changeClass, let rationale, let day, let version, read.errors.isEmpty else { return nil }
            let draft = SubmitVersion.Draft(
                changeClass: changeClass,
                rationale: rationale,
                day: day,
                asks: read.form.all("asks").compactMap { PurposeID($0) },
                version: version
            )
            let command = SubmitVersion(audit: desk.audit)
            return { try command.run(place, draft, portal: portal, by: staff, in: $0) }
        }
    }

    func approve(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await act(request, context, .textsApprove, done: "texts.approved") { read, place, portal, staff in
            let changeClass = read.choice("class", ChangeClass.self)
            let version = read.integer("version", in: 1...Int(Int32.max))
            guard let changeClass, let version, read.errors.isEmpty else { return nil }
            let command = ApproveVersion(audit: desk.audit, catalog: desk.site.catalog, jobs: jobs)
            return { try command.run(place, changeClass, version: version, portal: portal, by: staff, in: $0) }
        }
    }

    func giveBack(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await act(request, context, .textsApprove, done: "texts.returned") { read, place, _, staff in
            let note = read.text("note", max: 1_000, lines: true)
            let version = read.integer("version", in: 1...Int(Int32.max))
            guard let note, let version, read.errors.isEmpty else { return nil }
            let command = ReturnVersion(audit: desk.audit)
            return { try command.run(place, note: note, version: version, by: staff, in: $0) }
        }
    }

    func withdraw(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await act(request, context, .textsApprove, done: "texts.withdrawn") { read, place, _, staff in
            let reason = read.text("reason", max: 1_000, lines: true)
            let version = read.integer("version", in: 1...Int(Int32.max))
            guard let reason, let version, read.errors.isEmpty else { return nil }
            let command = WithdrawVersion(audit: desk.audit)
            return { try command.run(place, reason: reason, version: version, by: staff, in: $0) }
        }
    }

    func discard(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await act(request, context, .textsWrite, done: "texts.discarded") { read, place, _, staff in
            guard let version = read.integer("version", in: 1...Int(Int32.max)) else { return nil }
            let command = DiscardVersion(audit: desk.audit)
            return { try command.run(place, version: version, by: staff, in: $0) }
        }
    }

    private typealias Step = @Sendable (Session) throws -> Void

    /// Reads the form, runs the step it asks for, and shows the version again: with a message, or with what is wrong
    /// and everything typed.
    private func act(
        _ request: Request,
        _ context: DeskContext,
        _ right: Right,
        done: String,
        _ prepare: (inout FormReader, VersionPlace, PortalProfile, StaffContext) -> Step?
    ) async throws -> Response {
        let (portal, place) = try Self.place(context, right)
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try await page(request, context, form: expired.form, errors: errors)
        }
        let staff = try context.signedIn()
        guard let step = prepare(&read, place, portal, staff) else {
            return try await page(request, context, form: read.form, errors: read.errors)
        }
        do {
            try await desk.database.transaction(try staff.scope(right, portal.id)) { try step($0) }
        } catch let refusal as TextRefusal {
            read.errors.add("texts.refused.\(refusal.rawValue)")
            return try await page(request, context, form: read.form, errors: read.errors)
        } catch let error as PostgresError where error.code == .exclusionViolation || error.code == .uniqueViolation {
            read.errors.add("texts.refused.day_taken")
            return try await page(request, context, form: read.form, errors: read.errors)
        }
        return context.redirect(to: "/texts/\(portal.key)/\(place.key)/\(place.number)", flash: .good(done))
    }

    static func place(_ context: DeskContext, _ right: Right) throws -> (PortalProfile, VersionPlace) {
        let portal = try context.portal(try context.parameters.require("portal"), right)
        let key = try context.parameters.require("key")
        guard let number = Int32(try context.parameters.require("number")), number > 0 else { throw PageError.notFound }
        return (portal, VersionPlace(portal: portal.id, key: key, number: Int(number)))
    }

    private func page(
        _ request: Request,
        _ context: DeskContext,
        form: Form?,
        errors: FieldErrors
    ) async throws -> Response {
        let (portal, place) = try Self.place(context, .textsView)
        let staff = try context.signedIn()
        let content = try await desk.database.read(try staff.scope(.textsView, portal.id)) { session in
            try VersionPage.Content(place, in: session)
        }
        guard let content else { throw PageError.notFound }
        let leading = portal.identity.languages.first ?? ""
        let page = VersionPage(
            content,
            portal,
            staff,
            VersionPage.View(
                kind: request.query("show").flatMap { VersionPage.View.Kind(rawValue: $0) } ?? .read,
                locale: request.query("in") ?? leading
            ),
            desk.site.catalog,
            Fields(context.words, form: form, errors: errors),
            context.words
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}
