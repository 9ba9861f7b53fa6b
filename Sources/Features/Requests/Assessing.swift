import Access
import DeskKit
import Identity
import Portals
import Postgres

/// Somebody saw who asks.
struct ConfirmIdentity: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID
    let method: IdentityMethod

    /// That somebody was signed in at the portal is for the portal to say, not for staff.
    static func decide(_ request: ClientRequest, _ method: IdentityMethod) throws(RequestRefusal) {
        guard request.state == .identity || request.state == .received else { throw .notThere(request.state) }
        guard method != .portalSession else { throw .identityMissing }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, method)
        var proof: Standing?
        if method == .verification {
            proof = try office.book.identity.standing(
                client: found.clientID,
                account: found.accountID,
                portal: office.portal.id,
                in: session
            )
            guard let proof else { throw RequestRefusal.identityMissing }
            let floor = try office.book.floor(of: found, office.portal, in: session)
            guard proof.strength >= floor else { throw RequestRefusal.identityTooWeak(floor) }
        }
        try session.run(
            RequestsQueries.confirmIdentity,
            office.place(found).merging(
                ["method": method.rawValue, "verification": proof?.id, "staff": office.staff.id]
            ) { $1 }
        )
        try office.record("request.identity_confirmed", on: found, facts: ["method": method.rawValue], in: session)
    }
}

/// Proposes what should become of a request; a second person decides.
struct ProposeRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID
    let outcome: RequestOutcome
    let reason: DecisionReason
    let note: String

    static func decide(
        _ request: ClientRequest,
        _ outcome: RequestOutcome,
        _ reason: DecisionReason,
        needsDecision: Bool,
        obstacles: [Obstacle]
    ) throws(RequestRefusal) {
        guard needsDecision else { throw .noDecisionHere }
        // Whose identity stays unproven is refused for that and for nothing else.
        let isUnproven = request.state == .identity && outcome == .refused && reason == .identityUnproven
        guard request.state == .assessment || isUnproven else { throw .notThere(request.state) }
        guard reason.outcomes.contains(outcome), reason.applies(to: request.kind, request.lane) else {
            throw .wrongReason
        }
        guard outcome == .refused || obstacles.isEmpty else { throw .obstacles(obstacles) }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        let rules = office.book.rules(of: found)
        try Self.decide(
            found,
            outcome,
            reason,
            needsDecision: rules.needsDecision,
            obstacles: try outcome == .refused ? [] : rules.obstacles(to: found, in: session)
        )
        try session.run(
            RequestsQueries.proposeRequest,
            office.place(found).merging(
                [
                    "proposal": outcome.rawValue, "reason": reason.rawValue, "note": note, "staff": office.staff.id,
                ]
            ) { $1 }
        )
        try office.record(
            "request.proposed",
            on: found,
            facts: ["outcome": outcome.rawValue, "reason": reason.rawValue],
            in: session
        )
    }
}

/// Answers a request of a kind on which nobody decides, and closes it.
struct AnswerRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID
    /// What is written to the client, in the client's language.
    let answer: String

    static func decide(_ request: ClientRequest, _ answer: String, needsDecision: Bool) throws(RequestRefusal) {
        guard !needsDecision else { throw .needsDecision }
        guard request.state == .assessment else { throw .notThere(request.state) }
        guard !answer.isEmpty else { throw .noteMissing }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, answer, needsDecision: office.book.rules(of: found).needsDecision)
        try session.run(
            RequestsQueries.decideRequest,
            office.place(found).merging(
                [
                    "state": RequestState.closed, "decision": RequestOutcome.answered, "reason": nil, "article": nil,
                    "note": "", "staff": office.staff.id, "cooling_until": nil,
                ]
            ) { $1 }
        )
        try office.send(LetterDraft(.answer, text: answer), about: found, in: session)
        try office.record("request.answered", on: found, in: session)
    }
}

extension RequestBook {
    /// How strong a verification must be to carry a request: what ends an account or gives data away asks for what the
    /// portal asks for accesses, another contact for what it asks for contacts, and neither for less than substantial.
    func floor(
        of request: ClientRequest,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> VerificationStrength {
        let strengths = portal.rules.callerRules.strengths
        switch request.kind {
        case .erasure, .accountDeletion, .accessCopy: return max(.substantial, strengths.access)
        case .dataChange:
            let changes = try session.all(QueueQueries.changesOfRequest, place(request))
            return changes.contains { $0.field.isContact } ? max(.substantial, strengths.contact) : .low
        case .complaint, .faultReport, .contact, .instalmentChange, .other: return .low
        }
    }
}
