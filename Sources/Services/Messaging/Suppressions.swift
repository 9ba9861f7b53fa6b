import Audit
import DeskKit
import Portals
import Postgres
import Secrets

/// Numbers and addresses that are not written to: set by a refusal, a bounce or a person, lifted by a person alone.
struct Suppressions: Sendable {
    enum Reason: String, CaseIterable, Sendable, PostgresValue {
        /// The mailbox does not exist, as its server said.
        case bounced
        /// The number is not this client's, or its network refuses it.
        case numberRefused = "number_refused"
        /// Wants nothing but the codes they ask for themselves.
        case optedOut = "opted_out"
    }

    enum Refusal: String, Error, Sendable {
        case notThere = "not_there"
        /// It is on the list already.
        case already
        /// The data were erased.
        case erased
    }

    /// What is written down beside the hash.
    struct Entry: Sendable {
        let channel: Channel
        let recipient: String
        let reason: Reason
        let client: ClientID?
        let message: MessageID
    }

    private let audit: AuditTrail
    private let phones: LookupHash
    private let addresses: LookupHash

    init(audit: AuditTrail, keyRing: KeyRing) {
        self.audit = audit
        phones = keyRing.lookup(.phone)
        addresses = keyRing.lookup(.email)
    }

    /// Why a message may not go to where it is addressed; nil when it may. Asked just before the wire, and only there.
    func obstacle(_ held: HeldMessage, to recipient: String, portal: PortalID, in session: Session) throws -> String? {
        try session.one(
            MessagingQueries.wireObstacle,
            [
                "portal": portal, "kind": held.kind, "account": held.accountID, "channel": held.channel,
                "hashes": hash(held.channel).candidates(normal(recipient), scope: scope(portal)), "secret": held.secret,
            ]
        )
    }

    /// Puts an address on the list; false when it stands there already. Throws `PostgresError`.
    @discardableResult
    func add(_ entry: Entry, portal: PortalID, by actor: Actor, staff: StaffID?, in session: Session) throws -> Bool {
        let hint = MaskedRecipient.text(entry.recipient, entry.channel)
        let id = try session.first(
            MessagingQueries.suppress,
            [
                "portal": portal, "channel": entry.channel,
                "hash": hash(entry.channel).hash(normal(entry.recipient), scope: scope(portal)), "hint": hint,
                "reason": entry.reason, "client": entry.client, "message": entry.message, "staff": staff,
            ]
        )
        guard let id else { return false }
        try record(
            "suppression.set",
            id,
            entry.client,
            [
                "reason": entry.reason.rawValue, "channel": entry.channel.rawValue,
            ],
            portal,
            actor,
            in: session
        )
        return true
    }

    /// For a message's recipient. Throws `Refusal`, `PostgresError`.
    func add(
        _ id: MessageID,
        reason: Reason,
        portal: PortalID,
        by actor: Actor,
        staff: StaffID?,
        in session: Session
    ) throws {
        guard
            let row = try session.first(MessagingQueries.messageDetail, ["portal": portal, "message": id])
        else { throw Refusal.notThere }
        let owner = Subject(row.keySubjectKind, row.keySubjectID)
        let opened = try audit.keys.open(row.recipient, portal: portal, owner: owner, class: .message, in: session)
        guard let opened else { throw Refusal.erased }
        let entry = Entry(
            channel: row.channel,
            recipient: String(decoding: opened, as: UTF8.self),
            reason: reason,
            client: row.clientID,
            message: id
        )
        guard try add(entry, portal: portal, by: actor, staff: staff, in: session) else { throw Refusal.already }
    }

    /// Lets it be written to again; whoever is second is told that it is not there. Throws `Refusal`, `PostgresError`.
    func lift(_ id: Int64, portal: PortalID, by actor: Actor, staff: StaffID, in session: Session) throws {
        let row = try session.first(
            MessagingQueries.liftSuppression,
            ["portal": portal, "suppression": id, "staff": staff]
        )
        guard let row else { throw Refusal.notThere }
        try record(
            "suppression.lifted",
            id,
            row.clientID,
            [
                "reason": row.reason, "channel": row.channel.rawValue,
            ],
            portal,
            actor,
            in: session
        )
    }

    private func record(
        _ action: String,
        _ id: Int64,
        _ client: ClientID?,
        _ facts: [String: String],
        _ portal: PortalID,
        _ actor: Actor,
        in session: Session
    ) throws {
        let subject = Subject("suppression", id)
        let event = AuditEvent(action, portal: portal, by: actor, on: subject, client: client, facts: facts)
        try audit.record(event, in: session)
    }

    private func hash(_ channel: Channel) -> LookupHash { channel == .sms ? phones : addresses }
    private func normal(_ recipient: String) -> String { recipient.lowercased() }
    private func scope(_ portal: PortalID) -> String { "suppression \(portal)" }
}

struct LiftedSuppression: Decodable, Sendable {
    let channel: Channel
    let hint: String
    let reason: String
    let clientID: ClientID?
}

/// One line of the list; times are the portal's.
struct SuppressionRow: Decodable, Sendable {
    let portalID: PortalID
    let id: Int64
    let channel: Channel
    let hint: String
    let reason: String
    let clientID: ClientID?
    let client: String?
    let since: CivilDateTime
    let today: CivilDate
}
