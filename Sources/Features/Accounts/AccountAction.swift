import Access
import Portals

/// What staff do about one account, each with a right of its own.
enum AccountAction: String, CaseIterable, Sendable {
    case lock, unlock
    case temporaryPassword = "temporary_password"
    case activationLink = "activation_link"
    case endSessions = "end_sessions"
    case deactivate
    /// A misuse is suspected (M14).
    case threat

    var right: Right {
        switch self {
        case .lock: .accountsLock
        case .unlock: .accountsUnlock
        case .temporaryPassword, .activationLink: .accountsPassword
        case .endSessions: .accountsSessions
        case .deactivate: .accountsDeactivate
        case .threat: .accountsThreat
        }
    }

    /// How sure staff must be of the caller; nil for what only protects the account.
    func strength(_ rules: CallerRules) -> VerificationStrength? {
        switch self {
        case .lock, .endSessions, .threat: nil
        case .unlock: rules.strengths.unlock
        case .temporaryPassword, .activationLink: rules.strengths.password
        case .deactivate: rules.strengths.access
        }
    }

    /// What it is called in the trail and in the kind of the message that tells the client.
    private var pastTense: String {
        switch self {
        case .lock: "locked"
        case .unlock: "unlocked"
        case .temporaryPassword: "temporary_password"
        case .activationLink: "activation_link"
        case .endSessions: "sessions_ended"
        case .deactivate: "closed"
        case .threat: "threat"
        }
    }

    var notice: String { ["accounts", pastTense].joined(separator: ".") }
    var event: String { "account.\(pastTense)" }

    var isDangerous: Bool { self == .deactivate || self == .threat || self == .lock }
}

/// Why it is done; `other` needs a note.
enum ActionReason: String, CaseIterable, Sendable {
    case caller, company, misuse, mistake, other
}

/// What keeps an action from being done.
enum ActionRefusal: Error, Hashable, Sendable {
    /// No such account at this portal.
    case gone
    case closed
    /// Somebody was quicker: the page shows an older state.
    case changedMeanwhile
    /// The action makes no sense in this state.
    case wrongState(AccountState)
    /// Only users whose SMS option is on get temporary passwords (M11).
    case noSMSOption
    case nowhereToSend
    /// First the incident is closed, then the account unlocked.
    case incidentOpen
    case notVerified(VerificationStrength)
    /// Codes and passwords are limited against pumping.
    case tooManyCodes
    case noteMissing

    /// Codes of the catalogue under `accounts.refusal`.
    var code: String {
        switch self {
        case .gone: "gone"
        case .closed: "closed"
        case .changedMeanwhile: "changed_meanwhile"
        case .wrongState: "wrong_state"
        case .noSMSOption: "no_sms_option"
        case .nowhereToSend: "nowhere_to_send"
        case .incidentOpen: "incident_open"
        case .notVerified: "not_verified"
        case .tooManyCodes: "too_many_codes"
        case .noteMissing: "note_missing"
        }
    }
}
