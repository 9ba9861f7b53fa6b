package import DeskKit
import Messaging
package import Postgres

/// Answers "may we?" for everything that sends: what somebody agreed to, refused or was asked again.
package struct ConsentGate: MaySend, TakesBackConsent {
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

    package func needsConsent(_ kind: String, portal: PortalID, in session: Session) throws -> Bool {
        try !purposes(kind, portal, in: session).isEmpty
    }

    /// Of the account where the message was for one, else of the client. For somebody whose data the law alone keeps
    /// nothing is decided any more, and nothing is sent either.
    package func takeBack(
        _ kind: String,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        once: String,
        in session: Session
    ) throws -> Bool {
        let purposes = try purposes(kind, portal, in: session)
        let subject = account.map { ConsentSubject.account($0) } ?? client.map { .client($0) }
        guard let subject, !purposes.isEmpty else { return false }
        if let client {
            let row = try session.first(ConsentsQueries.clientOfConsents, ["portal": portal, "client": client])
            if row?.isRestricted == true { return false }
        }
        let receipt = try RecordConsent().run(
            RecordConsent.Request(
                subject: subject,
                method: .unsubscribe,
                decisions: purposes.map { Decision(purpose: $0, action: .withdraw) },
                onceKey: ([once] + purposes).joined(separator: " ")
            ),
            portal: portal,
            in: session
        )
        return !receipt.isRepeat
    }

    private func purposes(_ kind: String, _ portal: PortalID, in session: Session) throws -> [String] {
        try session.all(ConsentsQueries.purposesOfKind, ["portal": portal, "kind": kind])
    }
}
