import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// A portal's list of cookies, and the form for one more or one of them.
struct CookiesPage: Page {
    static let template = "texts/cookies"

    struct Row: Sendable {
        let href: String?
        let name: String
        let storage: String
        let provider: String
        let party: String
        let category: String
        let kept: String
        let purpose: String
        let state: TagView
    }

    struct FormPart: Sendable {
        let action: String
        let version: String
        let name: FieldView
        let storage: FieldView
        let party: FieldView
        let provider: FieldView
        let category: FieldView
        let minutes: FieldView
        let purposes: [FieldView]
        let state: FieldView
    }

    let heading: String
    let problems: ProblemsView?
    let rows: [Row]
    let hasRows: Bool
    let isList: Bool
    let cookiesHref: String
    let form: FormPart?
}

/// The list's page or one cookie's, with what was typed.
struct CookiePages: Sendable {
    let portal: PortalProfile
    let mayWrite: Bool
    let words: Words

    func page(_ rows: [CookieRow], one: CookieRow?, _ fields: Fields) throws -> CookiesPage {
        let base = "/texts/\(portal.key)/cookies"
        return CookiesPage(
            heading: try one.map { try $0.item().name } ?? words("texts.cookie.title", ["portal": .text(portal.name)]),
            problems: fields.problems,
            rows: try rows.map { try row($0, base) },
            hasRows: !rows.isEmpty,
            isList: one == nil,
            cookiesHref: base,
            form: mayWrite ? try form(one, fields, base) : nil
        )
    }

    private func row(_ row: CookieRow, _ base: String) throws -> CookiesPage.Row {
        let item = try row.item()
        let tone: TagView.Tone =
            switch item.state {
            case .declared: .good
            case .unknown: .bad
            case .retired: .plain
            }
        return CookiesPage.Row(
            href: mayWrite ? "\(base)/\(row.id)" : nil,
            name: item.name,
            storage: words("texts.cookie.storage.\(item.storage.rawValue)"),
            provider: item.provider,
            party: words("texts.cookie.party.\(item.party.rawValue)"),
            category: words("texts.cookie.category.\(item.category.rawValue)"),
            kept: CookieWords(words).kept(item),
            purpose: item.purpose(in: words.language.rawValue, portal.identity.languages),
            state: TagView(tone, words("texts.cookie.state.\(item.state.rawValue)"))
        )
    }

    private func form(_ row: CookieRow?, _ fields: Fields, _ base: String) throws -> CookiesPage.FormPart {
        let item = try row?.item()
        func codes<Code: CaseIterable & RawRepresentable>(
            _ name: String,
            _ code: Code.Type,
            _ chosen: Code?
        ) -> FieldView where Code.RawValue == String {
            fields.options(
                name,
                "texts.cookie.field.\(name)",
                Code.allCases.map { ($0.rawValue, words("texts.cookie.\(name).\($0.rawValue)")) },
                chosen: chosen.map { [$0.rawValue] } ?? []
            )
        }
        return CookiesPage.FormPart(
            action: row.map { "\(base)/\($0.id)" } ?? base,
            version: "\(row?.version ?? 0)",
            name: fields.text("name", "texts.cookie.field.name", item?.name ?? "", max: 120),
            storage: codes("storage", CookieStorage.self, item?.storage ?? .cookie),
            party: codes("party", CookieParty.self, item?.party ?? .first),
            provider: fields.text("provider", "texts.cookie.field.provider", item?.provider ?? portal.name, max: 120),
            category: codes("category", CookieCategory.self, item?.category),
            minutes: fields.text(
                "minutes",
                "texts.cookie.field.minutes",
                item?.minutes.map { "\($0)" } ?? "",
                kind: .digits,
                hint: "texts.cookie.hint.minutes",
                isRequired: false,
                max: 9
            ),
            purposes: portal.identity.languages.map { locale in
                fields.text(
                    "purpose.\(locale)",
                    "texts.cookie.purpose_in.\(locale)",
                    item?.purposes[locale] ?? "",
                    max: 500
                )
            },
            state: codes("state", CookieState.self, item?.state ?? .declared)
        )
    }
}

struct CookieRoutes: Sendable {
    let desk: Desk

    func list(_ context: DeskContext) async throws -> Response {
        try await page(context, id: nil, form: nil, errors: FieldErrors())
    }

    func show(_ context: DeskContext) async throws -> Response {
        let id = try context.parameters.require("id", as: CookieID.self)
        return try await page(context, id: id, form: nil, errors: FieldErrors())
    }

    func save(_ context: DeskContext, isNew: Bool) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsWrite)
        let id = isNew ? nil : try context.parameters.require("id", as: CookieID.self)
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try await page(context, id: id, form: expired.form, errors: errors)
        }
        let version = read.integer("version", in: 0...Int(Int32.max))
        guard let item = CookieForm.read(&read, portal.identity.languages), let version else {
            return try await page(context, id: id, form: read.form, errors: read.errors)
        }
        let staff = try context.signedIn()
        let command = SaveCookie(audit: desk.audit)
        do {
            _ = try await desk.database.transaction(try staff.scope(.textsWrite, portal.id)) { session in
                try command.run(item, id: id, version: version, portal: portal.id, by: staff, in: session)
            }
        } catch let refusal as SaveCookie.Refusal {
            read.errors.add("texts.cookie.refused.\(refusal.rawValue)")
            return try await page(context, id: id, form: read.form, errors: read.errors)
        }
        return context.redirect(to: "/texts/\(portal.key)/cookies", flash: .good("texts.cookie.saved"))
    }

    private func page(
        _ context: DeskContext,
        id: CookieID?,
        form: Form?,
        errors: FieldErrors
    ) async throws -> Response {
        let right: Right = id == nil ? .textsView : .textsWrite
        let portal = try context.portal(try context.parameters.require("portal"), right)
        let staff = try context.signedIn()
        let rows = try await desk.database.read(try staff.scope(right, portal.id)) {
            try $0.all(TextsQueries.listCookies, ["portal": portal.id, "state": nil])
        }
        let one = rows.first { $0.id == id }
        if id != nil, one == nil { throw PageError.notFound }
        let pages = CookiePages(
            portal: portal,
            mayWrite: staff.may(.textsWrite, portal.id),
            words: context.words
        )
        let page = try pages.page(rows, one: one, Fields(context.words, form: form, errors: errors))
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}

/// The form of a cookie.
enum CookieForm {
    /// Nil when something is wrong; the reader then says what.
    static func read(_ read: inout FormReader, _ languages: [String]) -> CookieItem? {
        let name = read.text("name", max: 120)
        let storage = read.choice("storage", CookieStorage.self)
        let party = read.choice("party", CookieParty.self)
        let provider = read.text("provider", max: 120)
        let category = read.choice("category", CookieCategory.self)
        let hasEnd = read.optionalText("minutes", max: 9) != nil
        let minutes = hasEnd ? read.integer("minutes", in: 1...5_256_000) : nil
        let state = read.choice("state", CookieState.self)
        var purposes: [String: String] = [:]
        for locale in languages {
            purposes[locale] =
                state == .unknown
                ? read.optionalText("purpose.\(locale)", max: 500) : read.text("purpose.\(locale)", max: 500)
        }
        guard let name, let storage, let party, let provider, let category, let state, read.errors.isEmpty else {
            return nil
        }
        return CookieItem(
            name: name,
            storage: storage,
            party: party,
            provider: provider,
            category: category,
            minutes: minutes,
            purposes: purposes,
            state: state
        )
    }
}
