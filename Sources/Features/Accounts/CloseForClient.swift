package import Audit
package import DeskKit
package import Postgres

/// Ends a client's way into the portal for good: every access to the client, and the accounts that are left without
/// any, with their sessions and codes. An account that acts for somebody else stays.
package struct CloseForClient: Sendable {
    let audit: AuditTrail

    package init(audit: AuditTrail) {
        self.audit = audit
    }

    /// Answers the accounts that were closed. `reason` is a code for the trail.
    @discardableResult
    package func callAsFunction(
        _ client: ClientID,
        portal: PortalID,
        reason: String,
        by actor: Actor,
        in session: Session
    ) throws -> [AccountID] {
        let ended = try session.all(ClosingQueries.endAccesses, ["portal": portal, "client": client])
        guard !ended.isEmpty else { return [] }
        for account in ended {
            try record(action: "access.ended", account, client, portal, reason, by: actor, in: session)
        }
        let end = EndOfAccount(portal: portal)
        let closed = try ended.filter { try end.close($0, in: session) }
        for account in closed {
            try record(action: "account.closed", account, client, portal, reason, by: actor, in: session)
        }
        return closed
    }

    private func record(
        action: String,
        _ account: AccountID,
        _ client: ClientID,
        _ portal: PortalID,
        _ reason: String,
        by actor: Actor,
        in session: Session
    ) throws {
        try audit.record(
            AuditEvent(
                action,
                portal: portal,
                by: actor,
                on: .account(account),
                client: client,
                facts: ["reason": reason]
            ),
            in: session
        )
    }
}

/// The statements of `sql/queries/accounts_closing.sql`.
enum ClosingQueries {
    static let endAccesses = Query<AccountID>("accounts_closing.end_accesses")

    static let all: [any QueryDescribing] = [endAccesses]
}
