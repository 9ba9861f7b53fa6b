import DeskKit
import DeskWeb
import Portals

/// Why somebody cannot sign in, in one sentence, and what helps.
enum SignInDiagnosis: Hashable, Sendable {
    case closed
    case noAccess
    case lockedByWrongSignIns
    case lockedByStaff
    case threat
    /// The incident is closed, and the lock that came with it is not.
    case threatOver
    case waiting
    /// The code went out and may not have arrived.
    case messageFailed
    case codeOpen
    case codeExpired
    case nothing

    init(_ row: StandingRow) {
        switch row.state {
        case .closed: self = .closed
        case .locked where row.hasIncident: self = .threat
        case .locked where row.lockReason == "threat": self = .threatOver
        case .locked where row.lockReason == "wrong_sign_ins": self = .lockedByWrongSignIns
        case .locked: self = .lockedByStaff
        case _ where !row.hasAccess: self = .noAccess
        case _ where row.waitUntil != nil: self = .waiting
        case _ where row.messageState == "refused" || row.messageState == "uncertain": self = .messageFailed
        case .invited where row.codeUntil != nil: self = .codeOpen
        case .invited: self = .codeExpired
        case .active where row.codeUntil != nil: self = .codeOpen
        case .active: self = .nothing
        }
    }

    /// The action beside the sentence; nil where a link elsewhere or nothing helps.
    var action: AccountAction? {
        switch self {
        case .closed, .noAccess, .threat, .nothing, .messageFailed: nil
        case .lockedByWrongSignIns, .lockedByStaff, .threatOver, .waiting: .unlock
        case .codeOpen, .codeExpired: .activationLink
        }
    }

    var code: String {
        switch self {
        case .closed: "closed"
        case .noAccess: "no_access"
        case .lockedByWrongSignIns: "wrong_sign_ins"
        case .lockedByStaff: "staff"
        case .threat: "threat"
        case .threatOver: "threat_over"
        case .waiting: "waiting"
        case .messageFailed: "message_failed"
        case .codeOpen: "code_open"
        case .codeExpired: "code_expired"
        case .nothing: "nothing"
        }
    }

    /// What stands in the identity bar; nil where nothing blocks.
    func tag(_ words: Words) -> TagView? {
        switch self {
        case .lockedByWrongSignIns, .lockedByStaff, .threatOver: TagView(.bad, words("accounts.blocks.locked"))
        case .threat: TagView(.bad, words("accounts.blocks.threat"))
        case .messageFailed: TagView(.warn, words("accounts.blocks.message"))
        case .closed, .noAccess, .waiting, .codeOpen, .codeExpired, .nothing: nil
        }
    }

    func sentence(_ row: StandingRow, _ words: Words) -> String {
        let never = words("accounts.never")
        return words(
            "accounts.why.\(code)",
            [
                "n": .number(row.wrongSignIns),
                "when": .text(row.locked.map { words.recent($0, today: row.today) } ?? never),
                "until": .text((row.waitUntil ?? row.codeUntil).map { words.recent($0, today: row.today) } ?? never),
                "last": .text(row.lastSignIn.map { words.recent($0, today: row.today) } ?? never),
            ]
        )
    }
}
