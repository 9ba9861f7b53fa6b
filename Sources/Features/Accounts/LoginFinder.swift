import DeskKit
import Identifiers
import Portals
import Postgres

/// Finds the account that a typed login means, by the portal's login kind.
struct LoginFinder: Sendable {
    let companyCodes: CompanyCodeBook

    /// Nil for a login that nobody bears, a company code that does not exist, or text of no login's form.
    func find(
        _ companyCode: String?,
        _ login: String,
        portal: PortalProfile,
        in session: Session
    ) throws -> AccountRow? {
        let login = login.trimmingBlanks
        guard (1...254).contains(login.unicodeScalars.count), !login.unicodeScalars.contains("\0") else { return nil }
        var realm: Int64 = 0
        if portal.rules.loginKind == .companyCode {
            guard let typed = companyCode, typed.utf8.count <= 40,
                let client = try companyCodes.client(of: typed, portal: portal.id, in: session)
            else { return nil }
            realm = client.rawValue
        }
        return try session.first(
            AccountsQueries.accountOfLogin,
            ["portal": portal.id, "realm": realm, "login": login]
        )
    }
}
