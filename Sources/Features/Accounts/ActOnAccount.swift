import Access
import Audit
import DeskKit
import Identity
import Messaging
import Portals
import Postgres

/// One action of staff on one account: decided on the row as it is held, done, written down and told to the client in
/// one transaction.
struct ActOnAccount: Sendable {
    struct Order: Sendable {
        let account: AccountID
        let action: AccountAction
        /// The version that the page showed.
        let version: Int
        let reason: ActionReason
        let note: String?
    }

    let notices: AccountNotices
    let trail: AccountTrail
    let letters: SecretLetters
    let identity: IdentityService
    let portal: PortalProfile
    let staff: StaffID
    let actor: Actor

    /// What stands in the way, before anything is done.
    static func decide(
        _ order: Order,
        _ row: HeldAccount?,
        isVerified: Bool,
        _ rules: CallerRules
    ) throws(ActionRefusal) -> HeldAccount {
        guard let row else { throw .gone }
        guard row.state != .closed else { throw .closed }
        guard row.version == order.version else { throw .changedMeanwhile }
        if order.reason == .other, order.note == nil { throw .noteMissing }
        switch order.action {
        case .lock where row.state == .locked, .temporaryPassword where row.state == .locked,
            .activationLink where row.state == .locked, .unlock where row.state != .locked && !row.isWaiting:
            throw .wrongState(row.state)
        case .unlock where row.hasIncident: throw .incidentOpen
        case .threat where row.hasIncident: throw .incidentOpen
        // A link gives whoever has a password a new one just the same (M11); the first one is the activation's.
        case .temporaryPassword where rules.temporaryPasswordNeedsSMSOption && !row.smsPassword,
            .activationLink where rules.temporaryPasswordNeedsSMSOption && !row.smsPassword && row.state == .active:
            throw .noSMSOption
        case .temporaryPassword where row.holder(nil).recipient == nil,
            .activationLink where row.holder(nil).recipient == nil:
            throw .nowhereToSend
        default: break
        }
        if let needed = order.action.strength(rules), !isVerified { throw .notVerified(needed) }
        return row
    }

    /// Throws `ActionRefusal`, `PostgresError`.
    func callAsFunction(_ order: Order, in session: Session) throws {
        let rules = portal.rules.callerRules
        let place: Parameters = ["portal": portal.id, "account": order.account]
        let held = try session.first(AccountsQueries.hold, place)
        let proof = try order.action.strength(rules).flatMap { needed in
            try identity.standing(client: nil, account: order.account, portal: portal.id, in: session)
                .flatMap { $0.strength >= needed ? $0 : nil }
        }
        let row = try Self.decide(order, held, isVerified: proof != nil, rules)
        let clients = try session.all(AccountsQueries.accessesOfAccount, place).map(\.clientID)
        let holder = row.holder(clients.first)
        var facts = ["reason": order.reason.rawValue]
        if let proof { facts["verification"] = proof.id.description }
        facts.merge(try perform(order, row, holder, in: session)) { $1 }
        try trail.record(
            order.action.event,
            of: order.account,
            clients: clients,
            portal: portal.id,
            by: actor,
            facts: facts,
            personal: order.note.map { ["note": $0] } ?? [:],
            in: session
        )
    }

    /// Answers what the trail says beside the reason.
    private func perform(
        _ order: Order,
        _ row: HeldAccount,
        _ holder: AccountNotices.Holder,
        in session: Session
    ) throws -> [String: String] {
        let place: Parameters = ["portal": portal.id, "account": order.account]
        switch order.action {
        case .lock:
            try must(session.run(AccountsQueries.lock, place.merging(["reason": "staff"]) { $1 }))
            let ended = try session.run(AccountsQueries.endSessionsOfAccount, place)
            try tell(kind: order.action.notice, holder, in: session)
            return ["sessions": "\(ended)"]
        case .unlock:
            try must(session.run(AccountsQueries.unlock, place))
            try session.run(AccountsQueries.forgiveDevices, place)
            try tell(kind: order.action.notice, holder, in: session)
            return [:]
        case .temporaryPassword:
            try must(session.run(AccountsQueries.touch, place))
            return try send(.temporaryPassword, holder.recipient, holder, in: session)
        case .activationLink:
            try must(session.run(AccountsQueries.touch, place))
            // A link is for a mailbox where there is one; a phone will do.
            let mailbox = Recipient(phone: nil, email: holder.email)
            return try send(.activationLink, mailbox ?? holder.recipient, holder, in: session)
        case .endSessions:
            try must(session.run(AccountsQueries.touch, place))
            let ended = try session.run(AccountsQueries.endSessionsOfAccount, place)
            try tell(kind: order.action.notice, holder, in: session)
            return ["sessions": "\(ended)"]
        case .deactivate:
            try tell(kind: order.action.notice, holder, in: session)
            try session.run(AccountsQueries.endAccesses, place)
            guard try EndOfAccount(portal: portal.id).close(order.account, in: session) else {
                throw ActionRefusal.changedMeanwhile
            }
            try identity.void(account: order.account, portal: portal.id, in: session)
            return [:]
        case .threat: return try suspect(order, row, holder, in: session)
        }
    }

    /// M14 in one step: locked, signed out, nothing that was sent is good any more, nothing pending goes on.
    private func suspect(
        _ order: Order,
        _ row: HeldAccount,
        _ holder: AccountNotices.Holder,
        in session: Session
    ) throws -> [String: String] {
        let place: Parameters = ["portal": portal.id, "account": order.account]
        let locked = try session.run(AccountsQueries.lock, place.merging(["reason": "threat"]) { $1 })
        if locked == 0 { try must(session.run(AccountsQueries.markThreat, place)) }
        let (sessions, voided) = try EndOfAccount(portal: portal.id).strip(order.account, in: session)
        try identity.void(account: order.account, portal: portal.id, in: session)
        let incident = try session.first(
            AccountsQueries.openIncident,
            place.merging([
                "client": holder.client?.rawValue, "reason": order.reason.rawValue, "sessions": sessions,
                "codes": voided, "staff": staff,
            ]) { $1 }
        )
        guard incident != nil else { throw ActionRefusal.incidentOpen }
        for recipient in holder.everywhere {
            try notices.send(kind: "accounts.threat", to: recipient, of: holder, portal: portal, in: session)
        }
        return ["sessions": "\(sessions)", "codes": "\(voided)"]
    }

    private func send(
        _ kind: SentSecret,
        _ recipient: Recipient?,
        _ holder: AccountNotices.Holder,
        in session: Session
    ) throws -> [String: String] {
        guard let recipient else { throw ActionRefusal.nowhereToSend }
        guard try letters.send(kind, to: recipient, of: holder, portal: portal, in: session) else {
            throw ActionRefusal.tooManyCodes
        }
        return ["channel": recipient.channel.rawValue]
    }

    private func tell(kind: String, _ holder: AccountNotices.Holder, in session: Session) throws {
        guard let recipient = holder.recipient else { return }
        try notices.send(kind: kind, to: recipient, of: holder, portal: portal, in: session)
    }

    /// The row is held, so that a change that touches none is a state the page did not show.
    private func must(_ touched: Int) throws {
        guard touched == 1 else { throw ActionRefusal.changedMeanwhile }
    }
}
