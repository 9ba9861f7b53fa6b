import Audit
package import DeskKit
import Postgres
import Secrets

/// Signing in: name and password, then a code. Tables: `staff_session`, `sign_in_budget`, `staff_device`.
package struct SignIn: Sendable {
    /// Why somebody is not let in. Unknown, disabled and not yet set-up staff are all `wrong`.
    package enum Refusal: String, Error, Sendable, CaseIterable {
        case wrong
        /// Too many guesses; the same for names that exist and names that do not.
        case spent
        /// The pending sign-in is over: too old, or too many codes.
        case over
    }

    /// What a browser shows of itself.
    package struct Caller: Sendable {
        package var address: String
        package var device: String?
        /// In a word or two, "Firefox · Linux".
        package var browser: String

        package init(address: String, device: String?, browser: String = "") {
            self.address = address
            self.device = device
            self.browser = browser
        }
    }

    /// A full session and what the browser keeps of it.
    package struct Opened: Sendable {
        package let staff: StaffID
        package let token: Redacted<String>
        package let device: Redacted<String>
        /// How many recovery codes are left, when one was used.
        package let codesLeft: Int?
    }

    static let pendingMinutes = 10
    /// The absolute limit of a session: 12 hours.
    static let sessionMinutes = 720

    let desk: Desk
    let hasher: PasswordHasher
    let budget: SignInBudget
    let sessions: LookupHash
    let devices: LookupHash
    let recovery: LookupHash

    init(desk: Desk, hasher: PasswordHasher, limits: SignInBudget.Limits) {
        self.desk = desk
        self.hasher = hasher
        budget = SignInBudget(keys: desk.keys, limits: limits)
        sessions = desk.keys.lookup(.session)
        devices = desk.keys.lookup(.device)
        recovery = desk.keys.lookup(.recoveryCode)
    }

    /// The first step. Answers the token of the pending sign-in. Throws `Refusal`; `SecretsError.busy` under a flood.
    package func password(
        login typed: String,
        password: Redacted<String>,
        from caller: Caller
    ) async throws -> Redacted<String> {
        let login = Self.normalized(typed)
        let known = try await desk.database.transaction(.installation) { session in
            try find(login, caller, in: session)
        }
        guard known.mayGuess else { throw Refusal.spent }
        // Whoever may not sign in costs the same work as whoever may.
        let isActive = known.row?.state == .active
        let verdict = try await hasher.verify(password, against: isActive ? known.row?.passwordHash : nil)
        guard let row = known.row, isActive, case .right(let needsRehash) = verdict else {
            try await refuse(known.row?.id)
            throw Refusal.wrong
        }
        let newHash = needsRehash ? try await hasher.hash(password) : nil
        let token = Redacted(SecureRandom.token())
        try await desk.database.transaction(.installation) { session in
            if let newHash {
                try session.run(
                    AccessQueries.storePassword,
                    ["staff": row.id, "hash": newHash, "old": row.passwordHash]
                )
            }
            try session.run(
                AccessQueries.openSession,
                [
                    "hash": sessions.hash(token.reveal()), "staff": row.id, "step": "password",
                    "browser": caller.browser, "minutes": Self.pendingMinutes,
                ]
            )
        }
        return token
    }

    /// Whether a pending sign-in waits for its code.
    package func waits(_ token: Redacted<String>) async throws -> Bool {
        try await desk.database.read(.installation) { session in
            try session.one(AccessQueries.pendingExists, ["hashes": sessions.candidates(token.reveal())])
        }
    }

    /// Logins are kept in small letters; longer ones than any are cut, so that a budget's key stays small.
    static func normalized(_ login: String) -> String {
        String(login.lowercased().prefix(200)).filter { !$0.isWhitespace }
    }

    private struct Known {
        var row: SignInRow?
        var mayGuess: Bool
    }

    private func find(_ login: String, _ caller: Caller, in session: Session) throws -> Known {
        let device = caller.device.map { devices.candidates($0) } ?? []
        let row = try session.first(AccessQueries.findForSignIn, ["login": login, "devices": device])
        let guess = SignInBudget.Guess(
            login: login,
            address: caller.address,
            device: row?.knowsDevice == true ? device.first : nil
        )
        let verdict = try budget.spend(.password, guess, in: session)
        if verdict == .justSpent { try recordThrottle(row?.id, step: "password", in: session) }
        return Known(row: row, mayGuess: verdict == .open)
    }

    /// From here on guesses are refused unseen; the trail says so once for each budget and quarter of an hour.
    func recordThrottle(_ staff: StaffID?, step: String, in session: Session) throws {
        try desk.audit.record(
            AuditEvent(
                "access.sign_in_throttled",
                portal: nil,
                by: .system,
                on: staff.map(Subject.staff) ?? Subject("staff", 0),
                facts: ["step": step]
            ),
            in: session
        )
    }

    /// A wrong guess stands in the trail; of an unknown name nothing is kept, since people type passwords there.
    private func refuse(_ staff: StaffID?) async throws {
        try await desk.database.transaction(.installation) { session in
            let subject = staff.map(Subject.staff) ?? Subject("staff", 0)
            try desk.audit.record(
                AuditEvent(
                    "access.sign_in_refused",
                    portal: nil,
                    by: .system,
                    on: subject,
                    facts: ["step": "password"]
                ),
                in: session
            )
        }
    }
}
