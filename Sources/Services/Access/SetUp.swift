import Audit
package import DeskKit
import FoundationEssentials
import Postgres
package import Secrets

/// The first hour of a member of staff: the set-up link, a password, the authenticator, the recovery codes.
package struct SetUp: Sendable {
    /// Why a set-up is refused.
    package enum Refusal: String, Error, Sendable, CaseIterable {
        /// Used, too old, or never issued.
        case linkIsVoid = "link_is_void"
        case wrongCode = "wrong_code"
    }

    /// What the set-up page shows.
    package struct Invitation: Sendable {
        package let staff: StaffID
        package let login: String
        package let name: String
        package let totp: TOTP
        let tokenHash: [UInt8]
    }

    let desk: Desk
    let hasher: PasswordHasher
    private let links: LookupHash
    private let recovery: LookupHash

    init(desk: Desk, hasher: PasswordHasher) {
        self.desk = desk
        self.hasher = hasher
        links = desk.keys.lookup(.link)
        recovery = desk.keys.lookup(.recoveryCode)
    }

    /// What a link invites to. Throws `Refusal.linkIsVoid`.
    package func invitation(_ token: Redacted<String>) async throws -> Invitation {
        let row = try await desk.database.read(.installation) { session in
            try session.first(AccessQueries.findLink, ["hashes": links.candidates(token.reveal())])
        }
        guard let row else { throw Refusal.linkIsVoid }
        let secret = try desk.keys.open(
            Sealed(keyID: row.totpKeyID, bytes: row.totpSecret),
            context: .totp(row.id)
        )
        return Invitation(
            staff: row.id,
            login: row.login,
            name: row.name,
            totp: TOTP(secret: secret),
            tokenHash: row.tokenHash
        )
    }

    /// Sets password and authenticator, and answers the recovery codes, which are never shown again. Throws `Refusal`,
    /// or `SecretsError.busy`. The password has been found good before.
    package func accept(
        _ invitation: Invitation,
        password: Redacted<String>,
        code: Redacted<String>,
        language: String
    ) async throws -> [Redacted<String>] {
        let now = TOTP.step(at: Int64(desk.clock.now().timeIntervalSince1970))
        guard let step = invitation.totp.verify(code, at: now, lastStep: 0) else { throw Refusal.wrongCode }
        let hash = try await hasher.hash(password)
        return try await desk.database.transaction(.installation) { session in
            guard try session.run(AccessQueries.useLink, ["hash": invitation.tokenHash]) == 1 else {
                throw Refusal.linkIsVoid
            }
            return try activate(invitation, hash: hash, step: step, language: language, in: session)
        }
    }

    private func activate(
        _ invitation: Invitation,
        hash: String,
        step: Int64,
        language: String,
        in session: Session
    ) throws -> [Redacted<String>] {
        let staff = invitation.staff
        let sealed = try desk.keys.seal(invitation.totp.revealSecret(), context: .totp(staff))
        let touched = try session.run(
            AccessQueries.activateStaff,
            [
                "staff": staff, "password_hash": hash, "secret": sealed.bytes, "key_id": sealed.keyID, "step": step,
                "language": language,
            ]
        )
        guard touched == 1 else { throw Refusal.linkIsVoid }
        let codes = OneTimeCode.recoveryCodes()
        try session.run(AccessQueries.forgetRecoveryCodes, ["staff": staff])
        try session.run(
            AccessQueries.addRecoveryCodes,
            ["staff": staff, "hashes": codes.map { recovery.hash(code: $0, scope: "\(staff)") }]
        )
        try desk.audit.record(
            AuditEvent(
                "access.set_up",
                portal: nil,
                by: .staff(staff, name: invitation.name),
                on: .staff(staff)
            ),
            in: session
        )
        return codes
    }
}
