import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import Identifiers
import Identity
import JobRunner
import Messaging
import Portals
import Postgres
import Secrets

/// Another phone or e-mail of an account (K5, K19): asked for, approved by a second person, announced to the old
/// contact, which can stop it, and in effect after the portal's wait.
struct ContactChange: Sendable {
    let notices: AccountNotices
    let trail: AccountTrail
    let identity: IdentityService
    let queue: JobQueue
    let links: LookupHash
    let portal: PortalProfile

    /// Who wants what, as it was typed.
    struct Wish: Sendable {
        let account: AccountID
        let kind: ContactKind
        let typed: String
        let today: CivilDate
    }

    /// The value to store.
    static func decide(
        _ wish: Wish,
        _ row: HeldAccount?,
        isInUse: (String) throws -> Bool,
        portal: PortalProfile
    ) throws -> String {
        guard let row else { throw ContactRefusal.gone }
        guard row.state != .closed else { throw ContactRefusal.closed }
        guard !row.hasIncident else { throw ContactRefusal.incidentOpen }
        guard let value = wish.kind.normalized(wish.typed, portal: portal, today: wish.today) else {
            throw ContactRefusal.malformed
        }
        let old = wish.kind == .phone ? row.phone : row.email
        guard old?.lowercased() != value.lowercased() else { throw ContactRefusal.same }
        guard try !isInUse(value) else { throw ContactRefusal.inUse }
        return value
    }

    /// Staff ask. Throws `ContactRefusal`, `PostgresError`.
    func ask(
        _ wish: Wish,
        reason: ActionReason,
        note: String?,
        by staff: StaffID,
        _ actor: Actor,
        in session: Session
    ) throws {
        let (row, value) = try checked(wish, in: session)
        let needed = portal.rules.callerRules.strengths.contact
        let proof = try identity.standing(client: nil, account: wish.account, portal: portal.id, in: session)
        guard let proof, proof.strength >= needed else { throw ContactRefusal.notVerified(needed) }
        let clients = try clients(of: wish.account, in: session)
        let id = try session.first(
            AccountsQueries.askContact,
            [
                "portal": portal.id, "account": wish.account, "client": clients.first?.rawValue, "kind": wish.kind,
                "old_value": wish.kind == .phone ? row.phone : row.email, "new_value": value,
                "reason": reason.rawValue, "verification": proof.id, "staff": staff,
            ]
        )
        guard id != nil else { throw ContactRefusal.alreadyOpen }
        try record(
            "account.contact_asked",
            wish.account,
            wish.kind,
            clients,
            actor,
            ["reason": reason.rawValue, "verification": proof.id.description],
            ["new": value].merging(note.map { ["note": $0] } ?? [:]) { $1 },
            in: session
        )
    }

    /// The client asks, signed in (K19). Throws `ContactRefusal`, `PostgresError`.
    func askOneself(_ wish: Wish, in session: Session) throws {
        let (row, value) = try checked(wish, in: session)
        let clients = try clients(of: wish.account, in: session)
        let token = SecureRandom.token()
        let asked = try session.first(
            AccountsQueries.askContactOneself,
            [
                "portal": portal.id, "account": wish.account, "client": clients.first?.rawValue, "kind": wish.kind,
                "old_value": wish.kind == .phone ? row.phone : row.email, "new_value": value,
                "stop_hash": links.hash(token, scope: portal.id.description),
                "hours": portal.rules.callerRules.contactChangeHours,
            ]
        )
        guard let asked else { throw ContactRefusal.alreadyOpen }
        try record(
            "account.contact_asked",
            wish.account,
            wish.kind,
            clients,
            .account(wish.account),
            ["reason": "client"],
            ["new": value],
            in: session
        )
        try announce(asked.id, wish.kind, value, row.holder(clients.first), token, in: session)
        try schedule(asked.id, at: asked.effectiveAt, in: session)
    }

    /// The second person's word. Throws `ContactRefusal`, `PostgresError`.
    func approve(_ id: Int64, by staff: StaffID, _ actor: Actor, in session: Session) throws {
        let change = try held(id, in: session)
        guard change.state == .asked else { throw ContactRefusal.settled }
        guard change.askedBy != staff else { throw ContactRefusal.ownWork }
        guard let row = try session.first(AccountsQueries.hold, ["portal": portal.id, "account": change.accountID]),
            row.state != .closed
        else { throw ContactRefusal.closed }
        let token = SecureRandom.token()
        let effective = try session.first(
            AccountsQueries.approveContact,
            [
                "portal": portal.id, "change": id, "staff": staff,
                "stop_hash": links.hash(token, scope: portal.id.description),
                "hours": portal.rules.callerRules.contactChangeHours,
            ]
        )
        guard let effective else { throw ContactRefusal.settled }
        let clients = try clients(of: change.accountID, in: session)
        try record("account.contact_approved", change.accountID, change.kind, clients, actor, in: session)
        try announce(id, change.kind, change.newValue, row.holder(clients.first), token, in: session)
        try schedule(id, at: effective, in: session)
    }

