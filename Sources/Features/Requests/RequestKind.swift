import Postgres

/// What a client asks for.
package enum RequestKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// Correction of data (GDPR 16), or a change of a contract's terms; see `ChangeLane`.
    case dataChange = "data_change"
    /// The portal's account is closed; the client stays (A3).
    case accountDeletion = "account_deletion"
    /// Personal data are erased (GDPR 17, A4).
    case erasure
    /// A copy of the personal data (GDPR 15).
    case accessCopy = "access_copy"
    case complaint
    case faultReport = "fault_report"
    /// A question or a legal problem that somebody is called back for (L10, M13).
    case contact
    /// Another instalment, another due date (K9).
    case instalmentChange = "instalment_change"
    case other
}

/// Where a request stands; the function `client_request_next` of the database says what may follow.
package enum RequestState: String, Codable, CaseIterable, Sendable, PostgresValue {
    case received, identity
    /// The clock stands still until the client answers.
    case waitingClient = "waiting_client"
    case assessment
    /// Something must end first; looked at again every night.
    case blocked
    case plan
    /// Proposed; a second person decides.
    case decision
    case approved
    /// Decided, and still to be taken back by the client.
    case coolingOff = "cooling_off"
    /// Decided, and to be carried out by somebody else than who decided.
    case executing
    /// Carried out, and not yet confirmed by the main system.
    case verifying
    case notified, partial, held, failed
    case closed, withdrawn, duplicate, lapsed

    package var isOver: Bool {
        switch self {
        case .closed, .withdrawn, .duplicate, .lapsed: true
        default: false
        }
    }

    /// Nothing was decided yet, so that the client may still take it back and staff may still ask.
    var isBeforeDecision: Bool {
        switch self {
        case .received, .identity, .waitingClient, .assessment, .blocked, .plan, .decision: true
        default: false
        }
    }
}

/// How a request reached us.
package enum IntakeChannel: String, Codable, CaseIterable, Sendable, PostgresValue {
    case phone, counter, paper, email, portal
}

/// Which lane a data change takes: arrears never block the correction of a record (GDPR 16).
package enum ChangeLane: String, Codable, CaseIterable, Sendable, PostgresValue {
    case record, contract
}

/// How somebody proved to be who they are.
package enum IdentityMethod: String, Codable, CaseIterable, Sendable, PostgresValue {
    case documentAtCounter = "document_at_counter"
    case callBack = "call_back"
    case portalSession = "portal_session"
    case signedPaper = "signed_paper"
    /// A verification case of the client.
    case verification
}

/// What becomes of a request.
package enum RequestOutcome: String, Codable, CaseIterable, Sendable, PostgresValue {
    case granted, partial, refused
    /// Of a kind that nobody decides on.
    case answered
}

/// Why the clock stands still; nothing else may stop it.
package enum PauseReason: String, Codable, CaseIterable, Sendable, PostgresValue {
    case identity, document, clarification, authority
}

/// Why a request takes longer (GDPR 12(3)).
package enum ExtensionReason: String, Codable, CaseIterable, Sendable, PostgresValue {
    case complex
    case manyRequests = "many_requests"
}

/// Why a request was granted or refused, each with its article.
package enum DecisionReason: String, Codable, CaseIterable, Sendable, PostgresValue {
    case proven
    case requirementsMet = "requirements_met"
    case groundApplies = "ground_applies"
    case goodwill
    case notProven = "not_proven"
    case identityUnproven = "identity_unproven"
    case unfounded
    case legalDuty = "legal_duty"
    case legalClaims = "legal_claims"
    case obligationsOpen = "obligations_open"
    case noGround = "no_ground"
    case contractTerms = "contract_terms"

    /// What it may be said with.
    var outcomes: Set<RequestOutcome> {
        switch self {
        case .proven, .requirementsMet, .groundApplies, .goodwill: [.granted, .partial]
        case .notProven, .identityUnproven, .unfounded, .noGround, .contractTerms, .obligationsOpen: [.refused]
        case .legalDuty, .legalClaims: [.partial, .refused]
        }
    }

    /// The kinds it may be given for.
    func applies(to kind: RequestKind, _ lane: ChangeLane?) -> Bool {
        switch self {
        case .proven: kind == .dataChange
        case .requirementsMet: true
        case .groundApplies, .legalDuty, .legalClaims: kind == .erasure || kind == .accessCopy
        case .goodwill: kind == .instalmentChange || kind == .other
        case .notProven: kind == .dataChange
        case .identityUnproven, .unfounded: true
        case .noGround: kind == .erasure || kind == .other
        case .obligationsOpen: kind == .accountDeletion || kind == .instalmentChange || lane == .contract
        case .contractTerms: kind == .instalmentChange || lane == .contract
        }
    }

    /// The article of the country's law, or of the contract; `EU` stands for every country without an own one.
    func article(_ kind: RequestKind, country: String) -> String {
        let isRussian = country == "RU"
        switch self {
        case .proven, .notProven: return isRussian ? "152-FZ 20(3), 21(2)" : "GDPR 16"
        case .identityUnproven: return isRussian ? "152-FZ 14(3)" : "GDPR 12(2), 12(6)"
        case .unfounded: return isRussian ? "152-FZ 14(6)" : "GDPR 12(5)"
        case .groundApplies, .noGround: return isRussian ? "152-FZ 21" : "GDPR 17(1)"
        case .legalDuty: return isRussian ? "152-FZ 6(1)(2)" : "GDPR 17(3)(b)"
        case .legalClaims: return isRussian ? "152-FZ 6(1)(3)" : "GDPR 17(3)(e)"
        case .requirementsMet where kind == .erasure: return isRussian ? "152-FZ 21" : "GDPR 17(1)"
        case .requirementsMet where kind == .accessCopy: return isRussian ? "152-FZ 14" : "GDPR 15"
        case .requirementsMet, .goodwill, .obligationsOpen, .contractTerms: return "–"
        }
    }
}
