package import DeskKit
import Messaging
package import Postgres

/// Answers "may we?" for everything that sends: what somebody agreed to, refused or was asked again.
package struct ConsentGate: MaySend {
    package init() {}

    package func reasonNotToSend(
        _ kind: String,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        in session: Session
    ) throws -> String? {
        try session.one(
            ConsentsQueries.sendObstacle,
            ["portal": portal, "kind": kind, "client": client, "account": account]
        )
    }
}