    /// The second person declines. Throws `ContactRefusal`, `PostgresError`.
    func decline(_ id: Int64, by staff: StaffID, _ actor: Actor, in session: Session) throws {
        let change = try held(id, in: session)
        guard change.state == .asked else { throw ContactRefusal.settled }
        guard change.askedBy != staff else { throw ContactRefusal.ownWork }
        let place: Parameters = ["portal": portal.id, "change": id]
        guard try session.run(AccountsQueries.declineContact, place.merging(["staff": staff]) { $1 }) == 1 else {
            throw ContactRefusal.settled
        }
        let clients = try clients(of: change.accountID, in: session)
        try record("account.contact_declined", change.accountID, change.kind, clients, actor, in: session)
    }

    /// Staff take it back, or hear from the old contact that nobody asked. Throws `ContactRefusal`, `PostgresError`.
    func stop(_ id: Int64, by actor: Actor, in session: Session) throws {
        let change = try held(id, in: session)
        guard change.state == .asked || change.state == .waiting else { throw ContactRefusal.settled }
        try stop(change, by: actor, facts: ["by": "staff"], in: session)
    }

    /// The link of the letter to the old contact; false for a link that is none, or came too late. Throws
    /// `PostgresError`.
    func stop(token: String, in session: Session) throws -> Bool {
        guard (20...100).contains(token.utf8.count) else { return false }
        for hash in links.candidates(token, scope: portal.id.description) {
            let place: Parameters = ["portal": portal.id, "stop_hash": hash]
            guard let change = try session.first(AccountsQueries.contactOfStopLink, place) else { continue }
            try stop(change, by: .account(change.accountID), facts: ["by": "old_contact"], in: session)
            return true
        }
        return false
    }

    private func stop(_ change: ContactRow, by actor: Actor, facts: [String: String], in session: Session) throws {
        guard try session.run(AccountsQueries.stopContact, ["portal": portal.id, "change": change.id]) == 1 else {
            throw ContactRefusal.settled
        }
        let clients = try clients(of: change.accountID, in: session)
        try record("account.contact_stopped", change.accountID, change.kind, clients, actor, facts, in: session)
    }

    // MARK: shared steps

    private func checked(_ wish: Wish, in session: Session) throws -> (HeldAccount, String) {
        let row = try session.first(AccountsQueries.hold, ["portal": portal.id, "account": wish.account])
        let value = try Self.decide(
            wish,
            row,
            isInUse: { value in
                try session.one(
                    AccountsQueries.contactIsInUse,
                    [
                        "portal": portal.id, "account": wish.account, "kind": wish.kind, "value": value,
                        "login": wish.kind.login(value, portal: portal) ?? value,
                    ]
                )
            },
            portal: portal
        )
        guard let row else { throw ContactRefusal.gone }
        return (row, value)
    }

    private func held(_ id: Int64, in session: Session) throws -> ContactRow {
        guard let change = try session.first(AccountsQueries.holdContact, ["portal": portal.id, "change": id]) else {
            throw ContactRefusal.gone
        }
        return change
    }

    private func clients(of account: AccountID, in session: Session) throws -> [ClientID] {
        try session.all(AccountsQueries.accessesOfAccount, ["portal": portal.id, "account": account]).map(\.clientID)
    }

    /// To every contact that the account has now, the one that goes among them.
    private func announce(
        _ id: Int64,
        _ kind: ContactKind,
        _ value: String,
        _ holder: AccountNotices.Holder,
        _ token: String,
        in session: Session
    ) throws {
        let when = try session.one(AccountsQueries.contactEffective, ["portal": portal.id, "change": id])
        for recipient in holder.everywhere {
            try notices.send(
                kind: "accounts.contact_change",
                to: recipient,
                of: holder,
                portal: portal,
                values: [
                    "hint": kind.identifier.masked(value), "when": notices.words(holder.language).dateTime(when),
                    "link": "\(portal.rules.callerRules.portalURL)/stop/\(token)",
                ],
                secret: true,
                in: session
            )
        }
    }

    private func schedule(_ id: Int64, at effective: Date, in session: Session) throws {
        try queue.enqueue(
            ApplyContactChange.self,
            portal: portal.id,
            payload: ApplyContactChange.Order(change: id),
            uniqueKey: "\(id)",
            runAt: effective,
            in: session
        )
    }

    private func record(
        _ action: String,
        _ account: AccountID,
        _ kind: ContactKind,
        _ clients: [ClientID],
        _ actor: Actor,
        _ facts: [String: String] = [:],
        _ personal: [String: String] = [:],
        in session: Session
    ) throws {
        try trail.record(
            action,
            of: account,
            clients: clients,
            portal: portal.id,
            by: actor,
            facts: facts.merging(["kind": kind.rawValue]) { $1 },
            personal: personal,
            in: session
        )
    }
}
