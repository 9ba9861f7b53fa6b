import Access
import Audit
import DeskKit
import Postgres

/// Keeps everything of a client beyond the law's periods, for a reason of a closed list, until somebody releases it.
struct PlaceHold: Sendable {
    let reason: ErasureHold.Reason
    /// When somebody must look whether it is still needed.
    let reviewOn: CivilDate

    /// Throws `ErasureRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ desk: ErasureDesk, in session: Session) throws {
        try desk.staff.require(.requestsErase, desk.portal)
        _ = try desk.lock(in: session)
        let today = try session.one(RequestsQueries.today, ["portal": desk.portal])
        guard reviewOn >= today else { throw ErasureRefusal.reviewPassed }
        let hold = try session.one(
            ErasureQueries.placeHold,
            desk.place.merging(["reason": reason, "review_on": reviewOn, "staff": desk.staff.id]) { $1 }
        )
        try desk.recordHold("client_erasure.hold_placed", hold, facts: ["reason": reason.rawValue], in: session)
    }
}

/// Lets go; what only the hold kept is erased the next night.
struct ReleaseHold: Sendable {
    let hold: Int64

    /// Throws `ErasureRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ desk: ErasureDesk, in session: Session) throws {
        try desk.staff.require(.requestsErase, desk.portal)
        _ = try desk.lock(in: session)
        let released = try session.run(
            ErasureQueries.releaseHold,
            desk.place.merging(["hold": hold, "staff": desk.staff.id]) { $1 }
        )
        guard released > 0 else { throw ErasureRefusal.noSuchHold }
        try desk.recordHold("client_erasure.hold_released", hold, in: session)
    }
}

extension ErasureDesk {
    fileprivate func recordHold(
        _ action: String,
        _ hold: Int64,
        facts: [String: String] = [:],
        in session: Session
    ) throws {
        try audit.record(
            AuditEvent(
                action,
                portal: portal,
                by: staff.actor,
                on: Subject("erasure_hold", hold),
                client: client,
                facts: facts,
                reference: reference
            ),
            in: session
        )
    }
}
