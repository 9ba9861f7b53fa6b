import Audit
import DeskKit
import Postgres

/// A person's word on a message of which the machine does not know whether it arrived.
struct DecideMessage: Sendable {
    enum Verdict: String, CaseIterable, Sendable {
        case arrived
        case lost

        var state: MessageState { self == .arrived ? .confirmed : .refused }
    }

    /// What the person goes by.
    enum Grounds: String, CaseIterable, Sendable {
        case gateway, client, other
    }

    enum Refusal: String, Error, Sendable {
        case notThere = "not_there"
        /// Somebody else, or a late answer of the gateway, was first.
        case settled
        case noteMissing = "note_missing"
    }

    struct Order: Sendable {
        let portal: PortalID
        let message: MessageID
        let verdict: Verdict
        let grounds: Grounds
        let note: String?
        let staff: StaffID
        let actor: Actor
    }

    let audit: AuditTrail

    /// Throws `Refusal`, `PostgresError`.
    func run(_ order: Order, in session: Session) throws {
        if order.grounds == .other, order.note == nil { throw Refusal.noteMissing }
        let place: Parameters = ["portal": order.portal, "message": order.message]
        guard let message = try session.first(MessagingQueries.messageDetail, place) else { throw Refusal.notThere }
        let changed = try session.run(
            MessagingQueries.decideMessage,
            place.merging([
                "state": order.verdict.state, "reason": "decided_\(order.verdict.rawValue)", "staff": order.staff,
            ]) { $1 }
        )
        guard changed == 1 else { throw Refusal.settled }
        try audit.record(
            AuditEvent(
                "message.decided",
                portal: order.portal,
                by: order.actor,
                on: Subject("message", order.message.rawValue),
                client: message.clientID,
                facts: ["verdict": order.verdict.rawValue, "grounds": order.grounds.rawValue, "kind": message.kind],
                personal: order.note.map { ["note": $0] } ?? [:]
            ),
            in: session
        )
    }
}
