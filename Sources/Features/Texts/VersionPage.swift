import Access
import DeskKit
import DeskWeb
import Markdown
import Portals
import Postgres
import Secrets

/// One version of a text: its languages, what it says, what changed, and the next step for whoever looks.
struct VersionPage: Page {
    static let template = "texts/version"

    /// What of the version is shown below its languages.
    struct View: Sendable, Hashable {
        enum Kind: String, Sendable, CaseIterable { case read, beside, changes }

        var kind: Kind
        var locale: String
    }

    struct LanguageRow: Sendable {
        let name: String
        let title: String
        let state: TagView
        let edit: String?
        let read: String?
        let beside: String?
        let changes: String?
        let hash: String?
    }

    struct Submission: Sendable {
        let changeClass: FieldView
        let rationale: FieldView
        let day: FieldView
        let asks: FieldView?
    }

    let heading: String
    let portal: String
    let textHref: String
    let action: String
    let version: String
    let standing: TagView
    let facts: [String]
    let warning: String?
    let note: String?
    let problems: ProblemsView?
    let languages: [LanguageRow]
    let submission: Submission?
    let approval: FieldView?
    let returning: FieldView?
    let ownWork: Bool
    let withdrawal: FieldView?
    let mayDiscard: Bool
    let shownTitle: String
    let shown: [ProseView]
    let diff: DiffView?

    struct Content: Sendable {
        let row: FoundVersion
        let locales: [LocaleRow]
        let before: [LocaleRow]
        let cookies: [CookieItem]
        let purposes: [PurposeRow]
        /// The purposes for which it asks consent again.
        let asked: [String]

        /// Nil when there is no such version.
        init?(_ place: VersionPlace, in session: Session) throws {
            guard let row = try session.first(TextsQueries.findVersion, place.parameters) else { return nil }
            self.row = row
            locales = try session.all(TextsQueries.locales, ["portal": place.portal, "version": row.id])
            let earlier = VersionPlace(portal: place.portal, key: place.key, number: row.before ?? 0)
            if let found = try session.first(TextsQueries.findVersion, earlier.parameters) {
                before = try session.all(TextsQueries.locales, ["portal": place.portal, "version": found.id])
            } else {
                before = []
            }
            let listed = try session.all(
                TextsQueries.listCookies,
                ["portal": place.portal, "state": CookieState.declared]
            )
            cookies = try listed.map { try $0.item() }
            purposes = try session.all(ConsentsQueries.listPurposes, ["portal": place.portal])
            asked = try session.all(ConsentsQueries.asked, ["portal": place.portal, "version": row.id])
        }
    }

    init(
        _ content: Content,
        _ portal: PortalProfile,
        _ staff: StaffContext,
        _ view: View,
        _ catalog: Catalog,
        _ fields: Fields,
        _ words: Words
    ) {
        let row = content.row
        let text = TextWords(words)
        heading = text.name(row.kind, row.key)
        self.portal = portal.name
        textHref = "/texts/\(portal.key)/\(row.key)"
        action = "\(textHref)/\(row.number)"
        version = "\(row.version)"
        standing = text.standing(row.standing)
        facts = Self.facts(content, text)
        warning = row.cookiesDiffer && row.standing == .live ? words("texts.cookies_differ_long") : nil
        note = row.state == .draft && !row.returnedNote.isEmpty ? row.returnedNote : nil
        problems = fields.problems
        let mayWrite = staff.may(.textsWrite, portal.id)
        let mayApprove = staff.may(.textsApprove, portal.id)
        let isOwn = row.submittedBy == staff.id || row.writers.contains(staff.id.rawValue)
        languages = Self.languages(content, portal, mayWrite: mayWrite && row.state == .draft, action, text)
        submission = mayWrite && row.state == .draft ? Self.submission(content, fields, text) : nil
        ownWork = row.state == .review && mayApprove && isOwn
        let decides = row.state == .review && mayApprove && !isOwn
        approval = decides ? fields.options("class", "texts.field.class_seen", text.classes) : nil
        returning =
            row.state == .review && mayApprove
            ? fields.text("note", "texts.field.note", isRequired: false, max: 1_000) : nil
        let isOut = row.standing == .live || row.standing == .scheduled
        withdrawal =
            isOut && mayApprove ? fields.text("reason", "texts.field.withdrawal", max: 1_000) : nil
        mayDiscard = mayWrite && row.state == .draft
        let rendering = TextRendering(portal, catalog, cookies: content.cookies)
        shownTitle = content.locales.first { $0.locale == view.locale }?.title ?? ""
        shown = view.kind == .changes ? [] : Self.shown(content, portal, view, rendering)
        diff = view.kind == .changes ? Self.diff(content, view, words) : nil
    }

