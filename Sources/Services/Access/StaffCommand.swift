package import Audit
package import Portals
package import Postgres

/// One thing that a member of staff does to what belongs to a portal: checked for its right, decided, written and
/// recorded in one transaction.
package protocol StaffCommand<Room>: Sendable {
    associatedtype Room: StaffOffice
    associatedtype Outcome: Sendable
    static var right: Right { get }
    func run(_ office: Room, in session: Session) throws -> Outcome
}

/// What a room's commands need beside the session: who acts, at which portal, and what the room adds.
package protocol StaffOffice: Sendable {
    var portal: PortalProfile { get }
    var staff: StaffContext { get }
}

extension StaffOffice {
    package var actor: Audit.Actor { staff.actor }

    /// Runs a command. Throws `AccessDenied`, the command's refusal, or `PostgresError`.
    package func perform<Command: StaffCommand<Self>>(
        _ command: Command,
        _ database: Database
    ) async throws -> Command.Outcome {
        let scope = try staff.scope(Command.right, portal.id)
        return try await database.transaction(scope) { session in
            try command.run(self, in: session)
        }
    }
}
