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
    }

    init(_ rows: [NewestTemplate], _ profiles: [PortalProfile], _ words: MessageWords) {
        portals = profiles.compactMap { profile in
            let letters = rows.filter { $0.portalID == profile.id }.map { LetterView($0, words) }
            return letters.isEmpty ? nil : Group(name: profile.name, letters: letters)
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
}

/// One letter's newest version.
struct LetterView: Sendable {
    let kind: String
    let by: String
    let language: String
    let tag: String
    let version: String
    let subject: String?
    let body: String

    init(_ row: NewestTemplate, _ words: MessageWords) {
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
