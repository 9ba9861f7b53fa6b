import Access
import Audit
package import DeskKit
package import DeskWeb
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Portals
package import Postgres
import Secrets

/// What a client and its accounts agreed to, for the client's page.
package struct ConsentsOfClient: Sendable {
    package struct Line: Sendable {
        package let purpose: String
        package let standing: TagView
        package let detail: String?
    }

    package init() {}

    /// A line for each purpose that is not of browsers alone, of the client itself and of each account that decided.
    /// Throws `PostgresError`.
    package func lines(_ client: ClientID, _ portal: PortalID, _ words: Words, in session: Session) throws -> [Line] {
        let rows = try session.all(ConsentsQueries.standingsOfClient, ["portal": portal, "client": client])
        let decided = try session.all(ConsentsQueries.consentsOfClient, ["portal": portal, "client": client])
        return rows.filter { $0.kind != .cookies }.map { row in
            let last = decided.first { $0.purpose == row.key && $0.accountID == row.accountID }
            return Line(
                purpose: row.person.map { "\(row.key) · \($0)" } ?? row.key,
                standing: ConsentWords(words).standing(row.standing),
                detail: last.map { ConsentWords(words).how($0) }
            )
        }
    }
}

struct ConsentWords: Sendable {
    let words: Words

    init(_ words: Words) {
        self.words = words
    }

    func standing(_ standing: ConsentStanding) -> TagView {
        let tone: TagView.Tone =
            switch standing {
            case .grant: .good
            case .askedAgain: .warn
            case .refuse, .withdraw: .bad
            case .none: .plain
            }
        return TagView(tone, words("texts.consent.standing.\(standing.rawValue)"))
    }

