import Access
import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Why a step of an erasure is not taken; pages say it as `erasure.refused.<raw value>`.
enum ErasureRefusal: String, Error, CaseIterable {
    /// Who has a running contract is a client, and the contract needs their data.
    case contractRuns = "contract_runs"
    case nothingToErase = "nothing_to_erase"
    case approvedAlready = "approved_already"
    case doneAlready = "done_already"
    case noPlan = "no_plan"
    case notApproved = "not_approved"
    case ownPlan = "own_plan"
    case ownApproval = "own_approval"
    /// The page showed another plan than the stored one.
    case otherPlan = "other_plan"
    /// The data have changed since the plan was made; it must be made anew.
    case planChanged = "plan_changed"
    case wrongNumber = "wrong_number"
    case noSuchHold = "no_such_hold"
    /// Somebody is to look at it again on a day that has passed.
    case reviewPassed = "review_passed"
    /// The client asked for it, and nobody has decided yet.
    case requestUndecided = "request_undecided"
}

/// Who acts at which portal on whose data.
struct ErasureDesk: Sendable {
    let audit: AuditTrail
    let portal: PortalID
    let client: ClientID
    let staff: StaffContext
    let reference: String?

    var place: Parameters { ["portal": portal, "client": client] }

    func place(_ erasure: ErasureID) -> Parameters { ["portal": portal, "erasure": erasure] }

    func find(in session: Session) throws -> Erasure? {
        try session.first(ErasureQueries.findErasure, place)
    }

    /// The client's erasure, kept from everybody else until the transaction ends. Throws `PageError.notFound` for no
    /// client of this portal.
    func lock(in session: Session) throws -> Erasure? {
        guard try session.first(ErasureQueries.holdClient, place) != nil else { throw PageError.notFound }
        _ = try session.first(ErasureQueries.lockErasure, place)
        return try find(in: session)
    }

    func record(_ action: String, _ erasure: ErasureID, facts: [String: String] = [:], in session: Session) throws {
        try audit.record(
            AuditEvent(
                action,
                portal: portal,
                by: staff.actor,
                on: Subject("erasure", erasure.rawValue),
                client: client,
                facts: facts,
                reference: reference
            ),
            in: session
        )
    }
}

/// Works out what is erased, what is kept, why and until when, and stores it for a second person.
struct MakeErasurePlan: Sendable {
    static func decide(_ erasure: Erasure?, runningContracts: [String]) throws(ErasureRefusal) {
        switch erasure?.state {
        case .partial, .done: throw .doneAlready
        case .approved: throw .approvedAlready
        case .planned, .dropped, nil: break
        }
        if !runningContracts.isEmpty { throw .contractRuns }
    }

    /// Throws `ErasureRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    @discardableResult
    func run(_ desk: ErasureDesk, in session: Session) throws -> ErasureID {
        try desk.staff.require(.requestsErase, desk.portal)
        let found = try desk.lock(in: session)
        try Self.decide(found, runningContracts: try session.all(ErasureQueries.runningContracts, desk.place))
        let by: Parameters = ["staff": desk.staff.id]
        let id: ErasureID
        if let found {
            id = found.id
            try session.run(ErasureQueries.renewErasure, desk.place(id).merging(by) { $1 })
            try session.run(ErasureQueries.clearLines, desk.place(id))
        } else {
            let request = try desk.openRequest(in: session)?.id
            let new = desk.place.merging(by) { $1 }.merging(["request": request]) { $1 }
            id = try session.one(ErasureQueries.addErasure, new)
        }
        try session.run(ErasureQueries.addLines, desk.place(id).merging(desk.place) { $1 })
        try session.run(ErasureQueries.setHash, desk.place(id))
        let lines = try session.all(ErasureQueries.linesOfErasure, desk.place(id))
        if lines.isEmpty { throw ErasureRefusal.nothingToErase }
        let kept = lines.count { $0.action == .keep }
        try desk.record(
            "client_erasure.planned",
            id,
            facts: ["erased": "\(lines.count - kept)", "kept": "\(kept)"],
            in: session
        )
        return id
    }
}

