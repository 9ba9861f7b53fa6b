import Access
import DeskKit
import Documents
import Portals
import Postgres

/// A second person decides what another proposed.
struct DecideRequest: RequestCommand {
    static let right = Right.requestsDecide

    /// What came of it: a deletion may turn out to be blocked after all, which is written down and told.
    enum Outcome: Equatable, Sendable {
        case decided(RequestState)
        case blocked([Obstacle])
    }

    let request: ClientRequestID
    let outcome: RequestOutcome
    let reason: DecisionReason
    /// What the letter says beside the reason, in the client's language.
    let text: String

    static func decide(
        _ request: ClientRequest,
        _ outcome: RequestOutcome,
        _ reason: DecisionReason,
        by staff: StaffID
    ) throws(RequestRefusal) {
        guard request.state == .decision else { throw .notThere(request.state) }
        guard request.proposedBy != staff else { throw .ownProposal }
        guard reason.outcomes.contains(outcome), reason.applies(to: request.kind, request.lane) else {
            throw .wrongReason
        }
    }

    func run(_ office: Office, in session: Session) throws -> Outcome {
        let found = try office.lock(request, in: session)
        try Self.decide(found, outcome, reason, by: office.staff.id)
        let rules = office.book.rules(of: found)
        guard outcome != .refused else {
            try office.write(.refused, reason, text, .closed, nil, on: found, in: session)
            try office.send(try draft(.refusal, found, office, in: session), about: found, in: session)
            return .decided(.closed)
        }
        // What was proposed without a proven identity can only be refused for it.
        guard found.identityMethod != nil || !rules.needsIdentity else { throw RequestRefusal.identityMissing }
        let obstacles = try rules.obstacles(to: found, in: session)
        guard obstacles.isEmpty else {
            guard found.kind == .accountDeletion else { throw RequestRefusal.obstacles(obstacles) }
            try office.book.block(found, obstacles, office.portal, by: office.actor, in: session)
            return .blocked(obstacles)
        }
        let next = rules.afterGrant(found, office.portal)
        try office.write(outcome, reason, text, next.state, next.coolingUntil, on: found, in: session)
        if next.coolingUntil != nil {
            try office.send(try draft(.coolingOff, found, office, in: session), about: found, in: session)
        }
        return .decided(next.state)
    }

    private func draft(
        _ kind: LetterKind,
        _ request: ClientRequest,
        _ office: Office,
        in session: Session
    ) throws -> LetterDraft {
        try office.book.draft(
            kind,
            about: request,
            office.portal,
            text: text,
            outcome: outcome,
            reason: reason,
            in: session
        )
    }
}

/// A second person sends a request back to whoever proposed.
struct ReturnRequest: RequestCommand {
    static let right = Right.requestsDecide

    let request: ClientRequestID
    let note: String

    static func decide(_ request: ClientRequest, _ note: String) throws(RequestRefusal) {
        guard request.state == .decision else { throw .notThere(request.state) }
        guard !note.isEmpty else { throw .noteMissing }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, note)
        let isProven = found.identityMethod != nil || !office.book.rules(of: found).needsIdentity
        try office.book.move(found, to: isProven ? .assessment : .identity, releasing: true, in: session)
        try office.record("request.returned", on: found, personal: ["note": note], in: session)
    }
}

/// Somebody else than who decided carries it out.
struct ExecuteRequest: RequestCommand {
    static let right = Right.requestsExecute

    let request: ClientRequestID

    static func decide(_ request: ClientRequest, by staff: StaffID) throws(RequestRefusal) {
        guard request.state == .executing else { throw .notThere(request.state) }
        guard request.decidedBy != staff else { throw .ownDecision }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, by: office.staff.id)
        if found.kind == .accessCopy, try office.documents.scans(of: found.documents, in: session).isEmpty {
            throw RequestRefusal.copyMissing
        }
        try office.book.execute(found, office.act, by: office.staff.id, in: session)
    }
}

/// Takes a decided request back to where it is assessed: something came up that stands against what was decided.
struct ReopenRequest: RequestCommand {
    static let right = Right.requestsExecute

    let request: ClientRequestID
    let note: String

    static func decide(_ request: ClientRequest, _ note: String) throws(RequestRefusal) {
        guard request.state == .executing else { throw .notThere(request.state) }
        guard !note.isEmpty else { throw .noteMissing }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, note)
        try session.run(RequestsQueries.reopenRequest, office.place(found))
        try office.record(
            "request.reopened",
            on: found,
            facts: ["outcome": found.decision?.rawValue ?? "–"],
            personal: ["note": note],
            in: session
        )
    }
}

extension Office {
    fileprivate func write(
        _ outcome: RequestOutcome,
        _ reason: DecisionReason,
        _ text: String,
        _ state: RequestState,
        _ coolingUntil: CivilDate?,
        on request: ClientRequest,
        in session: Session
    ) throws {
        let article = reason.article(request.kind, country: portal.country)
        try session.run(
            RequestsQueries.decideRequest,
            place(request).merging(
                [
                    "state": state, "decision": outcome, "reason": reason, "article": article, "note": text,
                    "staff": staff.id, "cooling_until": coolingUntil,
                ]
            ) { $1 }
        )
        try record(
            "request.decided",
            on: request,
            facts: ["outcome": outcome.rawValue, "reason": reason.rawValue, "article": article],
            in: session
        )
    }

    /// Writes a letter about a request.
    func send(_ draft: LetterDraft, about request: ClientRequest, in session: Session) throws {
        try book.letters.send(draft, about: request, portal, by: staff.id, in: session)
    }
}

extension RequestBook {
    /// Carries a decided request out; `staff` is nil where the night does it.
    func execute(_ request: ClientRequest, _ act: RequestAct, by staff: StaffID?, in session: Session) throws {
        let state = try rules(of: request).execute(request, act, in: session)
        try session.run(
            RequestsQueries.executeRequest,
            ["portal": request.portalID, "id": request.id, "state": state, "staff": staff]
        )
        try record("request.executed", on: request, by: act.actor, reference: act.reference, in: session)
    }
}
