import DeskKit
import Portals
import Postgres

/// A row of `call_task`; times are the portal's, and whether a hold still stands is the database's to say.
struct CallRow: Decodable, Sendable {
    let id: CallID
    let applicationID: ApplicationID
    let state: CallState
    let outcome: String?
    let heldBy: StaffID?
    let heldByName: String?
    let heldUntil: CivilDateTime?
    let isHeld: Bool
    let isDue: Bool
    let nextAt: CivilDateTime

    func isHeld(by staff: StaffID) -> Bool { isHeld && heldBy == staff }
}

enum CallState: String, Codable, CaseIterable, Sendable { case open, held, done }

/// What came of a call.
enum CallOutcome: String, Codable, CaseIterable, Sendable, PostgresValue {
    case informed
    case noAnswer = "no_answer"
    case wrongPerson = "wrong_person"
    case refused
}

struct CallAttempt: Decodable, Sendable {
    let attempt: Int
    let outcome: CallOutcome
    let note: String
    let madeBy: String
    let madeAt: CivilDateTime
}

struct CallLine: Decodable, Sendable {
    let portalID: PortalID
    let id: CallID
    let applicationID: ApplicationID
    let clientName: String
    let heldByName: String?
    let heldBy: StaffID?
    let isHeld: Bool
    let isDue: Bool
    let nextAt: CivilDateTime
    /// The due instant exactly, where the next page begins.
    let edge: String
    let hereAndNow: CivilDateTime
    let attempts: Int
}

/// Why a call cannot be taken or worked on.
enum CallRefusal: Error, Equatable {
    case noCall
    case done
    case heldByOther(name: String, until: CivilDateTime?)
    /// Never taken, or the half hour is over.
    case notHeld
    case noCode

    /// Whoever works on a call holds it.
    static func decideHeld(_ call: CallRow, by staff: StaffID) throws(CallRefusal) {
        guard call.state != .done else { throw .done }
        guard call.isHeld else { throw .notHeld }
        guard call.heldBy == staff else {
            throw .heldByOther(name: call.heldByName ?? "", until: call.heldUntil)
        }
    }
}

extension Office {
    func findCall(_ application: ApplicationID, in session: Session) throws -> CallRow? {
        try session.first(OnboardingQueries.findCall, ["portal": portal.id, "application": application])
    }

    /// The application and its call, kept from everybody else until the transaction ends.
    func lockCall(
        _ application: ApplicationID,
        in session: Session
    ) throws -> (application: PaperApplication, call: CallRow) {
        let found = try lock(application, in: session)
        let place: Parameters = ["portal": portal.id, "application": application]
        guard try session.first(OnboardingQueries.lockCall, place) != nil,
            let call = try findCall(application, in: session)
        else { throw CallRefusal.noCall }
        return (found, call)
    }
}
