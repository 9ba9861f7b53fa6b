import Audit
import DeskKit
import Portals
import Postgres

/// A portal's hours, as they stand in their table; times are "09:00:00" on the portal's clock.
struct HoursRow: Decodable, Sendable {
    let portalID: PortalID
    let opens: String
    let closes: String
    let workingDaysOnly: Bool
    let spreadMinutes: Int
    let version: Int
}

/// Sets when a portal writes to clients of its own accord, or frees it of any hours.
struct SetSendingHours: Sendable {
    enum Refusal: String, Error, Sendable {
        case changedMeanwhile = "changed_meanwhile"
    }

    /// `opens` lies before `closes`. Version 0 is a portal that had no hours when the form was shown.
    struct Draft: Sendable, Hashable {
        let opens: String
        let closes: String
        let workingDaysOnly: Bool
        let spreadMinutes: Int
        let version: Int
    }

    let audit: AuditTrail

    /// Throws `Refusal`, `PostgresError`.
    func set(_ draft: Draft, portal: PortalID, by actor: Actor, in session: Session) throws {
        let values: Parameters = [
            "portal": portal, "opens": draft.opens, "closes": draft.closes, "working_days": draft.workingDaysOnly,
            "spread": draft.spreadMinutes,
        ]
        let version =
            draft.version == 0
            ? try session.first(MessagingQueries.addSendingHours, values)
            : try session.first(
                MessagingQueries.changeSendingHours,
                values.merging(["version": draft.version]) { $1 }
            )
        guard version != nil else { throw Refusal.changedMeanwhile }
        let facts = [
            "hours": "\(draft.opens)–\(draft.closes)", "days": draft.workingDaysOnly ? "working" : "all",
            "minutes": "\(draft.spreadMinutes)",
        ]
        try record("hours.set", facts, portal, actor, in: session)
    }

    /// Throws `Refusal`, `PostgresError`.
    func drop(version: Int, portal: PortalID, by actor: Actor, in session: Session) throws {
        let changed = try session.run(
            MessagingQueries.dropSendingHours,
            ["portal": portal, "version": version]
        )
        guard changed == 1 else { throw Refusal.changedMeanwhile }
        try record("hours.dropped", [:], portal, actor, in: session)
    }

    private func record(
        _ action: String,
        _ facts: [String: String],
        _ portal: PortalID,
        _ actor: Actor,
        in session: Session
    ) throws {
        let subject = Subject("portal", Int64(portal.rawValue))
        try audit.record(AuditEvent(action, portal: portal, by: actor, on: subject, facts: facts), in: session)
    }
}
