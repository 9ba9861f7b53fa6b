import Access
import Audit
import DeskKit
import DeskWeb
import HTTPTypes
import Portals
import Postgres

/// Adds what consent is asked for, with the text that says it. Nobody is asked before that text is published.
struct AddPurpose: Sendable {
    enum Refusal: String, Error, CaseIterable {
        case exists
        /// Cookies of this category have their purpose already.
        case categoryTaken = "category_taken"
        case noCategory = "no_category"
        case noMessages = "no_messages"
        /// These messages are owed to clients and never wait for consent.
        case owed
    }

    struct Draft: Sendable, Hashable {
        var key: String
        var kind: PurposeKind
        var category: CookieCategory?
        /// Beginnings of message kinds.
        var covers: [String]
    }

    let audit: AuditTrail

    /// What is never subject to consent: codes, letters about requests, reminders with a setting of their own.
    static let owed = ["accounts", "identity", "requests", "texts", "reminders", "onboarding"]

    static func decide(_ draft: Draft, _ known: [PurposeRow]) throws(Refusal) {
        if known.contains(where: { $0.key == draft.key }) { throw .exists }
        switch draft.kind {
        case .cookies:
            guard let category = draft.category, category != .necessary else { throw .noCategory }
            if known.contains(where: { $0.category == category }) { throw .categoryTaken }
        case .messages:
            guard !draft.covers.isEmpty else { throw .noMessages }
            for start in draft.covers where owed.contains(where: { start.hasPrefix($0) }) { throw .owed }
        case .declaration: break
        }
    }

    /// Throws `Refusal`, `TextRefusal.exists`, `AccessDenied`, `PostgresError`.
    @discardableResult
    func run(_ draft: Draft, portal: PortalID, by staff: StaffContext, in session: Session) throws -> PurposeID {
        try staff.require(.textsWrite, portal)
        try Self.decide(draft, try session.all(ConsentsQueries.listPurposes, ["portal": portal]))
        let kind: TextKind = draft.kind == .declaration ? .declaration : .consent
        let key = try OpenText(audit: audit).run(
            kind,
            key: "consent-\(draft.key)",
            portal: portal,
            by: staff,
            in: session
        )
        guard let text = try session.first(TextsQueries.findText, ["portal": portal, "key": key]) else {
            throw PageError.notFound
        }
        let id = try session.first(
            ConsentsQueries.addPurpose,
            [
                "portal": portal, "key": draft.key, "kind": draft.kind,
                "category": draft.kind == .cookies ? draft.category : nil,
                "covers": draft.kind == .messages ? draft.covers : [String](), "text": text.id,
            ]
        )
        guard let id else { throw Refusal.exists }
        try audit.record(
            AuditEvent(
                "purpose.added",
                portal: portal,
                by: staff.actor,
                on: Subject("purpose", id.rawValue),
                facts: ["purpose": draft.key, "kind": draft.kind.rawValue]
            ),
            in: session
        )
        return id
    }
}

/// Says which other sites' pages may ask the public API.
struct SaveOrigins: Sendable {
    let audit: AuditTrail

    /// "https://portal.example", "http://127.0.0.1:3000"; nil for anything else.
    static func origin(_ text: String) -> String? {
        let text = text.lowercased()
        return text.wholeMatch(of: /https?:\/\/[a-z0-9.\-]{1,200}(?::[0-9]{1,5})?/) == nil ? nil : text
    }

    /// Throws `AccessDenied`, `PostgresError`.
    func run(_ origins: [String], portal: PortalID, by staff: StaffContext, in session: Session) throws {
        try staff.require(.textsWrite, portal)
        try session.run(ConsentsQueries.removeOrigins, ["portal": portal, "origins": origins])
        try session.run(ConsentsQueries.addOrigins, ["portal": portal, "origins": origins])
        try audit.record(
            AuditEvent(
                "origins.saved",
                portal: portal,
                by: staff.actor,
                on: Subject("portal", Int64(portal.rawValue)),
                facts: ["origins": origins.isEmpty ? "–" : origins.joined(separator: ", ")]
            ),
            in: session
        )
    }
}

/// Types in what a client said by phone or signed on paper.
struct TakeConsent: Sendable {
    let audit: AuditTrail

    /// The day as a decision bears it: nil for today, whose words may have changed since midnight. Throws
    /// `ConsentRefusal.dayAhead`.
    static func past(_ day: CivilDate?, today: CivilDate) throws(ConsentRefusal) -> CivilDate? {
        guard let day else { return nil }
        if day > today { throw .dayAhead }
        return day == today ? nil : day
    }

    /// Throws `ConsentRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(
        _ client: ClientID,
        _ decision: Decision,
        _ method: ConsentMethod,
        on day: CivilDate?,
        onceKey: String,
        portal: PortalID,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.textsConsents, portal)
        guard let row = try session.first(ConsentsQueries.clientOfConsents, ["portal": portal, "client": client]) else {
            throw PageError.notFound
        }
        if row.isRestricted { throw PageError(.forbidden, "texts.consent.retained") }
        let request = RecordConsent.Request(
            subject: .client(client),
            method: method,
            decisions: [decision],
            onceKey: "staff \(staff.id) \(onceKey)",
            decidedOn: try Self.past(day, today: row.today),
            staff: staff.id
        )
        let receipt = try RecordConsent().run(request, portal: portal, in: session)
        guard !receipt.isRepeat else { return }
        try audit.record(
            AuditEvent(
                "consent.taken",
                portal: portal,
                by: staff.actor,
                on: .client(client),
                client: client,
                facts: [
                    "purpose": decision.purpose, "action": decision.action.rawValue, "method": method.rawValue,
                ]
            ),
            in: session
        )
    }
}
