import Access
import DeskKit
import DeskWeb
import Hummingbird
import Markdown
import Portals
import Postgres

/// A version's words in one language: the form with the leading language beside it, and what it looks like.
struct WordsPage: Page {
    static let template = "texts/words"

    let heading: String
    let language: String
    let lang: String
    let back: String
    let action: String
    let version: String
    let problems: ProblemsView?
    let title: FieldView
    let source: FieldView
    let fits: FieldView?
    /// The leading language, when this is a translation.
    let leadingTitle: String?
    let leadingSource: String?
    let leadingLang: String
    let preview: ProseView?
    let notes: [String]
    let stored: String?
    let listsHelp: String
    let mayWrite: Bool
}

struct WordsRoutes: Sendable {
    let desk: Desk

    func show(_ context: DeskContext) async throws -> Response {
        try await page(context, form: nil, errors: FieldErrors())
    }

    /// Saves, or only shows what it would look like.
    func save(_ context: DeskContext) async throws -> Response {
        let (portal, place) = try VersionRoutes.place(context, .textsWrite)
        let locale = try context.parameters.require("locale")
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try await page(context, form: expired.form, errors: errors)
        }
        let title = read.text("title", max: 200)
        let body = read.text("source", max: Int.max, lines: true) ?? ""
        if let refusal = Self.refusal(of: body) { read.errors.add("source", "texts.refused.\(refusal.rawValue)") }
        let version = read.integer("version", in: 0...Int(Int32.max))
        guard let title, let version, read.errors.isEmpty, read.form["act"] != "preview" else {
            return try await page(context, form: read.form, errors: read.errors)
        }
        let draft = SaveWords.Draft(title: title, body: body, fits: read.isOn("fits"), version: version)
        let staff = try context.signedIn()
        let command = SaveWords(audit: desk.audit)
        do {
            try await desk.database.transaction(try staff.scope(.textsWrite, portal.id)) {
                try command.run(place, locale: locale, draft, portal: portal, by: staff, in: $0)
            }
        } catch let refusal as TextRefusal {
            read.errors.add("texts.refused.\(refusal.rawValue)")
            return try await page(context, form: read.form, errors: read.errors)
        }
        return context.redirect(
            to: "/texts/\(portal.key)/\(place.key)/\(place.number)?in=\(locale)",
            flash: .good("texts.saved")
        )
    }

    private static func refusal(of body: String) -> TextRefusal? {
        do throws(MarkdownRefusal) {
            _ = try Markdown(body)
            return nil
        } catch {
            return TextRefusal(error)
        }
    }

    private func page(_ context: DeskContext, form: Form?, errors: FieldErrors) async throws -> Response {
        let (portal, place) = try VersionRoutes.place(context, .textsWrite)
        let locale = try context.parameters.require("locale")
        guard portal.identity.languages.contains(locale) else { throw PageError.notFound }
        let staff = try context.signedIn()
        let content = try await desk.database.read(try staff.scope(.textsWrite, portal.id)) { session in
            try VersionPage.Content(place, in: session)
        }
        guard let content else { throw PageError.notFound }
        let page = Self.page(content, portal, locale, desk.site.catalog, form: form, errors: errors, context.words)
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    static func page(
        _ content: VersionPage.Content,
        _ portal: PortalProfile,
        _ locale: String,
        _ catalog: Catalog,
        form: Form?,
        errors: FieldErrors,
        _ words: Words
    ) -> WordsPage {
        let row = content.locales.first { $0.locale == locale }
        let leading = portal.identity.languages.first.flatMap { first in content.locales.first { $0.locale == first } }
        let isTranslation = locale != portal.identity.languages.first
        let fields = Fields(words, form: form, errors: errors)
        let text = TextWords(words)
        let body = form.map { $0["source"] } ?? row?.body ?? ""
        let rendering = TextRendering(portal, catalog, cookies: content.cookies)
        let made = try? rendering.html(body, locale: locale)
        let isChanged = form.map { $0["version"] != "\(row?.version ?? 0)" } ?? false
        return WordsPage(
            heading: text.name(content.row.kind, content.row.key),
            language: text.language(locale),
            lang: locale,
            back: "/texts/\(portal.key)/\(content.row.key)/\(content.row.number)",
            action: "/texts/\(portal.key)/\(content.row.key)/\(content.row.number)/words/\(locale)",
            version: "\(row?.version ?? 0)",
            problems: fields.problems,
            title: fields.text("title", "texts.field.title", row?.title ?? ""),
            source: fields.text("source", "texts.field.source", row?.body ?? "", hint: "texts.hint.source"),
            fits: isTranslation
                ? fields.check("fits", "texts.field.fits", isOn: true, hint: "texts.hint.fits") : nil,
            leadingTitle: isTranslation ? leading?.title : nil,
            leadingSource: isTranslation ? leading?.body : nil,
            leadingLang: leading?.locale ?? locale,
            preview: body.isEmpty ? nil : made.map { ProseView($0.html, lang: locale) },
            notes: (made?.notes ?? []).map { words("texts.note.\($0.rawValue)") }.sorted(),
            stored: isChanged ? row?.body : nil,
            listsHelp: words(
                "texts.help.lists",
                ["cookies_mark": .text(TextRendering.cookiesMark), "support_mark": .text(TextRendering.supportMark)]
            ),
            mayWrite: content.row.state == .draft
        )
    }
}