/// A second person agrees to exactly the plan that the page showed.
struct ApproveErasure: Sendable {
    /// Hexadecimal, as the page carried it.
    let hash: String
    /// The client's number as the approver typed it, so that nobody erases the wrong one.
    let number: String

    static func decide(_ erasure: Erasure?, _ hash: String, by staff: StaffID) throws(ErasureRefusal) -> Erasure {
        guard let erasure else { throw .noPlan }
        switch erasure.state {
        case .planned: break
        case .approved: throw .approvedAlready
        case .partial, .done, .dropped: throw .doneAlready
        }
        guard erasure.madeBy != staff else { throw .ownPlan }
        guard erasure.planHash == hash else { throw .otherPlan }
        return erasure
    }

    /// Throws `ErasureRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ desk: ErasureDesk, in session: Session) throws {
        try desk.staff.require(.requestsApproveErasure, desk.portal)
        let erasure = try Self.decide(try desk.lock(in: session), hash, by: desk.staff.id)
        let subject = try session.first(ErasureQueries.subjectOfErasure, desk.place)
        guard (subject?.customerNumber ?? "\(desk.client)") == number else { throw ErasureRefusal.wrongNumber }
        guard try session.one(ErasureQueries.liveHash, desk.place) == hash else { throw ErasureRefusal.planChanged }
        try session.run(
            ErasureQueries.approveErasure,
            desk.place(erasure.id).merging(["staff": desk.staff.id]) { $1 }
        )
        try desk.record("client_erasure.approved", erasure.id, in: session)
    }
}

/// A third pair of hands, or the planner's, carries out what was approved: everything in this one transaction, or
/// nothing.
struct CarryOutErasure: Sendable {
    static func decide(_ erasure: Erasure?, by staff: StaffID) throws(ErasureRefusal) -> Erasure {
        guard let erasure else { throw .noPlan }
        switch erasure.state {
        case .planned: throw .notApproved
        case .approved: break
        case .partial, .done, .dropped: throw .doneAlready
        }
        guard erasure.approvedBy != staff else { throw .ownApproval }
        return erasure
    }

    /// Answers where the erasure stands then: `planned` again when the data had changed since the approval. Throws
    /// `ErasureRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ desk: ErasureDesk, in session: Session) throws -> ErasureState {
        try desk.staff.require(.requestsErase, desk.portal)
        let erasure = try Self.decide(try desk.lock(in: session), by: desk.staff.id)
        let request = try desk.openRequest(in: session)
        if let request {
            guard request.state == .executing else { throw ErasureRefusal.requestUndecided }
            guard request.decidedBy != desk.staff.id else { throw ErasureRefusal.ownApproval }
        }
        let outcome = try session.one(
            ErasureQueries.eraseClient,
            desk.place(erasure.id).merging(["staff": desk.staff.id]) { $1 }
        )
        let state = ErasureState(rawValue: outcome) ?? .planned
        if let request, state != .planned { try desk.finish(request, state, in: session) }
        try desk.record(
            state == .planned ? "client_erasure.changed" : "client_erasure.executed",
            erasure.id,
            facts: state == .planned ? [:] : ["outcome": outcome],
            in: session
        )
        return state
    }
}

/// Gives a plan back to whoever made it, or ends an erasure that was not carried out.
struct ReturnErasure: Sendable {
    let isDropped: Bool

    /// Throws `ErasureRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(_ desk: ErasureDesk, in session: Session) throws {
        let right: Right = isDropped ? .requestsErase : .requestsApproveErasure
        try desk.staff.require(right, desk.portal)
        guard let erasure = try desk.lock(in: session) else { throw ErasureRefusal.noPlan }
        guard erasure.state == .planned || erasure.state == .approved else { throw ErasureRefusal.doneAlready }
        let statement = isDropped ? ErasureQueries.dropErasure : ErasureQueries.returnErasure
        try session.run(statement, desk.place(erasure.id))
        try desk.record(isDropped ? "client_erasure.dropped" : "client_erasure.returned", erasure.id, in: session)
    }
}
