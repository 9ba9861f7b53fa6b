import Access
import Audit
import DeskKit
import Documents
import FoundationEssentials
import Portals
import Postgres

/// One thing that a member of staff does to an application: checked for its right, decided, written and recorded in one
/// transaction.
protocol OnboardingCommand: Sendable {
    associatedtype Outcome: Sendable
    static var right: Right { get }
    func run(_ office: Office, in session: Session) throws -> Outcome
}

/// What commands need beside the session: who acts, at which portal, and the neighbours.
struct Office: Sendable {
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

    var actor: Audit.Actor { .staff(staff.id, name: staff.name) }

    /// Runs a command. Throws `AccessDenied`, the command's refusal, or `PostgresError`.
    func perform<Command: OnboardingCommand>(
        _ command: Command,
        _ database: Database
    ) async throws -> Command.Outcome {
        let scope = try staff.scope(Command.right, portal.id)
        return try await database.transaction(scope) { session in
            try command.run(self, in: session)
        }
    }

    /// The application as it stands; nil where this portal has none of this number.
    func find(_ id: ApplicationID, in session: Session) throws -> PaperApplication? {
        let row = try session.first(OnboardingQueries.findApplication, ["portal": portal.id, "id": id])
        return try row.map { try PaperApplication(row: $0, portal: portal) }
    }

    /// The same, kept from everybody else until the transaction ends. Throws `NoSuchApplication`.
    func lock(_ id: ApplicationID, in session: Session) throws -> PaperApplication {
        let place: Parameters = ["portal": portal.id, "id": id]
        guard try session.first(OnboardingQueries.lockApplication, place) != nil, let found = try find(id, in: session)
        else { throw NoSuchApplication() }
        return found
    }

    func record(
        _ action: String,
        on application: ApplicationID,
        client: ClientID? = nil,
        facts: [String: String] = [:],
        in session: Session
    ) throws {
        try neighbours.audit.record(
            AuditEvent(
                action,
                portal: portal.id,
                by: actor,
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
                "portal": portal.id, "id": application.id, "form": try answers.json, "staff": staff.id,
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

extension Answers {
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
