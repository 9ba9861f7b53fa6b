import DeskKit
import Portals
import Postgres
import Secrets

/// What lets somebody in and is sent: by its own letter, good for one use and for its time.
enum SentSecret: Sendable {
    case temporaryPassword, activationLink, recoveryCode, recoveryLink

    /// So long a recovery is good for, in minutes.
    static let recoveryMinutes = 30

    var purpose: CodePurpose {
        switch self {
        case .temporaryPassword: .temporaryPassword
        case .activationLink: .activationLink
        case .recoveryCode: .recoveryCode
        case .recoveryLink: .recoveryLink
        }
    }

    var isLink: Bool { self == .activationLink || self == .recoveryLink }

    var letter: String { ["accounts", purpose.rawValue].joined(separator: ".") }

    /// What the letter calls it.
    var placeholder: String {
        switch self {
        case .temporaryPassword: "password"
        case .recoveryCode: "code"
        case .activationLink, .recoveryLink: "link"
        }
    }

    func minutes(_ rules: PortalRules) -> Int {
        switch self {
        case .temporaryPassword: rules.temporaryPasswordMinutes
        case .activationLink: rules.firstCodeHours * 60
        case .recoveryCode, .recoveryLink: Self.recoveryMinutes
        }
    }

    /// How the letter says its time.
    func time(_ rules: PortalRules) -> [String: String] {
        self == .activationLink ? ["hours": "\(rules.firstCodeHours)"] : ["minutes": "\(minutes(rules))"]
    }
}

/// Issues a secret and sends it, in the caller's transaction.
struct SecretLetters: Sendable {
    let notices: AccountNotices
    let codes: OneTimeCodes

    /// False when the account has had enough of them lately. Throws `Outbox.Refusal`, `PostgresError`.
    func send(
        _ kind: SentSecret,
        to recipient: Recipient,
        of holder: AccountNotices.Holder,
        portal: PortalProfile,
        in session: Session
    ) throws -> Bool {
        let minutes = kind.minutes(portal.rules)
        guard let secret = try issue(kind, holder.account, portal, minutes, in: session) else { return false }
        let shown = kind.isLink ? "\(portal.rules.callerRules.portalURL)/password/\(secret.reveal())" : secret.reveal()
        try notices.send(
            kind: kind.letter,
            to: recipient,
            of: holder,
            portal: portal,
            values: kind.time(portal.rules).merging([kind.placeholder: shown]) { $1 },
            secret: true,
            minutes: minutes,
            in: session
        )
        return true
    }

    private func issue(
        _ kind: SentSecret,
        _ account: AccountID,
        _ portal: PortalProfile,
        _ minutes: Int,
        in session: Session
    ) throws -> Redacted<String>? {
        guard !kind.isLink else {
            return try codes.issueLink(kind.purpose, to: account, portal: portal.id, minutes: minutes, in: session)
        }
        return try codes.issue(
            kind.purpose,
            to: account,
            portal: portal.id,
            minutes: minutes,
            code: kind == .temporaryPassword ? OneTimeCode.temporaryPassword() : nil,
            in: session
        )
    }
}
