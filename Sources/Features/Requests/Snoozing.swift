import Access
import DeskKit
import Portals
import Postgres

/// Lays a request aside until a day, with the reason; nobody is handed it before, and its clock goes on.
struct SnoozeRequest: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID
    let until: CivilDate
    let reason: String

    static func decide(
        _ request: ClientRequest,
        until: CivilDate,
        _ reason: String,
        by staff: StaffID
    ) throws(RequestRefusal) {
        guard !request.state.isOver, !request.isSnoozed else { throw .notThere(request.state) }
        if let holder = request.heldBy, holder != staff { throw .heldBy(request.heldByName ?? "") }
        guard until > request.today, until <= request.effectiveDue else { throw .snoozeDay }
        guard !reason.isEmpty else { throw .noteMissing }
    }

    func run(_ office: Office, in session: Session) throws {
        try office.requireWork()
        let found = try office.lock(request, in: session)
        try Self.decide(found, until: until, reason, by: office.staff.id)
        try session.run(
            RequestsQueries.snoozeRequest,
            office.place(found).merging(["until": until, "reason": reason]) { $1 }
        )
        try office.record(
            "request.snoozed",
            on: found,
            facts: ["until": until.iso],
            personal: ["note": reason],
            in: session
        )
    }
}

/// Wakes a request before its day.
struct WakeRequest: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID

    static func decide(_ request: ClientRequest) throws(RequestRefusal) {
        guard !request.state.isOver, request.isSnoozed else { throw .notThere(request.state) }
    }

    func run(_ office: Office, in session: Session) throws {
        try office.requireWork()
        let found = try office.lock(request, in: session)
        try Self.decide(found)
        try session.run(
            RequestsQueries.snoozeRequest,
            office.place(found).merging(["until": nil, "reason": nil]) { $1 }
        )
        try office.record("request.woken", on: found, in: session)
    }
}
