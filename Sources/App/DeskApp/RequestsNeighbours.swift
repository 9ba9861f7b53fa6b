import Accounts
import Audit
import DeskKit
import Portals
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

/// What Accounts asks of Requests, answered in the caller's transaction.
struct DataChangesOfClients: TakesDataChanges {
    let requests: RequestsFeature

    func take(_ wish: DataChangeWish, portal: PortalProfile, in session: Session) throws -> TakenRequest {
        do {
            let taken = try requests.take(
                TakeFromClient(
                    account: wish.account,
                    client: wish.client,
                    personName: wish.personName,
                    language: wish.language,
                    changes: wish.changes.map { (Self.field($0.datum), $0.value) },
                    contract: wish.contract,
                    note: wish.note
                ),
                portal: portal,
                in: session
            )
            return TakenRequest(number: taken.id.rawValue, dueOn: taken.dueOn)
        } catch let refusal as TakeFromClient.Refusal {
            switch refusal {
            case .pending: throw DataChangeRefusal.pending
            case .mixed: throw DataChangeRefusal.mixed
            case .noContract: throw DataChangeRefusal.noContract
            }
        }
    }

    private static func field(_ datum: ClientDatum) -> ChangeField {
        switch datum {
        case .name: .name
        case .address: .address
        case .identityDocument: .identityDocument
        case .lessee: .lessee
        case .garageAddress: .garageAddress
        case .annex: .annex
        }
    }
}
