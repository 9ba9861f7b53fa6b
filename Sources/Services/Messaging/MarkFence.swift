package import Audit
package import DeskKit
package import JobRunner
package import Postgres

/// A person has seen what the journal knows and the database does not: sending goes on, and what stands on the list is
/// not sent again.
package struct MarkFence: Sendable {
    package enum Refusal: String, Error, Sendable, CaseIterable {
        /// Somebody else was first, or nothing stands still here.
        case notThere = "fence_not_there"
        /// The list grew while it was read.
        case grown = "fence_grown"
        case reasonMissing = "reason_missing"
        case reasonTooLong = "reason_too_long"
    }

    /// Which fence, and how many lines of it were seen.
    package struct Order: Sendable {
        let portal: PortalID
        let fence: Int64
        let seen: Int
        let reason: String
        let staff: StaffID

        package init(portal: PortalID, fence: Int64, seen: Int, reason: String, staff: StaffID) {
            (self.portal, self.fence, self.seen, self.staff) = (portal, fence, seen, staff)
            self.reason = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    private let audit: AuditTrail
    private let queue: JobQueue

    package init(audit: AuditTrail, queue: JobQueue) {
        (self.audit, self.queue) = (audit, queue)
    }

    /// Throws `Refusal`, `PostgresError`.
    package func run(_ order: Order, by actor: Actor, in session: Session) throws {
        if order.reason.isEmpty { throw Refusal.reasonMissing }
        if order.reason.count > 300 { throw Refusal.reasonTooLong }
        let place: Parameters = ["portal": order.portal, "fence": order.fence]
        let marked = try session.first(
            JournalQueries.markFence,
            place.merging(["staff": order.staff, "reason": order.reason]) { $1 }
        )
        guard let cause = marked else { throw Refusal.notThere }
        guard try session.one(JournalQueries.countLines, place) == order.seen else { throw Refusal.grown }
        try queue.hurry(SendMessage.self, portal: order.portal, in: session)
        try audit.record(
            AuditEvent(
                "sending.resumed",
                portal: order.portal,
                by: actor,
                on: Subject("sending_fence", order.fence),
                facts: ["cause": cause, "count": String(order.seen), "reason": order.reason]
            ),
            in: session
        )
    }
}
