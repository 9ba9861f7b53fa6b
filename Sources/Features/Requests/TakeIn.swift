import Access
import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres

/// A request as somebody takes it in.
struct RequestDraft: Sendable, Equatable {
    var kind: RequestKind
    var lane: ChangeLane?
    var client: ClientID?
    var account: AccountID?
    var channel: IntakeChannel
    var requesterName: String
    var replyTo: String?
    var language: String
    var statement: String
    var receivedOn: CivilDate
    var changes: [ChangeDraft] = []
}

/// One field of a data change as it is asked for.
struct ChangeDraft: Sendable, Equatable {
    var field: ChangeField
    var newValue: String
    var contract: ContractID?
}

/// Takes a request in, starts its clock and sends the receipt with the date.
struct TakeIn: RequestCommand {
    static let right = Right.requestsHandle

    enum Refusal: Error, Equatable {
        case noSuchClient
        case clientMissing
        case tooOld
        case inFuture
        case nothingChanges
        case noSuchContract
        /// The client's data were erased: what is left of them only the law keeps.
        case restricted
    }

    /// So old may a paper be that is taken in today, in days.
    static let oldest = 366

    let draft: RequestDraft

    static func decide(_ draft: RequestDraft, today: CivilDate) throws(Refusal) {
        guard draft.receivedOn <= today else { throw .inFuture }
        guard draft.receivedOn.days(to: today) <= oldest else { throw .tooOld }
        let mayBeAnybody: Set<RequestKind> = [.complaint, .faultReport, .contact, .other]
        guard draft.client != nil || mayBeAnybody.contains(draft.kind) else { throw .clientMissing }
        guard draft.kind != .dataChange || !draft.changes.isEmpty else { throw .nothingChanges }
    }

    func run(_ office: Office, in session: Session) throws -> ClientRequestID {
        try office.book.takeIn(draft, portal: office.portal, by: office.actor, office.reference, in: session)
    }
}

extension RequestBook {
    /// Takes a request in, whoever does: staff, or the client at the portal. Throws `TakeIn.Refusal`.
    func takeIn(
        _ draft: RequestDraft,
        portal: PortalProfile,
        by actor: Audit.Actor,
        _ reference: String? = nil,
        in session: Session
    ) throws -> ClientRequestID {
        let today = try session.one(RequestsQueries.today, ["portal": portal.id])
        try TakeIn.decide(draft, today: today)
        if let client = draft.client {
            let known = try session.first(RequestsQueries.clientCard, ["portal": portal.id, "client": client])
            guard known != nil else { throw TakeIn.Refusal.noSuchClient }
            let kept = try ErasureFeature.restriction(of: client, portal: portal.id, in: session)
            guard kept == nil else { throw TakeIn.Refusal.restricted }
        }
        let clock = try clocks.start(draft.kind, portal: portal, received: draft.receivedOn, in: session)
        let staff: StaffID? = if case .staff(let id, _) = actor { id } else { nil }
        let id = try session.one(
            RequestsQueries.addRequest,
            [
                "portal": portal.id, "kind": draft.kind, "lane": draft.lane, "client": draft.client,
                "account": draft.account, "channel": draft.channel, "requester_name": draft.requesterName,
                "reply_to": draft.replyTo, "language": draft.language, "statement": draft.statement,
                "received_on": draft.receivedOn, "staff": staff, "holder": staff,
                "clock_country": clock.rule?.country, "clock_version": clock.rule?.version,
                "clock_number": clock.number, "clock_unit": clock.unit, "statutory_due": clock.statutoryDue,
                "effective_due": clock.effectiveDue,
                "internal_due": RequestClock.internalDue(from: draft.receivedOn, to: clock.effectiveDue),
            ]
        )
        let request = try lock(id, portal: portal.id, in: session)
        try add(draft.changes, to: request, in: session)
        try record(
            "request.received",
            on: request,
            by: actor,
            facts: ["channel": draft.channel.rawValue, "due": clock.effectiveDue.iso],
            reference: reference,
            in: session
        )
        try letters.send(LetterDraft(.receipt), about: request, portal, by: staff, in: session)
        let next: RequestState = rules(of: request).needsIdentity ? .identity : .assessment
        try move(request, to: next, in: session)
        return id
    }
}
