package import DeskKit
package import Portals
package import Postgres

/// An account that an application opened, and how far its user has come; for the demo, which plays the users.
package struct OpenedAccount: Sendable {
    package let login: String
    package let isInvited: Bool
    package let isLocked: Bool
    package let companyCode: Redacted<String>?
}

extension AccountsFeature {
    /// The accounts that applications of the portal opened, by age. Throws `PostgresError`.
    package func opened(_ portal: PortalProfile, in session: Session) throws -> [OpenedAccount] {
        try session.all(AccountsQueries.accountsOfApplications, ["portal": portal.id]).map { row in
            let hasCode = portal.rules.loginKind == .companyCode
            return OpenedAccount(
                login: row.login,
                isInvited: row.state == "invited",
                isLocked: row.state == "locked",
                companyCode: hasCode
                    ? try companyCodes.reveal(row.applicationID, client: nil, portal: portal.id, in: session) : nil
            )
        }
    }
}
