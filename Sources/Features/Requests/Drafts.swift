import DeskKit
import DeskWeb
import Portals
import Postgres

extension RequestBook {
    /// A letter about a request as it would be written now: what goes out and what is previewed are made here alike.
    /// `text` is what staff type; where a decision's letter goes out later, it is what the decision was given.
    func draft(
        _ kind: LetterKind,
        about request: ClientRequest,
        _ portal: PortalProfile,
        text: String? = nil,
        outcome: RequestOutcome? = nil,
        reason: DecisionReason? = nil,
        in session: Session
    ) throws -> LetterDraft {
        let outcome = outcome ?? request.decision
        let reason = reason ?? request.decisionReason
        let words = letters.words(request, portal)
        var draft = LetterDraft(kind, text: text ?? request.decisionNote)
        draft.article = reason?.article(request.kind, country: portal.country)
        switch kind {
        case .extended: draft.until = try extendedDue(of: request, in: session) ?? request.effectiveDue
        case .coolingOff: draft.until = rules(of: request).afterGrant(request, portal).coolingUntil
        case .blocked: draft.obstacles = try rules(of: request).obstacles(to: request, in: session)
        case .changed: draft.lines = try changeLines(of: request, words, in: session)
        case .granted:
            draft.outcome = outcome
            if outcome == .partial, let article = draft.article { draft.lines = [article] }
        case .receipt, .question, .refusal, .answer, .withdrawn, .closed, .lapsed: break
        }
        return draft
    }

    /// Which letter a decision leads to, at once or when it is carried out; nil for an erasure, which has a page of its
    /// own.
    func letter(
        of outcome: RequestOutcome,
        _ request: ClientRequest,
        _ portal: PortalProfile
    ) -> LetterKind? {
        if outcome == .refused { return .refusal }
        switch request.kind {
        case .dataChange: return .changed
        case .accountDeletion:
            let next = rules(of: request).afterGrant(request, portal)
            return next.coolingUntil == nil ? .closed : .coolingOff
        case .erasure: return nil
        default: return .granted
        }
    }

    /// Where the one extension moves the date; nil where the rule has none.
    func extendedDue(of request: ClientRequest, in session: Session) throws -> CivilDate? {
        guard let number = request.extensionNumber, let unit = request.extensionUnit else { return nil }
        return try clocks.end(of: number, unit, after: request.effectiveDue, portal: request.portalID, in: session)
    }

    private func changeLines(of request: ClientRequest, _ words: Words, in session: Session) throws -> [String] {
        try session.all(QueueQueries.changesOfRequest, place(request)).map { change in
            let field = words("requests.field.\(change.field.rawValue)")
            guard !change.field.isContact else { return field }
            return "\(field): \(change.oldText(words)) → \(change.newValue)"
        }
    }
}

extension ChangeRow {
    /// The old side; what the book does not hold is said to be none of it.
    func oldText(_ words: Words) -> String {
        oldValue ?? (field.isInBook ? "–" : words("requests.table.not_in_book"))
    }
}

extension ChangeField {
    /// Whether the book says what the value was.
    var isInBook: Bool {
        switch self {
        case .name, .address, .phone, .email, .lessee: true
        case .identityDocument, .garageAddress, .annex: false
        }
    }
}
