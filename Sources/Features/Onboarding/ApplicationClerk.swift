package import Access
package import DeskKit
package import Documents
package import Portals
package import Postgres

/// One member of staff at the desk of one portal, doing what the pages do, without a request: for the demo. Each act is
/// the pages' own command, checked for its right, decided, written and recorded the same way.
package struct ApplicationClerk: Sendable {
    private let office: Office

    package init(_ feature: OnboardingFeature, portal: PortalProfile, staff: StaffContext) {
        office = Office(portal: portal, staff: staff, neighbours: feature.neighbours, reference: nil)
    }

    /// Throws `AccessDenied`, the command's refusal, or `PostgresError`, as every act does.
    package func open(_ kind: ApplicationKind, in session: Session) throws -> ApplicationID {
        try run(OpenApplication(kind: kind), session)
    }

    /// Types into a form of so many portal users, field by field ("client.name", "user.2.login").
    package func fill(_ id: ApplicationID, _ fields: [String: String], users: Int, in session: Session) throws {
        for _ in 1..<max(1, users) { try run(ChangeParts(application: id, change: .add(.user)), session) }
        let found = try office.lock(id, in: session)
        // The kind of client decides which other fields there are.
        for kindFirst in [true, false] {
            let changes = fields.filter { ($0.key == "client.kind") == kindFirst }.sorted { $0.key < $1.key }
                .map { SaveDraft.Change(field: $0.key, was: found.answers[$0.key], now: $0.value) }
            try run(SaveDraft(application: id, changes: changes), session)
        }
    }

    package func attach(_ scan: PreparedScan, to id: ApplicationID, in session: Session) throws {
        try run(UploadScan(application: id, scan: scan), session)
    }

    package func submit(_ id: ApplicationID, in session: Session) throws {
        try run(SubmitApplication(application: id), session)
    }

    package func withdraw(_ id: ApplicationID, in session: Session) throws {
        try run(WithdrawApplication(application: id), session)
    }

    package func approve(_ id: ApplicationID, in session: Session) throws {
        try run(ApproveApplication(application: id), session)
    }

    /// Sends it back; a remark is a field, a reason's code ("unreadable") and a note.
    package func giveBack(
        _ id: ApplicationID,
        _ remarks: [(field: String, reason: String, note: String)],
        in session: Session
    ) throws {
        let drafts = remarks.map {
            RemarkDraft(field: $0.field, reason: ReturnReason(rawValue: $0.reason) ?? .other, note: $0.note)
        }
        try run(ReturnApplication(application: id, remarks: drafts), session)
    }

    package func refuse(_ id: ApplicationID, reason: String, note: String, in session: Session) throws {
        let reason = ReturnReason(rawValue: reason) ?? .other
        try run(RefuseApplication(application: id, reason: reason, note: note), session)
    }

    /// Takes the call and reaches the client, who is told everything: the application becomes active. Answers the
    /// company code where the portal has one.
    package func inform(
        _ id: ApplicationID,
        in session: Session
    ) throws -> (accounts: [ActivatedAccount], companyCode: Redacted<String>?) {
        try run(TakeCall(application: id), session)
        let hasCode = office.portal.rules.loginKind == .companyCode
        let code = hasCode ? try run(RevealCompanyCode(application: id), session) : nil
        let told = RecordCallOutcome(application: id, outcome: .informed, note: "", nextAt: nil)
        return (try run(told, session), code)
    }

    /// Takes the call and reaches nobody.
    package func missCall(_ id: ApplicationID, note: String, in session: Session) throws {
        try run(TakeCall(application: id), session)
        let row = try office.lock(id, in: session).row
        let tomorrow = row.today.adding(days: 1).flatMap { CivilDateTime(iso: "\($0.iso) 10:15:00") }
        _ = try run(
            RecordCallOutcome(application: id, outcome: .noAnswer, note: note, nextAt: tomorrow),
            session
        )
    }

    package func activateAtCounter(_ id: ApplicationID, in session: Session) throws -> [ActivatedAccount] {
        try run(ActivateAtCounter(application: id, isClientPresent: true), session)
    }

    /// Whether the portal has any application.
    package func hasApplications(in session: Session) throws -> Bool {
        try office.staff.require(.onboardingView, office.portal.id)
        return try session.one(OnboardingQueries.hasApplications, ["portal": office.portal.id])
    }

    @discardableResult
    private func run<Command: OnboardingCommand>(_ command: Command, _ session: Session) throws -> Command.Outcome {
        try office.staff.require(Command.right, office.portal.id)
        return try command.run(office, in: session)
    }
}
