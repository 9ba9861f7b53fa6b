import DeskKit
import Postgres
import Secrets

/// Browsers that signed in before, each with a budget of wrong sign-ins of its own: a stranger who guesses passwords
/// uses up the account's budget and cannot keep the owner out.
struct KnownDevices: Sendable {
    private let lookup: LookupHash

    init(keyRing: KeyRing) {
        lookup = keyRing.lookup(.device)
    }

    /// Takes a try from the device's own budget; false for a device that is not this account's, or has none left.
    func spend(
        _ token: String?,
        of account: AccountID,
        portal: PortalID,
        limit: Int,
        in session: Session
    ) throws -> Bool {
        for hash in candidates(token, portal) {
            let spent = try session.run(
                AccountsQueries.spendDevice,
                ["portal": portal, "token_hash": hash, "account": account, "limit": limit]
            )
            if spent == 1 { return true }
        }
        return false
    }

    /// Remembers the device after a full sign-in; the answer is its token, a new one where it had none of this account.
    func remember(_ token: String?, of account: AccountID, portal: PortalID, in session: Session) throws -> String {
        for hash in candidates(token, portal) {
            let known = try session.run(
                AccountsQueries.seeDevice,
                ["portal": portal, "token_hash": hash, "account": account]
            )
            if known == 1, let token { return token }
        }
        let fresh = SecureRandom.token()
        try session.run(
            AccountsQueries.addDevice,
            ["portal": portal, "token_hash": lookup.hash(fresh, scope: portal.description), "account": account]
        )
        return fresh
    }

    private func candidates(_ token: String?, _ portal: PortalID) -> [[UInt8]] {
        guard let token, (20...100).contains(token.utf8.count) else { return [] }
        return lookup.candidates(token, scope: portal.description)
    }
}
