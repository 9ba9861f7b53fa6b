import Access
import DeskKit
import Documents
import Portals
import Postgres

/// Gives a complete application to a second person.
struct SubmitApplication: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case notOpen(ApplicationState)
        case noScan
        case incomplete([FormCheck.Finding])
    }

    let application: ApplicationID

    static func decide(
        _ state: ApplicationState,
        scans: Int,
        findings: [FormCheck.Finding]
    ) throws(Refusal) {
        guard state.isOpen else { throw .notOpen(state) }
        guard findings.isEmpty else { throw .incomplete(findings) }
        guard scans > 0 else { throw .noScan }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(application, in: session)
        let scans = try office.neighbours.documents.scans(of: office.owner(application), in: session)
        try Self.decide(found.state, scans: scans.count, findings: found.check.findings)
        let place: Parameters = ["portal": office.portal.id, "id": application]
        try session.run(OnboardingQueries.submitApplication, place.merging(["staff": office.staff.id]) { $1 })
        try session.run(OnboardingQueries.settleRemarks, place)
        let seen = found.plan.checklist.map(\.rawValue).joined(separator: ", ")
        try office.record(
            "application.submitted",
            on: application,
            facts: ["seen": seen, "scans": "\(scans.count)"],
            in: session
        )
    }
}

/// Ends an application that nobody has decided on.
struct WithdrawApplication: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case decided(ApplicationState)
    }

    let application: ApplicationID

    static func decide(_ state: ApplicationState) throws(Refusal) {
        switch state {
        case .draft, .submitted, .returned: return
        case .approved, .activated, .refused, .withdrawn: throw .decided(state)
        }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(application, in: session)
        try Self.decide(found.state)
        try session.run(
            OnboardingQueries.closeApplication,
            ["portal": office.portal.id, "id": application, "state": ApplicationState.withdrawn]
        )
        try office.record("application.withdrawn", on: application, in: session)
    }
}
