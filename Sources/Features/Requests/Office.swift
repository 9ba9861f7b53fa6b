import Access
import Audit
import DeskKit
import Documents
import JobRunner
import Portals
import Postgres

/// One thing that a member of staff does to a request.
protocol RequestCommand: StaffCommand where Room == Office {}

/// What commands need beside the session: who acts, at which portal, and what the room is made of.
struct Office: StaffOffice {
    let portal: PortalProfile
    let staff: StaffContext
    let book: RequestBook
    let documents: DocumentsService
    /// The number under which the request to the console stands in the log.
    let reference: String?

    var act: RequestAct { RequestAct(portal: portal, actor: actor, book: book, reference: reference) }

    /// Whether the staff may take any step with requests here; whoever only reads may not hold one either.
    var mayWork: Bool {
        [Right.requestsHandle, .requestsDecide, .requestsExecute].contains { staff.may($0, portal.id) }
    }

    func requireWork() throws(AccessDenied) {
        guard mayWork else { throw AccessDenied(.forbidden, right: .requestsHandle, portal: portal.id) }
    }

    func find(_ id: ClientRequestID, in session: Session) throws -> ClientRequest? {
        try book.find(id, portal: portal.id, in: session)
    }

    /// Throws `NoSuchRequest`.
    func lock(_ id: ClientRequestID, in session: Session) throws -> ClientRequest {
        try book.lock(id, portal: portal.id, in: session)
    }

    func record(
        _ action: String,
        on request: ClientRequest,
        facts: [String: String] = [:],
        personal: [String: String] = [:],
        in session: Session
    ) throws {
        try book.record(
            action,
            on: request,
            by: actor,
            facts: facts,
            personal: personal,
            reference: reference,
            in: session
        )
    }

    func place(_ request: ClientRequest) -> Parameters { ["portal": portal.id, "id": request.id] }
}

/// Why a step cannot be taken now, for all commands of the shell.
enum RequestRefusal: Error, Equatable {
    /// It stands elsewhere: somebody was quicker, or the page is old.
    case notThere(RequestState)
    case heldBy(String)
    case ownProposal
    case ownDecision
    case noteMissing
    case wrongReason
    case obstacles([Obstacle])
    case identityMissing
    case identityTooWeak(VerificationStrength)
    /// A copy of the data is granted, and none was uploaded.
    case copyMissing
    /// Nothing was sent, and nobody says when it was posted.
    case letterNotSent
    /// The day of posting is none, lies ahead, or before the request came.
    case postedDay
    case textTooLong(Int)
    /// Nothing is chosen yet that leads to a letter, or none is written.
    case noLetter
    case noExtension
    case extendedBefore
    case tooLate
    case noDecisionHere
    case needsDecision
    case noSuchOriginal
    /// The day is not ahead, or lies behind the date of the answer.
    case snoozeDay
}
