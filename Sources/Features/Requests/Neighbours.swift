package import Audit
package import DeskKit
package import Postgres

/// Asked of Accounts: the client's way into the portal ends, in the caller's transaction.
package protocol ClosesAccounts: Sendable {
    /// Ends every access to the client, and closes the accounts that are left without any; answers how many were
    /// closed. Nothing may open them again by itself.
    func close(
        client: ClientID,
        request: ClientRequestID,
        portal: PortalID,
        by actor: Audit.Actor,
        in session: Session
    ) throws -> Int
}
