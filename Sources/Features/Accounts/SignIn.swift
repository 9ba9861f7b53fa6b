import Audit
import DeskKit
import FoundationEssentials
import Messaging
import Portals
import Postgres
import Secrets

/// What a client types at the sign-in page of a portal.
struct SignInForm: Decodable, Sendable {
    let companyCode: String?
    let login: String
    let password: String
    /// The token that an earlier sign-in gave this browser.
    var device: String?
}

/// What a client has in hand after a step: the session's token and what it is good for.
struct OpenedSession: Sendable {
    let token: String
    let step: SessionStep
    let account: AccountID
    /// For the browser to keep; only in a full session after a sign-in.
    var device: String?
}

/// Signs a client in by the portal's login kind (K1, M3, L3). Unknown names, wrong passwords and locked accounts get
/// one answer and cost the same work (L14).
struct SignIn: Sendable {
    enum Refusal: Error, Hashable, Sendable {
        case wrongCredentials
        /// Too many second-step codes were asked for lately.
        case tooManyCodes
    }

    let database: Database
    let audit: AuditTrail
    let sessions: AccountSessions
    let outbox: Outbox
    let codes: OneTimeCodes
    let logins: LoginFinder
    let devices: KnownDevices
    let hasher: PasswordHasher

    /// Throws `Refusal`, `SecretsError.busy`, `PostgresError`.
    func callAsFunction(_ form: SignInForm, portal: PortalProfile) async throws -> OpenedSession {
        let scope = Scope.portal(portal.id)
        let limit = portal.rules.lockAfter
        let rules = portal.rules.callerRules
        let known = try await database.transaction(scope) { session -> (AccountRow, byDevice: Bool)? in
            guard let account = try logins.find(form.companyCode, form.login, portal: portal, in: session),
                account.state == .active,
                try session.one(AccountsQueries.hasLiveAccess, ["portal": portal.id, "account": account.id])
            else { return nil }
            let hasOwn = try devices.spend(
                form.device,
                of: account.id,
                portal: portal.id,
                limit: rules.deviceTries,
                in: session
            )
            if hasOwn { return (account, true) }
            let spent = try session.first(
                AccountsQueries.spendSignIn,
                [
                    "portal": portal.id, "account": account.id.rawValue, "limit": limit,
                    "delay": rules.signInDelaySeconds,
                ]
            )
            guard spent != nil else {
                // Spent in full without a lock: the try that would have locked was broken off, or the limit lowered.
                try lockIfSpent(account.id, portal, waited: true, in: session)
                return nil
            }
            return (account, false)
        }
        let verdict = try await hasher.verify(Redacted(form.password), against: known?.0.passwordHash)
        guard let (account, byDevice) = known, case .right(let needsRehash) = verdict else {
            if let (account, byDevice) = known, !byDevice { try await countWrong(account, portal) }
            throw Refusal.wrongCredentials
        }
        let hash = needsRehash ? try await hasher.hash(Redacted(form.password)) : nil
        let opened = try await database.transaction(scope) { session in
            // A stranger's guesses stay counted when the owner signs in by a device of the own.
            if !byDevice {
                try session.run(
                    AccountsQueries.forgiveWrongSignIns,
                    ["portal": portal.id, "account": account.id.rawValue]
                )
            }
            return try open(account, newHash: hash, device: form.device, portal, in: session)
        }
        guard let opened else { throw Refusal.tooManyCodes }
        return opened
    }

    private func countWrong(_ account: AccountRow, _ portal: PortalProfile) async throws {
        try await database.transaction(.portal(portal.id)) { session in
            try lockIfSpent(account.id, portal, waited: false, in: session)
        }
    }

    private func lockIfSpent(
        _ account: AccountID,
        _ portal: PortalProfile,
        waited: Bool,
        in session: Session
    ) throws {
        let place: Parameters = ["portal": portal.id, "account": account.rawValue]
        let locked = try session.run(
            AccountsQueries.lockAfterWrongSignIns,
            place.merging(["limit": portal.rules.lockAfter, "waited": waited]) { $1 }
        )
        guard locked == 1 else { return }
        try session.run(AccountsQueries.endSessionsOfAccount, place)
        try AccountTrail(audit: audit).record(
            "account.locked",
            of: account,
            clients: try session.all(AccountsQueries.accessesOfAccount, place).map(\.clientID),
            portal: portal.id,
            by: .system,
            facts: ["reason": "wrong_sign_ins"],
            in: session
        )
    }

    private func open(
        _ account: AccountRow,
        newHash: String?,
        device: String?,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> OpenedSession? {
        let place: Parameters = ["portal": portal.id, "account": account.id.rawValue]
        if let newHash { try session.run(AccountsQueries.setPassword, place.merging(["hash": newHash]) { $1 }) }
        guard let recipient = secondStepRecipient(account, portal) else {
            try session.run(AccountsQueries.noteSignIn, place)
            try record("account.signed_in", account.id, portal, in: session)
            var opened = try sessions.open(.full, for: account.id, portal: portal.id, in: session)
            opened.device = try devices.remember(device, of: account.id, portal: portal.id, in: session)
            return opened
        }
        let minutes = portal.rules.codeMinutes
        guard
            let code = try codes.issue(
                .secondStep,
                to: account.id,
                portal: portal.id,
                minutes: minutes,
                digits: 6,
                in: session
            )
        else { return nil }
        try outbox.enqueue(
            OutgoingMessage(
                kind: "accounts.second_step",
                channel: recipient.channel,
                portal: portal.id,
                client: try sessions.firstClient(of: account.id, portal: portal.id, in: session),
                account: account.id,
                subject: .account(account.id),
                recipient: recipient.value,
                language: account.language,
                values: ["code": code.reveal(), "portal": portal.name, "minutes": String(minutes)],
                secret: true,
                notAfter: Date(timeIntervalSinceNow: Double(minutes) * 60)
            ),
            in: session
        )
        try record("account.code_sent", account.id, portal, in: session)
        return try sessions.open(.secondStep, for: account.id, portal: portal.id, in: session)
    }

    /// `smsFirst` asks at the first sign-in only, which the one-use code of the activation was (M3).
    private func secondStepRecipient(_ account: AccountRow, _ portal: PortalProfile) -> Recipient? {
        switch portal.rules.secondStep {
        case .none, .smsFirst: nil
        case .smsEach: Recipient(phone: account.phone, email: account.email)
        case .emailEach: Recipient(phone: nil, email: account.email) ?? Recipient(phone: account.phone, email: nil)
        }
    }

    private func record(
        _ action: String,
        _ account: AccountID,
        _ portal: PortalProfile,
        in session: Session
    ) throws {
        try AccountTrail(audit: audit).record(
            action,
            of: account,
            clients: try sessions.clients(of: account, portal: portal.id, in: session),
            portal: portal.id,
            by: .account(account),
            in: session
        )
    }
}
