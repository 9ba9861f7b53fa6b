import Audit
import DeskKit
import FoundationEssentials
import Postgres
import Secrets

/// What members of staff change about their own access. Each asks for a proof first, so that an open console is not
/// enough (ASVS 7.5.1), and guesses at it draw on the same budgets as a sign-in.
struct OwnAccess: Sendable {
    enum Refusal: String, Error, Sendable, CaseIterable {
        case wrong
        case spent
        /// The password was changed elsewhere at the same moment.
        case changedMeanwhile = "changed_meanwhile"
    }

    let access: AccessService

    private var desk: Desk { access.desk }
    private var signIn: SignIn { access.signIn }

    /// A new password in place of the one typed; every other session ends. The new one has been found good before.
    /// Throws `Refusal`; `SecretsError.busy` under a flood.
    func changePassword(
        of staff: StaffContext,
        from current: Redacted<String>,
        to new: Redacted<String>,
        session mine: [UInt8],
        _ caller: SignIn.Caller
    ) async throws {
        let own = try await prove(.password, staff, caller)
        guard case .right = try await access.hasher.verify(current, against: own.passwordHash) else {
            throw try await refuse(staff, step: "password")
        }
        let hash = try await access.hasher.hash(new)
        try await desk.database.transaction(.installation(staff: staff.id)) { session in
            let changed = try session.run(
                AccessQueries.changePassword,
                ["staff": staff.id, "hash": hash, "old": own.passwordHash]
            )
            guard changed == 1 else { throw Refusal.changedMeanwhile }
            let ended = try session.run(AccessQueries.endOtherSessions, ["staff": staff.id, "mine": mine])
            try signIn.budget.forgive(guess(staff, caller), in: session)
            try record(action: "access.password_changed", staff, ["n": "\(ended)"], in: session)
        }
    }

    /// Ten new recovery codes in place of the old ones, for a code of the authenticator. Throws `Refusal`.
    func renewRecoveryCodes(
        of staff: StaffContext,
        code: Redacted<String>,
        _ caller: SignIn.Caller
    ) async throws -> [Redacted<String>] {
        _ = try await prove(.code, staff, caller)
        let codes = OneTimeCode.recoveryCodes()
        let isRight = try await desk.database.transaction(.installation(staff: staff.id)) { session in
            guard let own = try session.first(AccessQueries.ownSecrets, ["staff": staff.id]),
                try signIn.acceptsTOTP(code, own, in: session)
            else { return false }
            try session.run(AccessQueries.forgetRecoveryCodes, ["staff": staff.id])
            try session.run(
                AccessQueries.addRecoveryCodes,
                [
                    "staff": staff.id,
                    "hashes": codes.map { signIn.recovery.hash(code: $0, scope: "\(staff.id)") },
                ]
            )
            try signIn.budget.forgive(guess(staff, caller), in: session)
            try record(action: "access.recovery_renewed", staff, [:], in: session)
            return true
        }
        guard isRight else { throw try await refuse(staff, step: "code") }
        return codes
    }

    /// Ends every session of this member of staff but this one; answers how many.
    func endOthers(of staff: StaffContext, session mine: [UInt8]) async throws -> Int {
        try await desk.database.transaction(.installation(staff: staff.id)) { session in
            let ended = try session.run(AccessQueries.endOtherSessions, ["staff": staff.id, "mine": mine])
            if ended > 0 { try record(action: "access.sessions_ended", staff, ["n": "\(ended)"], in: session) }
            return ended
        }
    }

    /// Counts the guess, committed before it is looked at.
    private func prove(
        _ kind: SignInBudget.Kind,
        _ staff: StaffContext,
        _ caller: SignIn.Caller
    ) async throws -> OwnSecretsRow {
        let (verdict, own) = try await desk.database.transaction(.installation(staff: staff.id)) { session in
            let verdict = try signIn.budget.spend(kind, guess(staff, caller), in: session)
            if verdict == .justSpent { try signIn.recordThrottle(staff.id, step: kind.rawValue, in: session) }
            return (verdict, try session.first(AccessQueries.ownSecrets, ["staff": staff.id]))
        }
        guard verdict == .open, let own else { throw Refusal.spent }
        return own
    }

    private func guess(_ staff: StaffContext, _ caller: SignIn.Caller) -> SignInBudget.Guess {
        SignInBudget.Guess(
            login: staff.login,
            address: caller.address,
            device: caller.device.flatMap { signIn.devices.candidates($0).first }
        )
    }

    private func refuse(_ staff: StaffContext, step: String) async throws -> Refusal {
        try await desk.database.transaction(.installation(staff: staff.id)) { session in
            try record(action: "access.sign_in_refused", staff, ["step": step], in: session)
        }
        return .wrong
    }

    private func record(
        action: String,
        _ staff: StaffContext,
        _ facts: [String: String],
        in session: Session
    ) throws {
        try desk.audit.record(
            AuditEvent(action, portal: nil, by: staff.actor, on: .staff(staff.id), facts: facts),
            in: session
        )
    }
}
