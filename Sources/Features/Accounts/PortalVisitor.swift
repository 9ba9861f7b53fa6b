package import Portals

/// A client at a portal, without HTTP: for the demo. Each act is the command behind the portal's API.
package struct PortalVisitor: Sendable {
    private let api: PortalAPI
    private let portal: PortalProfile

    package init(_ feature: AccountsFeature, portal: PortalProfile) {
        api = feature.api
        self.portal = portal
    }

    /// Signs in for the first time with the code that was sent, and sets an own password. Throws the commands'
    /// refusals.
    package func begin(companyCode: String?, login: String, code: String, password: String) async throws {
        let form = RedeemForm(companyCode: companyCode, login: login, code: code)
        let opened = try await api.redeemCode(form, portal: portal)
        _ = try await api.setPassword(password, token: opened.token, portal: portal)
    }

    /// Tries a password that is not the account's, as often as the portal allows: then it is locked.
    package func lockOut(companyCode: String?, login: String) async throws {
        // The demo's story has no time for the waits between wrong sign-ins.
        var portal = portal
        var rules = portal.rules.callerRules
        rules.signInDelaySeconds = 0
        portal.rules.callers = rules
        for attempt in 0..<portal.rules.lockAfter {
            let form = SignInForm(companyCode: companyCode, login: login, password: "wrong-\(attempt)-0")
            do {
                _ = try await api.signIn(form, portal: portal)
            } catch SignIn.Refusal.wrongCredentials {
                continue
            }
        }
    }
}
