import DeskKit
import DeskWeb
import Markdown
import Portals
import Postgres

/// Makes of a source what clients are shown: `{{cookies}}` and `{{support}}` on a line of their own stand for the
/// portal's list of cookies and its support lines.
struct TextRendering: Sendable {
    private let portal: PortalProfile
    private let catalog: Catalog
    private let cookies: [CookieItem]

    init(_ portal: PortalProfile, _ catalog: Catalog, cookies: [CookieItem]) {
        self.portal = portal
        self.catalog = catalog
        self.cookies = cookies
    }

    /// With the cookies that are declared now.
    init(_ portal: PortalProfile, _ catalog: Catalog, in session: Session) throws {
        let rows = try session.all(
            TextsQueries.listCookies,
            ["portal": portal.id, "state": CookieState.declared]
        )
        self.init(portal, catalog, cookies: try rows.map { try $0.item() })
    }

    static let cookiesMark = "{{cookies}}"
    static let supportMark = "{{support}}"

    static func listsCookies(_ body: String) -> Bool {
        lines(body).contains { isMark($0, cookiesMark) }
    }

    /// Throws `MarkdownRefusal`.
    func html(_ body: String, locale: String) throws(MarkdownRefusal) -> Markdown {
        let source = Self.lines(body).map { line in
            if Self.isMark(line, Self.cookiesMark) { return cookieTable(locale) }
            if Self.isMark(line, Self.supportMark) { return supportTable(locale) }
            return String(line)
        }
        return try Markdown(source.joined(separator: "\n"))
    }

    private static func lines(_ body: String) -> [Substring] {
        body.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func isMark(_ line: Substring, _ mark: String) -> Bool {
        line.filter { !$0.isWhitespace } == mark
    }

    private func words(_ locale: String) -> Words {
        Words(catalog, Language(rawValue: String(locale.prefix(2))) ?? .english)
    }

    private func cookieTable(_ locale: String) -> String {
        let words = words(locale)
        guard !cookies.isEmpty else { return Self.cell(words("texts.cookie.none")) }
        let columns = ["name", "provider", "purpose", "category", "kept"].map { words("texts.cookie.column.\($0)") }
        let rows = cookies.map { item in
            [
                item.name, item.provider, item.purpose(in: locale, portal.identity.languages),
                words("texts.cookie.category.\(item.category.rawValue)"), CookieWords(words).kept(item),
            ]
        }
        return Self.table(columns, rows)
    }

    private func supportTable(_ locale: String) -> String {
        let words = words(locale)
        let columns = ["topic", "phone", "email", "hours"].map { words("texts.support.\($0)") }
        let rows = portal.rules.support.map { line in
            [
                words("texts.support.topics.\(line.topic.rawValue)"), line.phone, line.email ?? "–", line.hours,
            ]
        }
        return Self.table(columns, rows)
    }

    private static func table(_ columns: [String], _ rows: [[String]]) -> String {
        let lines = [columns.map(cell), columns.map { _ in "---" }] + rows.map { $0.map(cell) }
        return "\n" + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
    }

    /// Data as text: every sign that could mean something in Markdown is escaped (CommonMark §2.4).
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isNewline {
                result += " "
            } else {
                if let byte = character.asciiValue, byte > 0x20, !character.isLetter, !character.isNumber {
                    result += "\\"
                }
                result.append(character)
            }
        }
        return result
    }
}

/// What pages and policies say of cookies.
struct CookieWords: Sendable {
    private let words: Words

    init(_ words: Words) {
        self.words = words
    }

    func kept(_ item: CookieItem) -> String {
        guard let minutes = item.minutes else { return words("texts.cookie.kept.session") }
        if minutes.isMultiple(of: 1440) { return words("texts.cookie.kept.days", ["n": .number(minutes / 1440)]) }
        if minutes.isMultiple(of: 60) { return words("texts.cookie.kept.hours", ["n": .number(minutes / 60)]) }
        return words("texts.cookie.kept.minutes", ["n": .number(minutes)])
    }
}
