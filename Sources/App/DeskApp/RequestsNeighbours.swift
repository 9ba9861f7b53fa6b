import Accounts
import Audit
import DeskKit
import Postgres
import Requests

/// What Requests asks of Accounts, answered in the caller's transaction.
struct RequestsNeighbours: ClosesAccounts {
    let closing: CloseForClient

    func close(
        client: ClientID,
        request: ClientRequestID,
        portal: PortalID,
        by actor: Actor,
        in session: Session
    ) throws -> Int {
        try closing(client, portal: portal, reason: "client_request", by: actor, in: session).count
    }
}
