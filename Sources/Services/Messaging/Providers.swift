package import DeskKit
import Portals
package import Postgres

/// The ways in which a portal sends, as the program itself sets them up.
package enum Providers {
    /// Gives each channel that has no provider the built-in one, which sends nothing outside. Throws `PostgresError`.
    package static func installLocal(_ portal: PortalID, in session: Session) throws {
        try session.run(
            MessagingQueries.installLocalProvider,
            ["portal": portal, "channels": Channel.allCases]
        )
    }

    /// The ids of the key file that open the providers' passwords.
    package static func keyIDsInUse(in session: Session) throws -> [String] {
        try session.all(MessagingQueries.keyIDsInUse)
    }
}