    private static func facts(_ content: Content, _ text: TextWords) -> [String] {
        let (row, words) = (content.row, text.words)
        var facts = [words("texts.version", ["number": .number(row.number)])]
        if let changeClass = row.changeClass { facts.append(text.changeClass(changeClass)) }
        if let began = row.began {
            facts.append(words("texts.fact.began", ["time": .text(words.dateTime(began))]))
        } else if let day = row.effectiveOn {
            facts.append(words("texts.fact.effective", ["day": .text(words.date(day))]))
        }
        if let ended = row.ended { facts.append(words("texts.fact.ended", ["time": .text(words.dateTime(ended))])) }
        if !row.rationale.isEmpty { facts.append(words("texts.fact.rationale", ["text": .text(row.rationale)])) }
        if !content.asked.isEmpty {
            facts.append(words("texts.fact.asks", ["purposes": .text(content.asked.joined(separator: ", "))]))
        }
        if let name = row.submitter { facts.append(words("texts.fact.submitter", ["name": .text(name)])) }
        if let name = row.approver { facts.append(words("texts.fact.approver", ["name": .text(name)])) }
        if !row.withdrawnReason.isEmpty {
            facts.append(words("texts.fact.withdrawn", ["text": .text(row.withdrawnReason)]))
        }
        return facts
    }

    private static func languages(
        _ content: Content,
        _ portal: PortalProfile,
        mayWrite: Bool,
        _ action: String,
        _ text: TextWords
    ) -> [LanguageRow] {
        let words = text.words
        let wanted = portal.identity.languages
        let others = content.locales.map(\.locale).filter { !wanted.contains($0) }
        return (wanted + others).map { locale in
            let row = content.locales.first { $0.locale == locale }
            let state: TagView =
                if let row {
                    row.stale
                        ? TagView(.warn, words("texts.words.stale"))
                        : TagView(.good, words(locale == wanted.first ? "texts.words.leading" : "texts.words.written"))
                } else {
                    TagView(.bad, words("texts.words.missing"))
                }
            let earlier = content.before.contains { $0.locale == locale }
            return LanguageRow(
                name: text.language(locale),
                title: row?.title ?? "–",
                state: state,
                edit: mayWrite && wanted.contains(locale) ? "\(action)/words/\(locale)" : nil,
                read: row.map { _ in "\(action)?in=\(locale)" },
                beside: row != nil && locale != wanted.first ? "\(action)?in=\(locale)&show=beside" : nil,
                changes: row != nil && earlier ? "\(action)?in=\(locale)&show=changes" : nil,
                hash: row?.hash.map { Hex.encode($0) }
            )
        }
    }

    private static func submission(_ content: Content, _ fields: Fields, _ text: TextWords) -> Submission {
        let row = content.row
        let offersAsks = row.kind != .consent && row.kind != .declaration && !content.purposes.isEmpty
        return Submission(
            changeClass: fields.options(
                "class",
                "texts.field.class",
                text.classes,
                chosen: row.changeClass.map { [$0.rawValue] } ?? []
            ),
            rationale: fields.text(
                "rationale",
                "texts.field.rationale",
                row.rationale,
                hint: "texts.hint.rationale",
                max: 1_000
            ),
            day: fields.date("day", "texts.field.day", row.effectiveOn, hint: "texts.hint.day"),
            asks: offersAsks
                ? fields.options(
                    "asks",
                    "texts.field.asks",
                    content.purposes.map { ("\($0.id)", $0.key) },
                    chosen: Set(content.purposes.filter { content.asked.contains($0.key) }.map { "\($0.id)" }),
                    isRequired: false
                ) : nil
        )
    }

    /// What clients are or would be shown; a draft is rendered with the cookies of now.
    private static func shown(
        _ content: Content,
        _ portal: PortalProfile,
        _ view: View,
        _ rendering: TextRendering
    ) -> [ProseView] {
        let leading = portal.identity.languages.first ?? ""
        let wanted = view.kind == .beside ? [leading, view.locale] : [view.locale]
        return wanted.compactMap { locale in
            guard let row = content.locales.first(where: { $0.locale == locale }) else { return nil }
            if let html = row.html { return ProseView(Markdown.kept(html), lang: locale) }
            return (try? rendering.html(row.body, locale: locale)).map { ProseView($0.html, lang: locale) }
        }
    }

    private static func diff(_ content: Content, _ view: View, _ words: Words) -> DiffView? {
        guard let row = content.locales.first(where: { $0.locale == view.locale }),
            let before = content.before.first(where: { $0.locale == view.locale })
        else { return nil }
        let diff = WordDiff(from: before.title + "\n\n" + before.body, to: row.title + "\n\n" + row.body)
        return DiffView(diff, lang: view.locale, words)
    }
}
