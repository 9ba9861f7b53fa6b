package import Access
package import DeskKit
import FoundationEssentials
package import Hummingbird
package import Identity
package import JobRunner
package import Messaging
package import Postgres
package import Secrets

/// Accounts of the portals' clients: made by an activation, used through the portal API, shown and helped by staff.
/// Tables: `account`, `access`, `company_code`, `account_code`, `account_session`, `account_device`, `portal_key`,
/// `account_term`, `contact_change`, `incident`, `access_warning`. Rights: `accounts.*`, `portals.edit` for the keys.
package struct AccountsFeature: Sendable {
    package let activate: ActivateAccounts
    package let companyCodes: CompanyCodeBook
    package let portalKeys: PortalKeys
    package let clientAccounts: ClientAccounts
    private let desk: Desk
    let room: AccountsRoom
    let api: PortalAPI

    /// `description` is the API's OpenAPI document. The hasher is the process's one, shared with staff's sign-in.
    package init(
        desk: Desk,
        identity: IdentityService,
        queue: JobQueue,
        outbox: Outbox,
        hasher: PasswordHasher,
        requests: any TakesDataChanges,
        description: [UInt8]
    ) {
        room = AccountsRoom(desk: desk, identity: identity, queue: queue, outbox: outbox)
        let codes = OneTimeCodes(keyRing: desk.keys)
        let sessions = AccountSessions(keyRing: desk.keys)
        let devices = KnownDevices(keyRing: desk.keys)
        companyCodes = CompanyCodeBook(keyRing: desk.keys)
        let logins = LoginFinder(companyCodes: companyCodes)
        portalKeys = PortalKeys(database: desk.database, audit: desk.audit, keyRing: desk.keys)
        clientAccounts = ClientAccounts()
        activate = ActivateAccounts(audit: desk.audit, outbox: outbox, codes: codes, companyCodes: companyCodes)
        self.desk = desk
        api = PortalAPI(
            desk: desk,
            signIn: SignIn(
                database: desk.database,
                audit: desk.audit,
                sessions: sessions,
                outbox: outbox,
                codes: codes,
                logins: logins,
                devices: devices,
                hasher: hasher
            ),
            redeemCode: RedeemCode(
                database: desk.database,
                audit: desk.audit,
                sessions: sessions,
                codes: codes,
                logins: logins
            ),
            setPassword: SetPassword(database: desk.database, audit: desk.audit, sessions: sessions, hasher: hasher),
            confirmSecondStep: ConfirmSecondStep(
                database: desk.database,
                audit: desk.audit,
                sessions: sessions,
                codes: codes,
                devices: devices
            ),
            sessions: sessions,
            portalKeys: portalKeys,
            help: PortalAPIHelp(
                room: room,
                sessions: sessions,
                recover: Recover(room: room, logins: logins),
                selfService: SelfService(room: room, sessions: sessions, requests: requests)
            ),
            description: description
        )
    }

    package static let queries: [any QueryDescribing] =
        AccountsQueries.all + AccountsQueries.actions + ClosingQueries.all

    /// What workers do for this room.
    package var jobs: [any JobHandler] {
        [
            ApplyContactChange(portals: desk.portals, notices: room.notices, trail: room.trail),
            AccessWindow(portals: desk.portals, notices: room.notices, trail: room.trail),
        ]
    }

    /// Whose full, live session a token of the portal API is. Throws `PostgresError`.
    package func signedIn(_ token: String, portal: PortalID, in session: Session) throws -> AccountID? {
        guard let row = try api.sessions.use(token, portal: portal, in: session), row.step == .full else { return nil }
        return row.accountID
    }

    package func addRoutes(to router: Router<DeskContext>) {
        api.addRoutes(to: router)
        let routes = AccountsRoutes(desk: desk, portalKeys: portalKeys, room: room)
        WorkListRoutes(desk: desk).add(to: router)
        ActionRoutes(room: room).add(to: router)
        ContactRoutes(room: room).add(to: router)
        router.get("/accounts/{portal}/keys", use: routes.keys)
        router.post("/accounts/{portal}/keys", use: routes.makeKey)
        router.post("/accounts/{portal}/keys/{id}/revocation", use: routes.revokeKey)
        router.get("/accounts/{portal}/{id}", use: routes.show)
    }

    /// The ids of the key file under which company codes are sealed.
    package func keyIDsInUse(in session: Session) throws -> [String] {
        try session.all(AccountsQueries.keyIDsInUse)
    }
}
