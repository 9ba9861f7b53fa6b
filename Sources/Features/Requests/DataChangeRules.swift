import DeskKit
import Postgres

/// Data change: a record is corrected whatever is owed; a contract's terms only change when nothing is overdue.
struct DataChangeRules: KindRules {
    let kind = RequestKind.dataChange
    let needsIdentity = true
    let needsDecision = true

    func obstacles(to request: ClientRequest, in session: Session) throws -> [Obstacle] {
        guard request.lane == .contract, let client = request.clientID else { return [] }
        return try session.all(
            RequestsQueries.openItems,
            ["portal": request.portalID, "client": client, "only_due": true]
        )
    }
}
