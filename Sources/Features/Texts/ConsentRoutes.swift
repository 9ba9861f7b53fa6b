import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres
import Secrets

/// A portal's purposes, how they stand, and which sites may ask.
struct PurposesPage: Page {
    static let template = "texts/purposes"

    struct Row: Sendable {
        let key: String
        let kind: String
        let covers: String
        let textHref: String
        let granted: String
        let refused: String
        let withdrawn: String
    }

    struct AddForm: Sendable {
        let action: String
        let key: FieldView
        let kind: FieldView
        let category: FieldView
        let covers: FieldView
    }

    struct OriginForm: Sendable {
        let action: String
        let origins: FieldView
    }

    let heading: String
    let problems: ProblemsView?
    let publicHref: String
    let rows: [Row]
    let hasRows: Bool
    let add: AddForm?
    let origins: OriginForm?

    struct Content: Sendable {
        let purposes: [PurposeRow]
        let counts: [PurposeCount]
        let origins: [String]

        init(_ portal: PortalID, in session: Session) throws {
            purposes = try session.all(ConsentsQueries.listPurposes, ["portal": portal])
            counts = try session.all(ConsentsQueries.purposeCounts, ["portal": portal])
            origins = try session.all(ConsentsQueries.listOrigins, ["portal": portal])
        }
    }

    init(_ content: Content, _ portal: PortalProfile, mayWrite: Bool, _ fields: Fields, _ words: Words) {
        heading = words("texts.purpose.title", ["portal": .text(portal.name)])
        problems = fields.problems
        publicHref = "/public/\(portal.key)"
        let base = "/texts/\(portal.key)/consents"
        rows = content.purposes.map { purpose in
            func count(_ action: ConsentAction) -> String {
                let found = content.counts.first { $0.purposeID == purpose.id && $0.action == action }
                return words.number(found?.number ?? 0)
            }
            return Row(
                key: purpose.key,
                kind: words("texts.purpose.kind.\(purpose.kind.rawValue)"),
                covers: purpose.category.map { words("texts.cookie.category.\($0.rawValue)") }
                    ?? (purpose.covers.isEmpty ? "–" : purpose.covers.joined(separator: ", ")),
                textHref: "/texts/\(portal.key)/\(purpose.textKey)",
                granted: count(.grant),
                refused: count(.refuse),
                withdrawn: count(.withdraw)
            )
        }
        hasRows = !rows.isEmpty
        add =
            mayWrite
            ? AddForm(
                action: base,
                key: fields.text("key", "texts.purpose.field.key", hint: "texts.purpose.hint.key", max: 40),
                kind: fields.options(
                    "kind",
                    "texts.purpose.field.kind",
                    PurposeKind.allCases.map { ($0.rawValue, words("texts.purpose.kind.\($0.rawValue)")) }
                ),
                category: fields.options(
                    "category",
                    "texts.purpose.field.category",
                    CookieCategory.allCases.filter { $0 != .necessary }
                        .map { ($0.rawValue, words("texts.cookie.category.\($0.rawValue)")) },
                    isRequired: false
                ),
                covers: fields.text(
                    "covers",
                    "texts.purpose.field.covers",
                    hint: "texts.purpose.hint.covers",
                    isRequired: false
                )
            ) : nil
        origins =
            mayWrite
            ? OriginForm(
                action: base + "/origins",
                origins: fields.text(
                    "origins",
                    "texts.purpose.field.origins",
                    content.origins.joined(separator: "\n"),
                    hint: "texts.purpose.hint.origins",
                    isRequired: false,
                    max: 2_000
                )
            ) : nil
    }
}

struct ConsentRoutes: Sendable {
    let desk: Desk

    func purposes(_ context: DeskContext) async throws -> Response {
        try await page(context, form: nil, errors: FieldErrors())
    }

    func add(_ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsWrite)
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            return try await self.expired(context, expired)
        }
        let key = read.text("key", max: 40)
        if let key, key.wholeMatch(of: /[a-z][a-z0-9]*(?:-[a-z0-9]+)*/) == nil {
            read.errors.add("key", "texts.purpose.refused.bad_key")
        }
        let kind = read.choice("kind", PurposeKind.self)
        let category = read.form["category"].isEmpty ? nil : read.choice("category", CookieCategory.self)
        let covers = (read.optionalText("covers", max: 200) ?? "").split { $0 == "," || $0.isWhitespace }
        guard let key, let kind, read.errors.isEmpty else {
            return try await page(context, form: read.form, errors: read.errors)
        }
        let draft = AddPurpose.Draft(key: key, kind: kind, category: category, covers: covers.map(String.init))
        let staff = try context.signedIn()
        let command = AddPurpose(audit: desk.audit)
        do {
            _ = try await desk.database.transaction(try staff.scope(.textsWrite, portal.id)) {
                try command.run(draft, portal: portal.id, by: staff, in: $0)
            }
        } catch let refusal as AddPurpose.Refusal {
            read.errors.add("texts.purpose.refused.\(refusal.rawValue)")
            return try await page(context, form: read.form, errors: read.errors)
        } catch let refusal as TextRefusal {
            read.errors.add("texts.refused.\(refusal.rawValue)")
            return try await page(context, form: read.form, errors: read.errors)
        }
        return context.redirect(to: "/texts/\(portal.key)/consents", flash: .good("texts.purpose.added"))
    }

    func saveOrigins(_ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsWrite)
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            return try await self.expired(context, expired)
        }
        let typed = (read.optionalText("origins", max: 2_000, lines: true) ?? "").split(whereSeparator: \.isWhitespace)
        let origins = typed.compactMap { SaveOrigins.origin(String($0)) }
        read.require(origins.count == typed.count, "origins", "texts.purpose.refused.bad_origin")
        guard read.errors.isEmpty else { return try await page(context, form: read.form, errors: read.errors) }
        let staff = try context.signedIn()
        let command = SaveOrigins(audit: desk.audit)
        try await desk.database.transaction(try staff.scope(.textsWrite, portal.id)) {
            try command.run(origins, portal: portal.id, by: staff, in: $0)
        }
        return context.redirect(to: "/texts/\(portal.key)/consents", flash: .good("texts.purpose.origins_saved"))
    }

    private func expired(_ context: DeskContext, _ expired: ExpiredForm) async throws -> Response {
        var errors = FieldErrors()
        errors.add(expired.message)
        return try await page(context, form: expired.form, errors: errors)
    }

    private func page(_ context: DeskContext, form: Form?, errors: FieldErrors) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsView)
        let staff = try context.signedIn()
        let content = try await desk.database.read(try staff.scope(.textsView, portal.id)) {
            try PurposesPage.Content(portal.id, in: $0)
        }
        let page = PurposesPage(
            content,
            portal,
            mayWrite: staff.may(.textsWrite, portal.id),
            Fields(context.words, form: form, errors: errors),
            context.words
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}
