import DeskKit
import Postgres
import Secrets

/// Sessions of clients at the portal API: a random token, kept as a keyed hash; 15 minutes idle, 12 hours in all.
struct AccountSessions: Sendable {
    private let lookup: LookupHash

    init(keyRing: KeyRing) {
        lookup = keyRing.lookup(.session)
    }

    /// A full session lasts 12 hours at most; a step on the way to one a quarter of an hour.
    func open(
        _ step: SessionStep,
        for account: AccountID,
        portal: PortalID,
        in session: Session
    ) throws -> OpenedSession {
        let token = SecureRandom.token()
        try session.run(
            AccountsQueries.openSession,
            [
                "portal": portal, "token_hash": lookup.hash(token, scope: portal.description),
                "account": account.rawValue, "step": step, "minutes": step == .full ? 720 : 15,
            ]
        )
        return OpenedSession(token: token, step: step, account: account)
    }

    /// The live session of a token; nil when it ended, idled out, or never was.
    func use(_ token: String, portal: PortalID, in session: Session) throws -> AccountSessionRow? {
        guard (1...100).contains(token.utf8.count) else { return nil }
        for hash in lookup.candidates(token, scope: portal.description) {
            if let row = try session.first(AccountsQueries.useSession, ["portal": portal, "token_hash": hash]) {
                return row
            }
        }
        return nil
    }

    /// Ends one session; false when there was none to end.
    @discardableResult
    func end(_ token: String, portal: PortalID, in session: Session) throws -> Bool {
        var ended = 0
        for hash in lookup.candidates(token, scope: portal.description) {
            ended += try session.run(AccountsQueries.endSession, ["portal": portal, "token_hash": hash])
        }
        return ended > 0
    }

    /// Everybody for whom an account acts: what it does stands in the timeline of each.
    func clients(of account: AccountID, portal: PortalID, in session: Session) throws -> [ClientID] {
        try session.all(AccountsQueries.accessesOfAccount, ["portal": portal, "account": account.rawValue])
            .map(\.clientID)
    }

    /// For whom an account first acts: messages stand with that client.
    func firstClient(of account: AccountID, portal: PortalID, in session: Session) throws -> ClientID? {
        try clients(of: account, portal: portal, in: session).first
    }
}
