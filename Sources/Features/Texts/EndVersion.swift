import Access
import Audit
import DeskKit
import Portals
import Postgres

/// Hands a version back to who wrote it, with a note.
struct ReturnVersion: Sendable {
    let audit: AuditTrail

    static func decide(_ held: HeldVersion, version: Int) throws(TextRefusal) {
        guard held.state == .review else { throw .notInReview }
        guard held.version == version else { throw .changedMeanwhile }
    }

    /// Throws `TextRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(
        _ place: VersionPlace,
        note: String,
        version: Int,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.textsApprove, place.portal)
        let held = try place.hold(in: session)
        try Self.decide(held, version: version)
        try session.run(
            TextsQueries.returnVersion,
            ["portal": place.portal, "version": held.id, "note": note]
        )
        try audit.record(held.event("text.returned", place.portal, by: staff), in: session)
    }
}

/// Gives up a version that was never published.
struct DiscardVersion: Sendable {
    let audit: AuditTrail

    static func decide(_ held: HeldVersion, version: Int) throws(TextRefusal) {
        guard held.state == .draft else { throw .notDraft }
        guard held.version == version else { throw .changedMeanwhile }
    }

    /// Throws `TextRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ place: VersionPlace, version: Int, by staff: StaffContext, in session: Session) throws {
        try staff.require(.textsWrite, place.portal)
        let held = try place.hold(in: session)
        try Self.decide(held, version: version)
        try session.run(TextsQueries.discardVersion, ["portal": place.portal, "version": held.id])
        try audit.record(held.event("text.discarded", place.portal, by: staff), in: session)
    }
}

/// Takes a published version back, in an emergency: at once when it is live; a scheduled one never takes effect, and
/// the one before it goes on.
struct WithdrawVersion: Sendable {
    let audit: AuditTrail

    static func decide(_ held: HeldVersion, version: Int) throws(TextRefusal) {
        guard held.state == .published, held.live || held.scheduled else { throw .notPublished }
        guard held.version == version else { throw .changedMeanwhile }
    }

    /// Throws `TextRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(
        _ place: VersionPlace,
        reason: String,
        version: Int,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.textsApprove, place.portal)
        _ = try session.first(TextsQueries.holdText, ["portal": place.portal, "key": place.key])
        let held = try place.hold(in: session)
        try Self.decide(held, version: version)
        try session.run(
            TextsQueries.withdrawVersion,
            ["portal": place.portal, "version": held.id, "staff": staff.id, "reason": reason]
        )
        if held.scheduled {
            let day = held.effectiveOn
            try session.run(TextsQueries.reopenBefore, ["portal": place.portal, "text": held.textID, "day": day])
        }
        try audit.record(held.event("text.withdrawn", place.portal, by: staff), in: session)
    }
}

extension HeldVersion {
    func event(_ action: String, _ portal: PortalID, by staff: StaffContext) -> AuditEvent {
        AuditEvent(
            action,
            portal: portal,
            by: staff.actor,
            on: .text(textID),
            facts: ["text": key, "number": "\(number)"]
        )
    }
}
