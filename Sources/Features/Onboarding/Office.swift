import Access
import Audit
import DeskKit
import Documents
import Portals
import Postgres

/// One thing that a member of staff does to an application.
protocol OnboardingCommand: StaffCommand where Room == Office {}

/// What commands need beside the session: who acts, at which portal, and the neighbours.
struct Office: StaffOffice {
    let portal: PortalProfile
    let staff: StaffContext
    let neighbours: Neighbours
    /// The number under which the request stands in the log.
    let reference: String?

    struct Neighbours: Sendable {
        let audit: AuditTrail
        let documents: DocumentsService
        let codes: any CompanyCodes
        let clients: any ActivatesClients
        let accounts: any ActivatesAccounts
    }

    /// The application as it stands; nil where this portal has none of this number.
    func find(_ id: ApplicationID, in session: Session) throws -> PaperApplication? {
        let row = try session.first(OnboardingQueries.findApplication, ["portal": portal.id, "id": id])
        return try row.map { try PaperApplication(row: $0, portal: portal) }
    }

    /// The same, kept from everybody else until the transaction ends. What was typed so far gets its line of the trail,
    /// unless more is about to be typed. Throws `NoSuchApplication`.
    func lock(_ id: ApplicationID, keepsTyping: Bool = false, in session: Session) throws -> PaperApplication {
        let place: Parameters = ["portal": portal.id, "id": id]
        guard try session.first(OnboardingQueries.lockApplication, place) != nil, let found = try find(id, in: session)
        else { throw NoSuchApplication() }
        if !keepsTyping { try settleTyping(found, in: session) }
        return found
    }

    /// Puts fields that saved themselves to those that the same person changed in the last minutes; a line says when
    /// they began.
    func noteTyping(_ fields: [String], into found: PaperApplication, in session: Session) throws {
        let goesOn = found.row.typedBy == staff.id && found.row.typedLately
        if !goesOn {
            try settleTyping(found, in: session)
            try record("application.typed", on: found.id, in: session)
        }
        let all = Set(fields).union(goesOn ? found.row.typedFields : [])
        try session.run(
            OnboardingQueries.noteTyping,
            ["portal": portal.id, "id": found.id, "staff": staff.id, "fields": all.sorted(), "goes_on": goesOn]
        )
    }

    private func settleTyping(_ found: PaperApplication, in session: Session) throws {
        guard let typist = found.row.typedBy else { return }
        try recordChange(
            found.row.typedFields,
            of: found.id,
            by: .staff(typist, name: found.row.typedByName ?? ""),
            in: session
        )
        try session.run(OnboardingQueries.settleTyping, ["portal": portal.id, "id": found.id])
    }

    func recordChange(
        _ fields: [String],
        of application: ApplicationID,
        by actor: Audit.Actor,
        in session: Session
    ) throws {
        try record(
            "application.changed",
            on: application,
            facts: ["fields": fields.sorted().joined(separator: ", "), "n": "\(fields.count)"],
            by: actor,
            in: session
        )
    }

    func record(
        _ action: String,
        on application: ApplicationID,
        client: ClientID? = nil,
        facts: [String: String] = [:],
        by actor: Audit.Actor? = nil,
        in session: Session
    ) throws {
        try neighbours.audit.record(
            AuditEvent(
                action,
                portal: portal.id,
                by: actor ?? self.actor,
                on: .application(application),
                client: client,
                facts: facts,
                reference: reference
            ),
            in: session
        )
    }

    func save(_ answers: Answers, of application: PaperApplication, in session: Session) throws -> Int {
        try session.one(
            OnboardingQueries.saveForm,
            [
                "portal": portal.id, "id": application.id, "form": try answers.json(), "staff": staff.id,
                "client_name": String(answers["client.name"].prefix(200)),
            ]
        )
    }

    func owner(_ application: ApplicationID) -> DocumentsService.Owner {
        DocumentsService.Owner(portal: portal.id, kind: "application", id: application.rawValue)
    }
}

/// The portal has no application of this number; answered 404.
struct NoSuchApplication: Error {}
