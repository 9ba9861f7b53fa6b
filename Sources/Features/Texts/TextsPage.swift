import Access
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Every portal's texts: what is in force, what comes, what is in hand.
struct TextsPage: Page {
    static let template = "texts/list"

    struct PortalSection: Sendable {
        let name: String
        let label: String
        let rows: [Row]
        let hasRows: Bool
        let cookies: String
        let consents: String
        let action: String
        /// The kinds that the portal lacks.
        let kind: FieldView?
    }

    struct Row: Sendable {
        let href: String
        let name: String
        let live: String
        let next: String
        let open: TagView?
        let openHref: String?
        let warning: TagView?
    }

    let portals: [PortalSection]

    init(_ rows: [TextRow], _ portals: [PortalProfile], _ staff: StaffContext, _ words: Words) {
        self.portals = portals.map { portal in
            Self.section(portal, rows.filter { $0.portalID == portal.id }, staff, words)
        }
    }

    private static func section(
        _ portal: PortalProfile,
        _ rows: [TextRow],
        _ staff: StaffContext,
        _ words: Words
    ) -> PortalSection {
        let text = TextWords(words)
        let missing = TextKind.allCases.filter { kind in kind.isSingle && !rows.contains { $0.kind == kind } }
        let fields = Fields(words, prefix: "new-\(portal.key)")
        let offers = staff.may(.textsWrite, portal.id) && !missing.isEmpty
        return PortalSection(
            name: portal.name,
            label: words("texts.texts_of", ["portal": .text(portal.name)]),
            rows: rows.map { row($0, portal, text) },
            hasRows: !rows.isEmpty,
            cookies: "/texts/\(portal.key)/cookies",
            consents: "/texts/\(portal.key)/consents",
            action: "/texts/\(portal.key)",
            kind: offers
                ? fields.options(
                    "kind",
                    "texts.field.kind",
                    missing.map { ($0.rawValue, words("texts.kind.\($0.rawValue)")) }
                ) : nil
        )
    }

    private static func row(_ row: TextRow, _ portal: PortalProfile, _ text: TextWords) -> Row {
        let words = text.words
        let base = "/texts/\(portal.key)/\(row.key)"
        let open = row.openState.flatMap { Standing(rawValue: $0.rawValue) }
        return Row(
            href: base,
            name: text.name(row.kind, row.key),
            live: of(row.liveNumber, row.liveSince, "texts.live_since", words) ?? words("texts.not_live"),
            next: of(row.nextNumber, row.nextOn, "texts.next_on", words) ?? "–",
            open: open.map(text.standing),
            openHref: row.openNumber.map { "\(base)/\($0)" },
            warning: row.cookiesDiffer ? TagView(.warn, words("texts.cookies_differ")) : nil
        )
    }

    private static func of(_ number: Int?, _ day: CivilDate?, _ key: String, _ words: Words) -> String? {
        guard let number, let day else { return nil }
        return words(key, ["number": .number(number), "day": .text(words.shortDate(day))])
    }
}

/// One text: its versions, newest first, and what happened to it.
struct TextPage: Page {
    static let template = "texts/text"

    struct Row: Sendable {
        let href: String
        let name: String
        let standing: TagView
        let changeClass: String
        let began: String
        let ended: String
        let rationale: String
    }

    let heading: String
    let portal: String
    let action: String
    let problem: String?
    let rows: [Row]
    let mayOpen: Bool
    let entries: [TimelineEntry]

    init(
        _ text: FoundText,
        _ versions: [VersionRow],
        _ entries: [TimelineEntry],
        _ portal: PortalProfile,
        mayWrite: Bool,
        problem: String?,
        _ words: Words
    ) {
        let own = TextWords(words)
        heading = own.name(text.kind, text.key)
        self.portal = portal.name
        action = "/texts/\(portal.key)/\(text.key)"
        self.problem = problem
        self.entries = entries
        mayOpen = mayWrite && !versions.contains { $0.standing == .draft || $0.standing == .review }
        let base = action
        rows = versions.map { row in
            Row(
                href: "\(base)/\(row.number)",
                name: words("texts.version", ["number": .number(row.number)]),
                standing: own.standing(row.standing),
                changeClass: row.changeClass.map(own.changeClass) ?? "–",
                began: row.began.map { words.shortDateTime($0) } ?? row.effectiveOn.map { words.shortDate($0) } ?? "–",
                ended: row.ended.map { words.shortDateTime($0) } ?? "–",
                rationale: row.rationale
            )
        }
    }
}