    /// "on paper, 3 November 2026, Anna Wieczorek".
    func how(_ row: ClientConsentRow) -> String {
        let parts = [
            words("texts.consent.method.\(row.method.rawValue)"), words.shortDate(row.decided.date),
            row.staffName ?? "",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

/// A client's decisions with their proof, and the form for what they say by phone or on paper.
struct ClientConsentsPage: Page {
    static let template = "texts/client"

    struct Row: Sendable {
        let purpose: String
        let action: TagView
        let how: String
        let shown: String
        let receipt: String
    }

    struct TakeForm: Sendable {
        let action: String
        let purpose: FieldView
        let decision: FieldView
        let method: FieldView
        let language: FieldView
        let day: FieldView
    }

    let clientHref: String
    let problems: ProblemsView?
    let standings: [ConsentsOfClient.Line]
    let rows: [Row]
    let hasRows: Bool
    let form: TakeForm?
}

struct ClientConsentRoutes: Sendable {
    let desk: Desk

    func show(_ context: DeskContext) async throws -> Response {
        try await page(context, form: nil, errors: FieldErrors())
    }

    func take(_ context: DeskContext) async throws -> Response {
        let (portal, client) = try place(context, .textsConsents)
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try await page(context, form: expired.form, errors: errors)
        }
        let purpose = read.text("purpose", max: 40)
        let action = read.choice("decision", ConsentAction.self)
        let method = read.choice("method", ConsentMethod.self)
        if let method { read.require([.phone, .paper].contains(method), "method", "desk.field.choice") }
        let language = read.text("language", max: 5)
        let day = read.optionalDate("day")
        guard let purpose, let action, let method, let language, read.errors.isEmpty else {
            return try await page(context, form: read.form, errors: read.errors)
        }
        let staff = try context.signedIn()
        let command = TakeConsent(audit: desk.audit)
        let onceKey = read.form.key?.rawValue ?? ""
        do {
            try await desk.database.transaction(try staff.scope(.textsConsents, portal.id)) { session in
                let row = try session.first(ConsentsQueries.clientOfConsents, ["portal": portal.id, "client": client])
                let past = try row.flatMap { try TakeConsent.past(day, today: $0.today) }
                let text = try Self.hash(purpose, language, past, portal.id, in: session)
                let decision = Decision(purpose: purpose, action: action, text: text)
                try command.run(
                    client,
                    decision,
                    method,
                    on: day,
                    onceKey: onceKey,
                    portal: portal.id,
                    by: staff,
                    in: session
                )
            }
        } catch let refusal as ConsentRefusal {
            let words = "texts.api.\(refusal.rawValue)"
            if refusal == .dayAhead { read.errors.add("day", words) } else { read.errors.add(words) }
            return try await page(context, form: read.form, errors: read.errors)
        }
        return context.redirect(
            to: "/texts/\(portal.key)/clients/\(client)",
            flash: .good("texts.consent.taken")
        )
    }

    /// The words in force now, or on the day of the paper, that the member of staff read out or that it bears.
    private static func hash(
        _ purpose: String,
        _ language: String,
        _ day: CivilDate?,
        _ portal: PortalID,
        in session: Session
    ) throws -> String? {
        let purposes = try session.all(ConsentsQueries.listPurposes, ["portal": portal])
        guard let found = purposes.first(where: { $0.key == purpose }) else { throw ConsentRefusal.unknownPurpose }
        let rows = try session.all(
            ConsentsQueries.currentText,
            ["portal": portal, "key": found.textKey, "at": nil, "day": day]
        )
        return rows.first { $0.locale == language }.map { Hex.encode($0.hash) }
    }

    /// Whether the law alone keeps the client's data: few may look then, and each look is in the trail before it is
    /// shown. Throws `PageError`, `PostgresError`.
    private func isRetained(_ client: ClientID, _ portal: PortalProfile, _ context: DeskContext) async throws -> Bool {
        let staff = try context.signedIn()
        return try await desk.database.transaction(try staff.scope(.textsConsents, portal.id)) { session in
            let place: Postgres.Parameters = ["portal": portal.id, "client": client]
            guard let row = try session.first(ConsentsQueries.clientOfConsents, place) else { throw PageError.notFound }
            guard row.isRestricted else { return false }
            guard staff.may(.requestsRetained, portal.id) else { throw PageError(.forbidden, "texts.consent.retained") }
            try desk.audit.record(
                AuditEvent(
                    "client.retained_opened",
                    portal: portal.id,
                    by: staff.actor,
                    on: .client(client),
                    client: client,
                    reference: context.page.reference
                ),
                in: session
            )
            return true
        }
    }

    private func place(_ context: DeskContext, _ right: Right) throws -> (PortalProfile, ClientID) {
        let portal = try context.portal(try context.parameters.require("portal"), right)
        return (portal, try context.parameters.require("client", as: ClientID.self))
    }

    private func page(_ context: DeskContext, form: Form?, errors: FieldErrors) async throws -> Response {
        let (portal, client) = try place(context, .textsConsents)
        let staff = try context.signedIn()
        let words = context.words
        let isRetained = try await isRetained(client, portal, context)
        let content = try await desk.database.read(try staff.scope(.textsConsents, portal.id)) { session in
            (
                lines: try ConsentsOfClient().lines(client, portal.id, words, in: session),
                rows: try session.all(ConsentsQueries.consentsOfClient, ["portal": portal.id, "client": client]),
                purposes: try session.all(ConsentsQueries.listPurposes, ["portal": portal.id])
            )
        }
        let fields = Fields(words, form: form, errors: errors)
        let own = ConsentWords(words)
        let text = TextWords(words)
        let purposes = content.purposes.filter { $0.kind != .cookies }
        let page = ClientConsentsPage(
            clientHref: "/clients/\(portal.key)/\(client)",
            problems: fields.problems,
            standings: content.lines,
            rows: content.rows.map { row in
                ClientConsentsPage.Row(
                    purpose: row.purpose,
                    action: own.standing(ConsentStanding(rawValue: row.action.rawValue) ?? .none),
                    how: own.how(row),
                    shown: row.number.map { "\(row.textKey ?? "") \($0) \(row.locale ?? "")" } ?? "–",
                    receipt: row.receiptID.uuidString.lowercased()
                )
            },
            hasRows: !content.rows.isEmpty,
            form: purposes.isEmpty || isRetained
                ? nil
                : ClientConsentsPage.TakeForm(
                    action: "/texts/\(portal.key)/clients/\(client)",
                    purpose: fields.options(
                        "purpose",
                        "texts.consent.field.purpose",
                        purposes.map { ($0.key, $0.key) }
                    ),
                    decision: fields.options(
                        "decision",
                        "texts.consent.field.decision",
                        ConsentAction.allCases.map { ($0.rawValue, words("texts.consent.standing.\($0.rawValue)")) }
                    ),
                    method: fields.options(
                        "method",
                        "texts.consent.field.method",
                        [.phone, .paper].map { (method: ConsentMethod) in
                            (method.rawValue, words("texts.consent.method.\(method.rawValue)"))
                        }
                    ),
                    language: fields.options(
                        "language",
                        "texts.consent.field.language",
                        portal.identity.languages.map { ($0, text.language($0)) },
                        chosen: [portal.defaultLanguage]
                    ),
                    day: fields.date(
                        "day",
                        "texts.consent.field.day",
                        hint: "texts.consent.hint.day",
                        isRequired: false
                    )
                )
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}
