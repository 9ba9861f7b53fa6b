import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/templates/{portal}/{kind}/{channel}/{language}`: one letter in one language, with a preview of what is
/// typed and the versions so far.
struct TemplateRoutes: Sendable {
    let desk: Desk
    let samples: [any SamplesLetters]

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/messaging/templates/{portal}/{kind}/{channel}/{language}"
        router.get("\(path)") { _, context in try await show(context, FormReader(Form([]))) }
        router.post("\(path)") { _, context in try await save(context) }
    }

    private func place(_ context: DeskContext) throws -> (SaveTemplate.Place, PortalProfile) {
        let portal = try context.portal(context.parameters.require("portal"), .messagingTemplates)
        let language = try context.parameters.require("language")
        guard let channel = Channel(rawValue: try context.parameters.require("channel")),
            portal.languages.contains(language)
        else { throw PageError.notFound }
        let kind = try context.parameters.require("kind")
        return (SaveTemplate.Place(portal: portal.id, kind: kind, channel: channel, language: language), portal)
    }

    private func show(_ context: DeskContext, _ read: FormReader) async throws -> Response {
        let (place, portal) = try place(context)
        let staff = try context.signedIn()
        let samples = samples
        let content = try await desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            try TemplatePage.Content(place, samples, in: session)
        }
        guard let content else { throw PageError.notFound }
        let page = TemplatePage(content, place, portal, read, MessageWords(context.words))
        return try context.render(page, status: read.errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func save(_ context: DeskContext) async throws -> Response {
        let (place, portal) = try place(context)
        let form = try context.form()
        let staff = try context.signedIn()
        var read = FormReader(form)
        let subject = place.channel == .email ? read.text("subject", max: 200) : ""
        let body = read.text("body", max: 4_000, lines: true)
        let version = read.integer("version", in: 0...Int(Int32.max))
        guard let subject, let body, let version else { return try await show(context, read) }
        let draft = SaveTemplate.Draft(subject: subject, body: body, version: version)
        let command = SaveTemplate(audit: desk.audit)
        let saves = form["act"] != "preview"
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                if saves {
                    _ = try command.run(place, draft, by: staff.actor, staff: staff.id, in: session)
                } else {
                    let firsts = try session.all(
                        MessagingQueries.firstVersions,
                        ["portal": place.portal, "kind": place.kind]
                    )
                    try SaveTemplate.check(draft, SaveTemplate.Tags(firsts, place.channel))
                }
            }
        } catch let refusal as SaveTemplate.Refusal {
            try Self.note(refusal, &read)
            return try await show(context, read)
        }
        guard saves else { return try await show(context, read) }
        return context.redirect(to: "/messaging/templates", flash: .good("messaging.template.saved"))
    }

    private static func note(_ refusal: SaveTemplate.Refusal, _ read: inout FormReader) throws {
        switch refusal {
        case .changedMeanwhile: read.errors.add("messaging.template.refused.changed_meanwhile")
        case .nothingChanged: read.errors.add("messaging.template.refused.nothing_changed")
        case .unknown: throw PageError.notFound
        case .malformed(let field):
            read.errors.add(field, "messaging.template.refused.malformed", ["example": .text("{{name}}")])
        case .strange(let name, let field):
            read.errors.add(field, "messaging.template.refused.strange", ["name": .text("{{\(name)}}")])
        case .missing(let name):
            read.errors.add("body", "messaging.template.refused.missing", ["name": .text("{{\(name)}}")])
        }
    }
}

/// One letter in one language.
struct TemplatePage: Page {
    static let template = "messaging/template"

    struct Content: Sendable {
        /// Nil where the language has no letter yet.
        let newest: NewestVersion?
        /// The text that goes out meanwhile, and its language.
        let fallback: TemplateRow
        let tags: SaveTemplate.Tags
        let versions: [VersionRow]
        let samples: [LetterSample]

        /// Nil when there is no such letter in any language.
        init?(_ place: SaveTemplate.Place, _ sources: [any SamplesLetters], in session: Session) throws {
            let values: Postgres.Parameters = [
                "portal": place.portal, "kind": place.kind, "channel": place.channel, "language": place.language,
            ]
            guard let fallback = try session.first(MessagingQueries.findTemplate, values) else { return nil }
            self.fallback = fallback
            newest = try session.first(MessagingQueries.newestVersion, values)
            let firsts = try session.all(MessagingQueries.firstVersions, ["portal": place.portal, "kind": place.kind])
            tags = SaveTemplate.Tags(firsts, place.channel)
            versions = try session.all(MessagingQueries.versions, values)
            let source = sources.first { place.kind.hasPrefix($0.kindPrefix) }
            samples =
                try source?.samples(
                    place.kind,
                    channel: place.channel,
                    language: place.language,
                    portal: place.portal,
                    in: session
                ) ?? []
        }
    }

    struct Preview: Sendable {
        let client: String
        let subject: String?
        let body: String
        let size: String?
        let warning: String?
    }

    let title: String
    let portal: String
    let by: String
    let language: String
    let tag: String
    let action: String
    let version: String
    let problems: ProblemsView?
    let fallback: String?
    let subject: FieldView?
    let body: FieldView
    let tags: String
    let previews: [Preview]
    let hasPreviews: Bool
    let entries: [TimelineEntry]
    let hasEntries: Bool

    init(
        _ content: Content,
        _ place: SaveTemplate.Place,
        _ profile: PortalProfile,
        _ read: FormReader,
        _ words: MessageWords
    ) {
        let isTyped = read.form.has("body")
        let fields = Fields(words.words, form: isTyped ? read.form : nil, errors: read.errors)
        let (oldSubject, oldBody) =
            content.newest.map { ($0.subject, $0.body) } ?? (content.fallback.subject, content.fallback.body)
        title = words.kind(place.kind)
        portal = profile.name
        by = words.channel(place.channel)
        language = words.language(place.language)
        tag = place.language
        action = "/messaging/templates/\(profile.key)/\(place.kind)/\(place.channel.rawValue)/\(place.language)"
        version = "\(content.newest?.version ?? 0)"
        problems = fields.problems
        fallback =
            content.newest == nil
            ? words.words(
                "messaging.template.fallback",
                ["language": .text(words.language(content.fallback.language))]
            ) : nil
        subject =
            place.channel == .email
            ? fields.text("subject", "messaging.template.field.subject", oldSubject) : nil
        body = fields.text("body", "messaging.template.field.body", oldBody, max: 4_000)
        let marked = { (name: String) in "{{\(name)}}" + (content.tags.required.contains(name) ? "*" : "") }
        tags = words.words(
            "messaging.template.tags",
            ["tags": .text(content.tags.allowed.sorted().map(marked).joined(separator: ", "))]
        )
        let draft = SaveTemplate.Draft(
            subject: isTyped ? read.form["subject"] : oldSubject,
            body: isTyped ? read.form["body"] : oldBody,
            version: 0
        )
        previews = read.errors.isEmpty ? Self.previews(content, place, draft, words) : []
        hasPreviews = !previews.isEmpty
        entries = content.versions.map { row in
            TimelineEntry(
                row.made,
                today: row.today,
                text: words.words("messaging.template.version", ["version": .number(row.version)]),
                detail: row.madeBy ?? words.words("messaging.template.program"),
                words: words.words
            )
        }
        hasEntries = !entries.isEmpty
    }

    private static func previews(
        _ content: Content,
        _ place: SaveTemplate.Place,
        _ draft: SaveTemplate.Draft,
        _ words: MessageWords
    ) -> [Preview] {
        let invented = LetterSample(
            client: words.words("messaging.template.invented"),
            values: Dictionary(uniqueKeysWithValues: content.tags.allowed.map { ($0, "{{\($0)}}") })
        )
        let samples = content.samples.isEmpty ? [invented] : content.samples
        return samples.compactMap { sample in
            guard let subject = try? LetterText(draft.subject).render(sample.values),
                let text = try? LetterText(draft.body).render(sample.values)
            else { return nil }
            let isText = place.channel == .sms
            let body = isText && content.fallback.transliterates ? GSMFolding.text(text) : text
            let parts = isText && !content.samples.isEmpty ? SMSParts(body) : nil
            return Preview(
                client: sample.client,
                subject: subject.isEmpty ? nil : subject,
                body: body,
                size: parts.map { size($0, words.words) },
                warning: parts.flatMap { $0.isUnicode ? warning($0, body, words.words) : nil }
            )
        }
    }

    private static func size(_ parts: SMSParts, _ words: Words) -> String {
        words(
            "messaging.template.parts",
            [
                "n": .number(parts.count), "length": .number(parts.length),
                "alphabet": .text(words("messaging.template.alphabet.\(parts.isUnicode ? "unicode" : "gsm")")),
            ]
        )
    }

    private static func warning(_ parts: SMSParts, _ body: String, _ words: Words) -> String {
        words(
            "messaging.template.unicode",
            [
                "letters": .text(parts.strange.prefix(12).map(String.init).joined(separator: " ")),
                "n": .number(SMSParts(GSMFolding.text(body)).count),
            ]
        )
    }
}
