import Audit
import DeskKit
import Identity
import Portals
import Postgres

/// What keeps an access from being given or taken.
enum AccessRefusal: Error, Hashable, Sendable {
    case gone, closed
    /// A threat is suspected: whoever asks may be the one who is suspected.
    case incidentOpen
    /// No client of this portal bears the number.
    case noClient
    case rightsMissing
    case hasAccess
    case hasNoAccess
    case notVerified(VerificationStrength)

    var code: String {
        switch self {
        case .gone: "gone"
        case .closed: "closed"
        case .incidentOpen: "incident_open"
        case .noClient: "no_client"
        case .rightsMissing: "rights_missing"
        case .hasAccess: "has_access"
        case .hasNoAccess: "has_no_access"
        case .notVerified: "not_verified"
        }
    }
}

/// Gives an account the right to act for a client, or takes it (M4, L8).
struct ChangeAccess: Sendable {
    let notices: AccountNotices
    let trail: AccountTrail
    let identity: IdentityService
    let portal: PortalProfile
    let actor: Actor

    /// Throws `AccessRefusal`, `PostgresError`.
    func give(
        _ account: AccountID,
        clientNumber: String,
        rights: [UserRight],
        reason: ActionReason,
        in session: Session
    ) throws {
        let (row, proof) = try held(account, in: session)
        guard
            let client = try session.first(
                AccountsQueries.clientOfNumber,
                ["portal": portal.id, "number": clientNumber]
            )
        else { throw AccessRefusal.noClient }
        guard !rights.isEmpty, rights.allSatisfy(portal.rules.userRights.contains) else {
            throw AccessRefusal.rightsMissing
        }
        let place: Parameters = ["portal": portal.id, "account": account, "client": client.clientID]
        guard try !session.one(AccountsQueries.hasAccess, place) else { throw AccessRefusal.hasAccess }
        try session.run(AccountsQueries.addAccess, place.merging(["rights": rights.map(\.rawValue)]) { $1 })
        try session.run(AccountsQueries.touch, ["portal": portal.id, "account": account])
        let facts = [
            "rights": rights.map(\.rawValue).joined(separator: ", "), "reason": reason.rawValue,
            "verification": proof.description,
        ]
        try record(action: "access.given", account, client.clientID, facts, in: session)
        try tell(kind: "accounts.access_given", row, client, in: session)
    }

    /// Throws `AccessRefusal`, `PostgresError`.
    func take(_ account: AccountID, client: ClientID, reason: ActionReason, in session: Session) throws {
        let (row, proof) = try held(account, in: session)
        let place: Parameters = ["portal": portal.id, "account": account, "client": client]
        let name = try session.first(AccountsQueries.clientName, ["portal": portal.id, "client": client])
        guard try session.run(AccountsQueries.endAccess, place) == 1, let name else { throw AccessRefusal.hasNoAccess }
        try session.run(AccountsQueries.touch, ["portal": portal.id, "account": account])
        try session.run(AccountsQueries.endSessionsOfAccount, ["portal": portal.id, "account": account])
        let facts = ["reason": reason.rawValue, "verification": proof.description]
        try record(action: "access.taken", account, client, facts, in: session)
        try tell(kind: "accounts.access_taken", row, NamedClient(clientID: client, name: name), in: session)
    }

    private func held(_ account: AccountID, in session: Session) throws -> (HeldAccount, VerificationID) {
        guard let row = try session.first(AccountsQueries.hold, ["portal": portal.id, "account": account]) else {
            throw AccessRefusal.gone
        }
        guard row.state != .closed else { throw AccessRefusal.closed }
        guard !row.hasIncident else { throw AccessRefusal.incidentOpen }
        let needed = portal.rules.callerRules.strengths.access
        let proof = try identity.standing(client: nil, account: account, portal: portal.id, in: session)
        guard let proof, proof.strength >= needed else { throw AccessRefusal.notVerified(needed) }
        return (row, proof.id)
    }

    private func record(
        action: String,
        _ account: AccountID,
        _ client: ClientID,
        _ facts: [String: String],
        in session: Session
    ) throws {
        try trail.record(
            action,
            of: account,
            clients: [client],
            portal: portal.id,
            by: actor,
            facts: facts,
            in: session
        )
    }

    private func tell(kind: String, _ row: HeldAccount, _ client: NamedClient, in session: Session) throws {
        let holder = row.holder(client.clientID)
        guard let recipient = holder.recipient else { return }
        try notices.send(
            kind: kind,
            to: recipient,
            of: holder,
            portal: portal,
            values: ["client": client.name],
            in: session
        )
    }
}
