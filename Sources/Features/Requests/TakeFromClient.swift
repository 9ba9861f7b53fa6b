import Audit
package import DeskKit
package import Portals
package import Postgres

/// Takes a data change in that a signed-in client asks for at the portal (K19, A5). The session is the proof of
/// identity: the request stands ready to be assessed.
package struct TakeFromClient: Sendable {
    package enum Refusal: Error, Equatable {
        /// A change of the same field is open already.
        case pending
        /// Fields of both lanes.
        case mixed
        case noContract
    }

    package let account: AccountID
    package let client: ClientID
    package let personName: String
    package let language: String
    package let changes: [(field: ChangeField, value: String)]
    /// The contract's number, for a change of its terms.
    package let contract: String?
    package let note: String

    package init(
        account: AccountID,
        client: ClientID,
        personName: String,
        language: String,
        changes: [(field: ChangeField, value: String)],
        contract: String?,
        note: String
    ) {
        (self.account, self.client, self.personName, self.language) = (account, client, personName, language)
        (self.changes, self.contract, self.note) = (changes, contract, note)
    }

    func lane() throws(Refusal) -> ChangeLane {
        let lanes = Set(changes.map(\.field.lane))
        guard let lane = lanes.first, lanes.count == 1 else { throw .mixed }
        if lane == .contract, contract?.isEmpty ?? true { throw .noContract }
        return lane
    }
}

extension RequestsFeature {
    /// Answers the request's number and the day by which it is answered. Throws `TakeFromClient.Refusal`,
    /// `PostgresError`.
    package func take(
        _ wish: TakeFromClient,
        portal: PortalProfile,
        in session: Session
    ) throws -> (id: ClientRequestID, dueOn: CivilDate) {
        let lane = try wish.lane()
        let place: Parameters = ["portal": portal.id, "client": wish.client]
        // Two calls at once wait for each other here, so that the second one sees the first one's request.
        _ = try session.first(ErasureQueries.holdClient, place)
        let fields = place.merging(["fields": wish.changes.map(\.field.rawValue)]) { $1 }
        guard try session.first(RequestsQueries.openChange, fields) == nil else {
            throw TakeFromClient.Refusal.pending
        }
        var contract: ContractID?
        if lane == .contract {
            contract = try session.first(
                RequestsQueries.contractOfNumber,
                place.merging(["number": wish.contract]) { $1 }
            )
            guard contract != nil else { throw TakeFromClient.Refusal.noContract }
        }
        let draft = RequestDraft(
            kind: .dataChange,
            lane: lane,
            client: wish.client,
            account: wish.account,
            channel: .portal,
            requesterName: wish.personName,
            language: wish.language,
            statement: wish.note,
            receivedOn: try session.one(RequestsQueries.today, ["portal": portal.id]),
            changes: wish.changes.map { ChangeDraft(field: $0.field, newValue: $0.value, contract: contract) }
        )
        let actor = Actor.account(wish.account)
        let id = try book.takeIn(draft, portal: portal, by: actor, in: session)
        let request = try book.lock(id, portal: portal.id, in: session)
        try session.run(
            RequestsQueries.confirmIdentity,
            [
                "portal": portal.id, "id": id, "method": IdentityMethod.portalSession, "verification": nil,
                "staff": nil,
            ]
        )
        try book.record(
            "request.identity_confirmed",
            on: request,
            by: actor,
            facts: ["method": IdentityMethod.portalSession.rawValue],
            in: session
        )
        return (id, request.effectiveDue)
    }
}
