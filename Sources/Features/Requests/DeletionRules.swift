import DeskKit
import Portals
import Postgres

/// Account deletion: closed when every contract ended, its thing is back, nothing is owed and nothing is pending (A3).
struct DeletionRules: KindRules {
    let kind = RequestKind.accountDeletion
    let needsIdentity = true
    let needsDecision = true
    let accounts: any ClosesAccounts

    func obstacles(to request: ClientRequest, in session: Session) throws -> [Obstacle] {
        guard let client = request.clientID else { return [] }
        let place: Parameters = ["portal": request.portalID, "client": client]
        return try session.all(RequestsQueries.unfinished, place.merging(["request": request.id]) { $1 })
            + session.all(RequestsQueries.openItems, place.merging(["only_due": false]) { $1 })
    }

    func afterGrant(
        _ request: ClientRequest,
        _ portal: PortalProfile
    ) -> (state: RequestState, coolingUntil: CivilDate?) {
        (.coolingOff, request.today.adding(days: portal.rules.deadlines.coolingOffDays))
    }
}
