import Access
import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Adds a text to a portal, with a first draft.
struct OpenText: Sendable {
    let audit: AuditTrail

    /// Answers its key. Throws `TextRefusal.exists`, `AccessDenied`, `PostgresError`. `key` names a consent's text;
    /// every other kind goes by its own.
    func run(
        _ kind: TextKind,
        key: String? = nil,
        portal: PortalID,
        by staff: StaffContext,
        in session: Session
    ) throws -> String {
        try staff.require(.textsWrite, portal)
        let key = kind.isSingle ? kind.key : key ?? kind.key
        let id = try session.first(
            TextsQueries.addText,
            ["portal": portal, "kind": kind, "key": key, "notice_days": kind.noticeDays, "staff": staff.id]
        )
        guard let id else { throw TextRefusal.exists }
        try audit.record(
            AuditEvent("text.added", portal: portal, by: staff.actor, on: .text(id), facts: ["text": key]),
            in: session
        )
        _ = try OpenVersion(audit: audit).run(key, portal: portal, by: staff, in: session)
        return key
    }
}

/// Begins the next version of a text with the words of the one before it. A text has one version in hand.
struct OpenVersion: Sendable {
    let audit: AuditTrail

    /// Answers its number. Throws `TextRefusal.versionInHand`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ key: String, portal: PortalID, by staff: StaffContext, in session: Session) throws -> Int {
        try staff.require(.textsWrite, portal)
        guard let text = try session.first(TextsQueries.holdText, ["portal": portal, "key": key]) else {
            throw PageError.notFound
        }
        let place: Parameters = ["portal": portal, "text": text.id]
        guard let number = try session.first(TextsQueries.addVersion, place) else { throw TextRefusal.versionInHand }
        try session.run(TextsQueries.copyLocales, place.merging(["number": number]) { $1 })
        try audit.record(
            AuditEvent(
                "text.opened",
                portal: portal,
                by: staff.actor,
                on: .text(text.id),
                facts: ["text": key, "number": "\(number)"]
            ),
            in: session
        )
        return number
    }
}

extension Subject {
    static func text(_ id: TextID) -> Subject { Subject("text", id.rawValue) }
}
