import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/templates`: the letters in force, in all their languages.
struct TemplatesRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/templates") { _, context in
            let profiles = try context.portals(with: .messagingTemplates)
            let portals = profiles.map(\.id)
            let scope = Scope.portals(portals, staff: try context.signedIn().id)
            let rows = try await desk.database.read(scope) { session in
                try session.all(MessagingQueries.newestTemplates, ["portals": portals])
            }
            return try context.render(TemplatesPage(rows, profiles, MessageWords(context.words)))
        }
    }
}

/// The letters of each portal.
struct TemplatesPage: Page {
    static let template = "messaging/templates"
    let portals: [Group]
    let hasPortals: Bool
    let nothing: EmptyView?

    struct Group: Sendable {
        let name: String
        let letters: [LetterView]
        let missing: [Missing]
        let hasMissing: Bool
    }

    /// A language of the portal in which a letter is not there.
    struct Missing: Sendable {
        let href: String
        let text: String
    }

    init(_ rows: [NewestTemplate], _ profiles: [PortalProfile], _ words: MessageWords) {
        portals = profiles.compactMap { profile in
            let own = rows.filter { $0.portalID == profile.id }
            let letters = own.map { LetterView($0, profile.key, words) }
            let missing = Self.missing(own, profile, words)
            return letters.isEmpty
                ? nil
                : Group(name: profile.name, letters: letters, missing: missing, hasMissing: !missing.isEmpty)
        }
        hasPortals = !portals.isEmpty
        nothing =
            portals.isEmpty
            ? EmptyView(
                title: words.words("messaging.templates.none"),
                text: words.words("messaging.templates.none_help")
            )
            : nil
    }

    private static func missing(
        _ rows: [NewestTemplate],
        _ profile: PortalProfile,
        _ words: MessageWords
    ) -> [Missing] {
        let letters = Set(rows.map { "\($0.kind)/\($0.channel.rawValue)" }).sorted()
        let there = Set(rows.map { "\($0.kind)/\($0.channel.rawValue)/\($0.language)" })
        return letters.flatMap { letter in
            profile.languages.filter { !there.contains("\(letter)/\($0)") }.map { language in
                let kind = String(letter.prefix { $0 != "/" })
                return Missing(
                    href: "/messaging/templates/\(profile.key)/\(letter)/\(language)",
                    text: words.words(
                        "messaging.template.lacks",
                        ["kind": .text(words.kind(kind)), "language": .text(words.language(language))]
                    )
                )
            }
        }
    }
}

/// One letter's newest version.
struct LetterView: Sendable {
    let href: String
    let kind: String
    let by: String
    let language: String
    let tag: String
    let version: String
    let subject: String?
    let body: String

    init(_ row: NewestTemplate, _ key: String, _ words: MessageWords) {
        href = "/messaging/templates/\(key)/\(row.kind)/\(row.channel.rawValue)/\(row.language)"
        kind = words.kind(row.kind)
        by = words.channel(row.channel)
        language = words.language(row.language)
        tag = row.language
        version = words.words(
            "messaging.templates.version",
            ["version": .number(row.version), "date": .text(words.words.shortDate(row.made.date))]
        )
        subject = row.subject.isEmpty ? nil : row.subject
        body = row.body
    }
}
