import Access
import DeskKit
import Portals
import Postgres

/// Takes a call for half an hour, or for another half hour by the same person; one holder at a time.
struct TakeCall: OnboardingCommand {
    static let right = Right.onboardingCall

    let application: ApplicationID

    static func decide(_ call: CallRow, by staff: StaffID) throws(CallRefusal) {
        guard call.state != .done else { throw .done }
        guard !call.isHeld || call.heldBy == staff else {
            throw .heldByOther(name: call.heldByName ?? "", until: call.heldUntil)
        }
    }

    func run(_ office: Office, in session: Session) throws {
        let (_, call) = try office.lockCall(application, in: session)
        try Self.decide(call, by: office.staff.id)
        try session.run(
            OnboardingQueries.holdCall,
            ["portal": office.portal.id, "application": application, "staff": office.staff.id]
        )
        try office.record("application.call_taken", on: application, in: session)
    }
}

/// Shows the company code to the one who holds the call. The look is recorded first; where that does not commit,
/// nothing is shown.
struct RevealCompanyCode: OnboardingCommand {
    static let right = Right.onboardingCall

    let application: ApplicationID

    func run(_ office: Office, in session: Session) throws -> Redacted<String> {
        let (_, call) = try office.lockCall(application, in: session)
        try CallRefusal.decideHeld(call, by: office.staff.id)
        guard office.portal.rules.loginKind == .companyCode else { throw CallRefusal.noCode }
        try office.record("application.code_revealed", on: application, in: session)
        return try office.neighbours.codes.reveal(application, portal: office.portal.id, in: session)
    }
}
