import Access
import DeskKit
import DeskWeb
import FoundationEssentials
import Hummingbird
import Markdown
import Portals
import Postgres
import Secrets

/// A portal's public page: its texts, and the banner in which a browser decides, with scripts and without.
struct PublicPage: Page {
    static let template = "texts/public"

    struct Link: Sendable {
        let href: String
        let text: String
        let isCurrent: Bool
    }

    struct Choice: Sendable {
        let name: String
        let hashName: String
        let hash: String
        let title: String
        let prose: ProseView
        let standing: TagView
        let isOn: Bool
    }

    let portal: String
    let heading: String
    let home: String
    let languages: [Link]
    let texts: [Link]
    let shown: ProseView?
    let since: String?
    let action: String
    let language: String
    let choices: [Choice]
    let hasChoices: Bool
    let problem: String?
    let receipt: Link?
}

/// `/public/{portal}`: a page for visitors of a portal, in its languages.
struct PublicPages: Sendable {
    let desk: Desk
    let visitors: Visitors
    let gate: PublicGate

    private static let cookie = "consents"
    private static let days = 180

    func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await page(request, context, problem: nil)
    }

    /// Takes the banner's form. The choice is kept with the words that stood beside it.
    func decide(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try await portal(context)
        let form: Form
        do {
            form = try context.form()
        } catch let expired as ExpiredForm {
            return try await page(request, context, problem: "texts.public.expired", form: expired.form)
        }
        guard let method = ConsentMethod(rawValue: form["method"]), ConsentMethod.ofBrowsers.contains(method),
            let key = form.key
        else { throw PageError.badRequest }
        let known = visitor(request, portal.id)
        let visitor = known ?? visitors.issue(portal.id, for: key.rawValue)
        let shown = form.fields.filter { $0.name.hasPrefix("text.") }
        let decisions = shown.map { field in
            let purpose = String(field.name.dropFirst("text.".count))
            let isOn = method == .acceptAll || (method == .save && form.has("purpose.\(purpose)"))
            return Decision(purpose: purpose, action: isOn ? .grant : .refuse, text: field.value)
        }
        let call = try await PublicCall(request, context, gate, portal: portal)
        let onceKey = "page \(key.rawValue)"
        let subject = ConsentSubject.visitor(visitors.hash(visitor, portal.id))
        let consent = RecordConsent.Request(subject: subject, method: method, decisions: decisions, onceKey: onceKey)
        do {
            try await gate.spend(call, context)
            let receipt = try await desk.database.transaction(.portal(portal.id)) {
                try RecordConsent().run(consent, portal: portal.id, in: $0)
            }
            let id = receipt.id.uuidString.lowercased()
            let locale = locale(request, portal)
            var response = context.redirect(to: "/public/\(portal.key)?lang=\(locale)&receipt=\(id)")
            desk.site.cookies.set(
                "\(Self.cookie)-\(portal.key)",
                to: visitor,
                for: Self.days * 86_400,
                sameSite: .lax,
                on: &response
            )
            return response
        } catch let refusal as ConsentRefusal {
            return try await page(request, context, problem: "texts.api.\(refusal.rawValue)", form: form)
        }
    }

    private func portal(_ context: DeskContext) async throws -> PortalProfile {
        let word = try context.parameters.require("portal")
        guard let portal = try await desk.portals.find(word, desk.database) else { throw PageError.notFound }
        return portal
    }

    private func visitor(_ request: Request, _ portal: PortalID) -> String? {
        let key = request.uri.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        let value = desk.site.cookies.value("\(Self.cookie)-\(key)", in: request)
        return value.flatMap { visitors.isOurs($0, portal) ? $0 : nil }
    }

    private struct Content: Sendable {
        let manifest: [ManifestRow]
        let text: [PublicTextRow]
        let banner: Banner
        let standings: [StandingRow]
    }

    private func locale(_ request: Request, _ portal: PortalProfile) -> String {
        Negotiation.pick(
            wanted: request.query("lang"),
            header: request.headers[.acceptLanguage],
            from: portal.identity.languages,
            first: portal.defaultLanguage
        )
    }

    /// The page; with the choices of a form that was not taken as they were made.
    private func page(
        _ request: Request,
        _ context: DeskContext,
        problem: String?,
        form: Form? = nil
    ) async throws -> Response {
        var context = context
        let portal = try await portal(context)
        let locale = locale(request, portal)
        if let language = Language(rawValue: locale) { context.page.language = language }
        let key = context.parameters.get("key")
        let visitor = visitor(request, portal.id).map { visitors.hash($0, portal.id) }
        let content = try await desk.database.read(.portal(portal.id)) { session in
            Content(
                manifest: try session.all(ConsentsQueries.manifest, ["portal": portal.id]),
                text: try key.map {
                    try session.all(
                        ConsentsQueries.currentText,
                        ["portal": portal.id, "key": $0, "at": nil, "day": nil]
                    )
                } ?? [],
                banner: try Banner(portal, locale: locale, in: session),
                standings: try session.all(
                    ConsentsQueries.standings,
                    ["portal": portal.id, "visitor": visitor, "account": nil, "client": nil]
                )
            )
        }
        let text = content.text.first { $0.locale == locale } ?? content.text.first
        if key != nil, text == nil { throw PageError.notFound }
        let page = view(content, text, portal, locale, request, context, problem: problem, form: form)
        return try context.render(page, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func view(
        _ content: Content,
        _ text: PublicTextRow?,
        _ portal: PortalProfile,
        _ locale: String,
        _ request: Request,
        _ context: DeskContext,
        problem: String?,
        form: Form?
    ) -> PublicPage {
        let words = context.words
        let base = "/public/\(portal.key)"
        let now = content.manifest.first?.now
        let current = content.manifest.filter { row in
            row.locale == locale && (row.kind.isSingle || row.kind == .declaration)
                && now.map { (row.since ?? $0) <= $0 }
                    ?? false
        }
        let choices = content.banner.body.purposes.map { purpose in
            let standing = content.standings.first { $0.key == purpose.purpose }?.standing ?? .none
            return PublicPage.Choice(
                name: "purpose.\(purpose.purpose)",
                hashName: "text.\(purpose.purpose)",
                hash: purpose.hash,
                title: purpose.title,
                prose: ProseView(Markdown.kept(purpose.html), lang: locale),
                standing: ConsentWords(words).standing(standing),
                isOn: form.map { $0.has("purpose.\(purpose.purpose)") } ?? (standing == .grant)
            )
        }
        let receipt = request.query("receipt").map { id in
            PublicPage.Link(
                href: "/api/public/\(portal.key)/v1/receipts/\(urlEncoded(id))",
                text: words("texts.public.receipt"),
                isCurrent: false
            )
        }
        return PublicPage(
            portal: portal.name,
            heading: text?.title ?? words("texts.public.title"),
            home: base,
            languages: portal.identity.languages.map {
                PublicPage.Link(
                    href: "\(request.uri.path)?lang=\($0)",
                    text: TextWords(words).language($0),
                    isCurrent: $0 == locale
                )
            },
            texts: current.map {
                PublicPage.Link(
                    href: "\(base)/\($0.key)?lang=\(locale)",
                    text: $0.title,
                    isCurrent: $0.key == text?.key
                )
            },
            shown: text.map { ProseView(Markdown.kept($0.html), lang: $0.locale) },
            since: text.map { words("texts.version", ["number": .number($0.number)]) },
            action: "\(base)?lang=\(locale)",
            language: locale,
            choices: choices,
            hasChoices: !choices.isEmpty,
            problem: problem.map { words($0) },
            receipt: receipt
        )
    }
}
