import Access
import DeskKit
import Postgres

/// Erasure as the shell sees it: granted only to whom no contract binds, and over once the plan was carried out on its
/// own page, which ends the request in the same transaction.
struct ErasureRules: KindRules {
    let kind = RequestKind.erasure
    let needsIdentity = true
    let needsDecision = true

    func obstacles(to request: ClientRequest, in session: Session) throws -> [Obstacle] {
        guard let client = request.clientID else { return [] }
        let place: Parameters = ["portal": request.portalID, "client": client]
        let contracts = try session.all(ErasureQueries.runningContracts, place).map {
            Obstacle(kind: .contract, number: $0, dueOn: nil, amountMinor: nil, currency: nil)
        }
        return contracts
            + (try session.all(ErasureQueries.earlierErasures, place.merging(["request": request.id]) { $1 }))
    }

    func execute(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws -> RequestState {
        throw ExecutionStopped(obstacles: try obstacles(to: request, in: session))
    }
}

extension ErasureDesk {
    /// The client's request that an erasure answers; nil when nobody asked for one.
    func openRequest(in session: Session) throws -> ErasureRequest? {
        try session.first(ErasureQueries.openRequest, place)
    }

    /// Ends the request with what came of it: what the law keeps leaves it partly open until the night that ends that.
    func finish(_ request: ErasureRequest, _ state: ErasureState, in session: Session) throws {
        let row: Parameters = ["portal": portal, "id": request.id]
        let end: RequestState = state == .done ? .closed : .notified
        try session.run(RequestsQueries.executeRequest, row.merging(["state": end, "staff": staff.id]) { $1 })
        guard state == .partial else { return }
        try session.run(ErasureQueries.leaveRequestPartial, row)
    }
}

/// A client's own request to be erased, as far as the erasure goes by it.
struct ErasureRequest: Decodable, Sendable {
    let id: ClientRequestID
    let state: RequestState
    let decidedBy: StaffID?
}
