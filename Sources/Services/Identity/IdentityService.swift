package import Access
package import DeskKit
import DeskWeb
package import Hummingbird
package import Portals
package import Postgres

/// Verification of callers as a case: what proves who somebody is comes from the portal's profile, answers are compared
/// by the program, attempts count across all staff. Tables: `verification`, `verification_step`. Right:
/// `identity.verify`. Actions ask `require`.
package struct IdentityService: Sendable {
    let desk: Desk

    package init(desk: Desk) {
        self.desk = desk
    }

    package static let queries: [any QueryDescribing] = IdentityQueries.all

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        IdentityRoutes(desk: desk).add(to: router)
    }

    /// The proof that carries an action on this account, or on this client as such: at least so strong, and still in
    /// its time. The client may be left out where an account is named. Throws `NotVerified`, `PostgresError`.
    package func require(
        _ strength: VerificationStrength,
        client: ClientID?,
        account: AccountID? = nil,
        portal: PortalID,
        in session: Session
    ) throws -> VerificationID {
        guard let standing = try standing(client: client, account: account, portal: portal, in: session),
            standing.strength >= strength
        else { throw NotVerified(needs: strength) }
        return standing.id
    }

    /// The strongest proof that stands now, nil when there is none. Throws `PostgresError`.
    package func standing(
        client: ClientID?,
        account: AccountID?,
        portal: PortalID,
        in session: Session
    ) throws -> Standing? {
        try session.first(
            IdentityQueries.standing,
            ["portal": portal, "client": client?.rawValue, "account": account?.rawValue]
        )
    }

    /// From now on nothing proves who the holder of this account is, a case that is open included: a threat is
    /// suspected, or the contact changed.
    package func void(account: AccountID, portal: PortalID, in session: Session) throws {
        try session.run(IdentityQueries.void, ["portal": portal, "account": account])
    }

    /// Where a case of this person is opened.
    package static func path(portal: PortalProfile, client: ClientID, account: AccountID?) -> String {
        "/identity/\(portal.key)/clients/\(client)" + (account.map { "?account=\($0)" } ?? "")
    }
}
