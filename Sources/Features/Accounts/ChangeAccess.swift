import Audit
import DeskKit
import Identity
import Portals
import Postgres

/// What keeps an access from being given or taken.
enum AccessRefusal: Error, Hashable, Sendable {
    case gone, closed
    /// Somebody was quicker: the page shows an older state.
    case changedMeanwhile
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
        case .changedMeanwhile: "changed_meanwhile"
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
    struct Order: Sendable {
        let account: AccountID
        /// The version that the page showed.
        let version: Int
        let reason: ActionReason
        let note: String?
    }

    let notices: AccountNotices
    let trail: AccountTrail
    let identity: IdentityService
    let portal: PortalProfile
    let actor: Actor

    /// Throws `AccessRefusal`, `PostgresError`.
    func give(_ order: Order, clientNumber: String, rights: [UserRight], in session: Session) throws {
        let (row, proof) = try held(order, in: session)
        guard
            let client = try session.first(
                AccountsQueries.clientOfNumber,
                ["portal": portal.id, "number": clientNumber]
            )
        else { throw AccessRefusal.noClient }
        guard !rights.isEmpty, rights.allSatisfy(portal.rules.userRights.contains) else {
            throw AccessRefusal.rightsMissing
        }
        let place: Parameters = ["portal": portal.id, "account": row.id, "client": client.clientID]
        guard try !session.one(AccountsQueries.hasAccess, place) else { throw AccessRefusal.hasAccess }
        try session.run(AccountsQueries.addAccess, place.merging(["rights": rights.map(\.rawValue)]) { $1 })
        try session.run(AccountsQueries.touch, ["portal": portal.id, "account": row.id])
        let facts = ["rights": rights.map(\.rawValue).joined(separator: ", "), "verification": proof.description]
        try record(action: "access.given", order, client.clientID, facts, in: session)
        try tell(kind: "accounts.access_given", row, client, in: session)
        try tellClient(row, client, in: session)
    }

    /// Throws `AccessRefusal`, `PostgresError`.
    func take(_ order: Order, client: ClientID, in session: Session) throws {
        let (row, proof) = try held(order, in: session)
        let place: Parameters = ["portal": portal.id, "account": row.id, "client": client]
        let name = try session.first(AccountsQueries.clientName, ["portal": portal.id, "client": client])
        guard try session.run(AccountsQueries.endAccess, place) == 1, let name else { throw AccessRefusal.hasNoAccess }
        try session.run(AccountsQueries.touch, ["portal": portal.id, "account": row.id])
        try session.run(AccountsQueries.endSessionsOfAccount, ["portal": portal.id, "account": row.id])
        try record(action: "access.taken", order, client, ["verification": proof.description], in: session)
        try tell(kind: "accounts.access_taken", row, NamedClient(clientID: client, name: name), in: session)
    }

    private func held(_ order: Order, in session: Session) throws -> (HeldAccount, VerificationID) {
        let place: Parameters = ["portal": portal.id, "account": order.account]
        guard let row = try session.first(AccountsQueries.hold, place) else { throw AccessRefusal.gone }
        guard row.state != .closed else { throw AccessRefusal.closed }
        guard row.version == order.version else { throw AccessRefusal.changedMeanwhile }
        guard !row.hasIncident else { throw AccessRefusal.incidentOpen }
        let needed = portal.rules.callerRules.strengths.access
        let proof = try identity.standing(client: nil, account: row.id, portal: portal.id, in: session)
        guard let proof, proof.strength >= needed else { throw AccessRefusal.notVerified(needed) }
        return (row, proof.id)
    }

    private func record(
        action: String,
        _ order: Order,
        _ client: ClientID,
        _ facts: [String: String],
        in session: Session
    ) throws {
        try trail.record(
            action,
            of: order.account,
            clients: [client],
            portal: portal.id,
            by: actor,
            facts: facts.merging(["reason": order.reason.rawValue]) { $1 },
            personal: order.note.map { ["note": $0] } ?? [:],
            in: session
        )
    }

    /// Whoever is acted for hears of it too, at the contacts that are trusted and not the account's own.
    private func tellClient(_ row: HeldAccount, _ client: NamedClient, in session: Session) throws {
        let place: Parameters = ["portal": portal.id, "client": client.clientID]
        guard let contact = try session.first(AccountsQueries.contactOfClient, place) else { return }
        let places = [Recipient(phone: contact.phone, email: nil), Recipient(phone: nil, email: contact.email)]
        for recipient in places.compactMap({ $0 }) where ![row.phone, row.email].contains(recipient.value) {
            try notices.sendToClient(
                kind: "accounts.access_of_client",
                to: recipient,
                client,
                of: row.id,
                language: contact.language,
                portal: portal,
                values: ["client": client.name, "login": portal.rules.loginKind.masked(row.login)],
                in: session
            )
        }
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
