import Access
import Audit
import DeskKit
import Postgres

/// Keeps a view of the queue under a name, for whoever asks and nobody else.
struct SaveView: Sendable {
    enum Refusal: String, Error, CaseIterable {
        case nameTaken = "view_taken"
        case tooMany = "views_full"
    }

    /// So many views fit above a list.
    static let limit = 12

    let name: String
    let filter: QueueFilter

    static func decide(_ known: [SavedView], _ name: String) throws(Refusal) {
        guard !known.contains(where: { $0.name == name }) else { throw .nameTaken }
        guard known.count < limit else { throw .tooMany }
    }

    /// Throws `Refusal`, `AccessDenied`, `PostgresError`.
    func run(_ staff: StaffContext, _ audit: AuditTrail, reference: String?, in session: Session) throws {
        try staff.require(.requestsView)
        try Self.decide(try session.all(QueueQueries.viewsOfStaff, ["staff": staff.id]), name)
        let id = try session.first(
            QueueQueries.addView,
            ["staff": staff.id, "name": name, "view": filter.view.rawValue, "kind": filter.kind?.rawValue]
        )
        guard id != nil else { throw Refusal.nameTaken }
        try audit.record(.ofView("request.view_saved", staff, reference), in: session)
    }
}

/// Forgets a view; somebody else's is not there.
struct RemoveView: Sendable {
    let view: Int64

    /// Answers whether there was one. Throws `AccessDenied`, `PostgresError`.
    func run(_ staff: StaffContext, _ audit: AuditTrail, reference: String?, in session: Session) throws -> Bool {
        try staff.require(.requestsView)
        let removed = try session.run(QueueQueries.removeView, ["staff": staff.id, "id": view])
        guard removed == 1 else { return false }
        try audit.record(.ofView("request.view_removed", staff, reference), in: session)
        return true
    }
}

extension AuditEvent {
    fileprivate static func ofView(_ action: String, _ staff: StaffContext, _ reference: String?) -> AuditEvent {
        AuditEvent(action, portal: nil, by: staff.actor, on: .staff(staff.id), reference: reference)
    }
}
