import Access
import DeskKit
import Portals
import Postgres

/// What came of a call. "Informed" activates the application; "no answer" puts the call off; the rest ends it.
struct RecordCallOutcome: OnboardingCommand {
    static let right = Right.onboardingCall

    enum Refusal: Error, Equatable {
        case nextTimeMissing
        /// Behind us, or more than a month ahead.
        case nextTimeWrong
    }

    let application: ApplicationID
    let outcome: CallOutcome
    let note: String
    /// By the portal's clock; for "no answer" alone.
    let nextAt: CivilDateTime?

    static func decide(_ outcome: CallOutcome, nextAt: CivilDateTime?) throws(Refusal) {
        guard outcome != .noAnswer || nextAt != nil else { throw .nextTimeMissing }
    }

    func run(_ office: Office, in session: Session) throws -> [ActivatedAccount] {
        let (found, call) = try office.lockCall(application, in: session)
        try CallRefusal.decideHeld(call, by: office.staff.id)
        try Self.decide(outcome, nextAt: nextAt)
        let place: Parameters = ["portal": office.portal.id]
        try session.run(
            OnboardingQueries.addCallAttempt,
            place.merging(["call": call.id, "outcome": outcome, "note": note, "staff": office.staff.id]) { $1 }
        )
        try office.record("application.called", on: application, facts: ["outcome": outcome.rawValue], in: session)
        if outcome == .noAnswer {
            try putOff(office, in: session)
            return []
        }
        try session.run(
            OnboardingQueries.finishCall,
            place.merging(["application": application, "outcome": outcome]) { $1 }
        )
        guard outcome == .informed else {
            try session.run(
                OnboardingQueries.closeApplication,
                place.merging(["id": application, "state": ApplicationState.refused]) { $1 }
            )
            try office.record(
                "application.call_ended",
                on: application,
                facts: ["outcome": outcome.rawValue],
                in: session
            )
            return []
        }
        return try office.activate(found, in: session)
    }

    private func putOff(_ office: Office, in session: Session) throws {
        let time: Parameters = ["portal": office.portal.id, "at": nextAt]
        guard try session.one(OnboardingQueries.nextTimeFits, time) else { throw Refusal.nextTimeWrong }
        try session.run(OnboardingQueries.putCallOff, time.merging(["application": application]) { $1 })
    }
}
