import Audit
package import DeskKit
import FoundationEssentials
import Postgres
import Secrets

extension SignIn {
    /// What came of a typed code; committed either way, so that every try counts.
    private enum CodeOutcome: Sendable {
        case opened(Opened)
        case refused(Refusal)
    }

    /// The second step: a code of the authenticator or a recovery code. Ends the pending sign-in and opens the session
    /// under a new token. Throws `Refusal`.
    package func code(
        _ typed: Redacted<String>,
        pending: Redacted<String>,
        from caller: Caller
    ) async throws -> Opened {
        let outcome = try await desk.database.transaction(.installation) { session in
            try check(typed, pending: pending, caller, in: session)
        }
        switch outcome {
        case .opened(let opened): return opened
        case .refused(let refusal): throw refusal
        }
    }

    private func check(
        _ typed: Redacted<String>,
        pending: Redacted<String>,
        _ caller: Caller,
        in session: Session
    ) throws -> CodeOutcome {
        let devices = caller.device.map { self.devices.candidates($0) } ?? []
        let row = try session.first(
            AccessQueries.spendCodeTry,
            ["hashes": sessions.candidates(pending.reveal()), "devices": devices]
        )
        guard let row else { return .refused(.over) }
        let guess = SignInBudget.Guess(
            login: row.login,
            address: caller.address,
            device: row.knowsDevice ? devices.first : nil
        )
        let verdict = try budget.spend(.code, guess, in: session)
        guard verdict == .open else {
            if verdict == .justSpent { try recordThrottle(row.id, step: "code", in: session) }
            return .refused(.spent)
        }
        let usedRecovery: Bool
        let proof = OwnSecretsRow(row)
        if try acceptsTOTP(typed, proof, in: session) {
            usedRecovery = false
        } else if try acceptsRecovery(typed, row.id, in: session) {
            usedRecovery = true
        } else {
            try desk.audit.record(
                AuditEvent(
                    "access.sign_in_refused",
                    portal: nil,
                    by: .system,
                    on: .staff(row.id),
                    facts: ["step": "code"]
                ),
                in: session
            )
            return .refused(.wrong)
        }
        try budget.forgive(guess, in: session)
        return .opened(try open(row, caller, usedRecovery: usedRecovery, in: session))
    }

    /// Whether the authenticator of this member of staff shows this code now; it is used up then.
    func acceptsTOTP(_ typed: Redacted<String>, _ row: OwnSecretsRow, in session: Session) throws -> Bool {
        guard let secret = row.totpSecret, let keyID = row.totpKeyID else { return false }
        let opened = try desk.keys.open(Sealed(keyID: keyID, bytes: secret), context: .totp(row.id))
        let now = TOTP.step(at: Int64(desk.clock.now().timeIntervalSince1970))
        guard let step = TOTP(secret: opened).verify(typed, at: now, lastStep: row.totpLastStep) else { return false }
        return try session.run(AccessQueries.useTOTPStep, ["staff": row.id, "step": step]) == 1
    }

    private func acceptsRecovery(_ typed: Redacted<String>, _ staff: StaffID, in session: Session) throws -> Bool {
        let hashes = recovery.candidates(OneTimeCode.normalized(typed.reveal()), scope: "\(staff)")
        return try session.run(AccessQueries.useRecoveryCode, ["staff": staff, "hashes": hashes]) == 1
    }

    private func open(
        _ row: CodeTryRow,
        _ caller: Caller,
        usedRecovery: Bool,
        in session: Session
    ) throws -> Opened {
        _ = try session.first(AccessQueries.endSession, ["hashes": [row.tokenHash]])
        let token = SecureRandom.token()
        try session.run(
            AccessQueries.openSession,
            [
                "hash": sessions.hash(token), "staff": row.id, "step": "full", "browser": caller.browser,
                "minutes": Self.sessionMinutes,
            ]
        )
        let device = caller.device ?? SecureRandom.token()
        try session.run(AccessQueries.rememberDevice, ["hash": devices.hash(device), "staff": row.id])
        try desk.audit.record(
            AuditEvent(
                "access.signed_in",
                portal: nil,
                by: .staff(row.id, name: row.name),
                on: .staff(row.id),
                facts: ["with": usedRecovery ? "recovery_code" : "authenticator"]
            ),
            in: session
        )
        let left = usedRecovery ? try session.one(AccessQueries.countRecoveryCodes, ["staff": row.id]) : nil
        return Opened(staff: row.id, token: Redacted(token), device: Redacted(device), codesLeft: left)
    }

    /// Ends the session of this token, if there is one; its audit row is written with it.
    package func signOut(_ token: Redacted<String>) async throws {
        try await desk.database.transaction(.installation) { session in
            let ended = try session.first(
                AccessQueries.endSession,
                ["hashes": sessions.candidates(token.reveal())]
            )
            guard let ended else { return }
            try desk.audit.record(
                AuditEvent(
                    "access.signed_out",
                    portal: nil,
                    by: .staff(ended.id, name: ended.name),
                    on: .staff(ended.id)
                ),
                in: session
            )
        }
    }
}

extension OwnSecretsRow {
    fileprivate init(_ row: CodeTryRow) {
        self.init(
            id: row.id,
            login: row.login,
            name: row.name,
            passwordHash: nil,
            totpSecret: row.totpSecret,
            totpKeyID: row.totpKeyID,
            totpLastStep: row.totpLastStep
        )
    }
}

extension SealContext {
    /// The authenticator secret of one member of staff.
    static func totp(_ staff: StaffID) -> SealContext {
        SealContext("staff.totp_secret", staff)
    }
}
