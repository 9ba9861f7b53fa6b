import Access
import DeskKit
import Portals
import Postgres

/// Activates an approved application of the kind `office` (A1): the client stands at the counter, and there is neither
/// a call nor a company code.
struct ActivateAtCounter: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case otherKind
        case notApproved(ApplicationState)
        case clientAbsent
    }

    let application: ApplicationID
    /// The one who acts confirms it with a tick.
    let isClientPresent: Bool

    static func decide(
        _ kind: ApplicationKind,
        _ state: ApplicationState,
        isClientPresent: Bool
    ) throws(Refusal) {
        guard kind == .office else { throw .otherKind }
        guard state == .approved else { throw .notApproved(state) }
        guard isClientPresent else { throw .clientAbsent }
    }

    func run(_ office: Office, in session: Session) throws -> [ActivatedAccount] {
        let found = try office.lock(application, in: session)
        try Self.decide(found.kind, found.state, isClientPresent: isClientPresent)
        return try office.activate(found, in: session)
    }
}

/// An application that was complete when it was submitted is not any more, which only a changed profile can bring
/// about.
struct ProfileChanged: Error {}

extension Office {
    /// Client, accounts, accesses, codes: all of it or nothing. Throws `ActivationRefusal`.
    func activate(_ application: PaperApplication, in session: Session) throws -> [ActivatedAccount] {
        let draft = Drafting(check: application.check, application: application.id)
        guard let client = draft.client, let users = draft.users else { throw ProfileChanged() }
        let clientID = try neighbours.clients.adoptOrCreate(client, by: actor, in: session)
        try session.run(
            OnboardingQueries.activateApplication,
            ["portal": portal.id, "id": application.id, "client": clientID, "staff": staff.id]
        )
        let accounts = try neighbours.accounts.activate(
            users,
            client: clientID,
            application: application.id,
            portal: portal.id,
            by: actor,
            in: session
        )
        try record(
            "application.activated",
            on: application.id,
            client: clientID,
            facts: ["n": "\(accounts.count)"],
            in: session
        )
        return accounts
    }
}
