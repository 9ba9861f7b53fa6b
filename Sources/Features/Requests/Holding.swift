import Access
import DeskKit
import Portals
import Postgres

/// Takes a request from everybody's pile.
struct TakeRequest: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID

    static func decide(_ request: ClientRequest, by staff: StaffID) throws(RequestRefusal) {
        guard !request.state.isOver else { throw .notThere(request.state) }
        if let holder = request.heldBy, holder != staff { throw .heldBy(request.heldByName ?? "") }
    }

    func run(_ office: Office, in session: Session) throws {
        try office.requireWork()
        let found = try office.lock(request, in: session)
        try Self.decide(found, by: office.staff.id)
        guard found.heldBy == nil else { return }
        try session.run(
            RequestsQueries.holdRequest,
            office.place(found).merging(["holder": office.staff.id]) { $1 }
        )
        try office.record("request.taken", on: found, in: session)
    }
}

/// Puts a request back on everybody's pile; somebody else's too, since people fall ill.
struct ReleaseRequest: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID

    func run(_ office: Office, in session: Session) throws {
        try office.requireWork()
        let found = try office.lock(request, in: session)
        guard !found.state.isOver else { throw RequestRefusal.notThere(found.state) }
        guard found.heldBy != nil else { return }
        try session.run(RequestsQueries.holdRequest, office.place(found).merging(["holder": nil]) { $1 })
        try office.record("request.released", on: found, in: session)
    }
}

/// Takes the most urgent request that nobody holds and that this person may work on; nil when there is none. Two people
/// at once never get the same one.
struct TakeNext: Sendable {
    let portals: [PortalProfile]

    func run(
        _ staff: StaffContext,
        _ book: RequestBook,
        reference: String?,
        in session: Session
    ) throws -> ClientRequest? {
        func ids(_ right: Right) -> [PortalID] { portals.map(\.id).filter { staff.may(right, $0) } }
        let next = try session.first(
            RequestsQueries.takeNext,
            [
                "portals": ids(.requestsView), "staff": staff.id, "handles": ids(.requestsHandle),
                "decides": ids(.requestsDecide), "executes": ids(.requestsExecute),
            ]
        )
        guard let next, let found = try book.find(next.id, portal: next.portalID, in: session) else { return nil }
        try session.run(
            RequestsQueries.holdRequest,
            ["portal": next.portalID, "id": next.id, "holder": staff.id]
        )
        try book.record("request.taken", on: found, by: staff.actor, reference: reference, in: session)
        return found
    }
}
