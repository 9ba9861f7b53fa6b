import DeskKit
package import DeskWeb
import HTTPTypes
package import Hummingbird
package import Postgres
package import Secrets

/// The room of staff: who they are, how they sign in, what they may do where. Tables: `staff`, `staff_role`,
/// `staff_session`, `staff_link`, `staff_recovery_code`, `staff_device`, `sign_in_budget`, `form_key`. Rights:
/// `access.staff`, and `portals.edit` for the pages of the portals. Its file `Roles.swift` says which role may do what.
package struct AccessService: Sendable {
    let desk: Desk
    /// The process's one hasher: a second one would double the memory that a flood may cost.
    package let hasher: PasswordHasher
    package let signIn: SignIn
    package let navigation: [GuardedEntry]
    /// Addresses of proxies whose X-Forwarded-For is believed; "local" for a Unix socket.
    let trustedProxies: Set<String>
    package var portalKit: PortalKit
    private(set) var sidebar: SidebarCounts

    /// `navigation` is the sidebar in its order; each reader sees the entries whose right they hold at some portal.
    package init(
        desk: Desk,
        navigation: [GuardedEntry],
        trustedProxies: Set<String> = [],
        portalKit: PortalKit = PortalKit(),
        cost: PasswordCost = .standard
    ) {
        self.desk = desk
        self.portalKit = portalKit
        sidebar = SidebarCounts([], desk.database)
        self.navigation = navigation
        self.trustedProxies = trustedProxies
        hasher = PasswordHasher(keys: desk.keys, cost: cost)
        signIn = SignIn(desk: desk, hasher: hasher, limits: SignInBudget.Limits())
    }

    package static let queries = AccessQueries.all

    /// Who counts what waits behind the entries of the sidebar.
    package mutating func count(by rooms: [any CountsWaiting]) {
        sidebar = SidebarCounts(rooms, desk.database)
    }

    package static let navigation = [
        GuardedEntry(.accessStaff, NavigationEntry(key: "desk.nav.staff", href: "/access/staff")),
        GuardedEntry(.portalsEdit, NavigationEntry(key: "desk.nav.portals", href: "/portals")),
    ]

    /// Where a pasted text of megabytes is answered in words instead of being cut off; behind a session alone.
    private static let largeForms = ["/texts/": 16 * 1024 * 1024, "/requests/": 16 * 1024 * 1024]

    /// Adds what every request of the console passes, after `PageSetup` and the outer `ErrorPages`: the session, error
    /// pages with the sidebar, the trail of denials, the gate of forms.
    package func addGates(to router: Router<DeskContext>) {
        router.add(middleware: SessionGate(desk: desk, access: self))
        router.add(middleware: ErrorPages())
        router.add(middleware: DenialAudit(desk: desk))
        router.add(middleware: FormGate(larger: Self.largeForms))
    }

    /// Adds sign-in, set-up links, preferences, and the administrator's pages of staff and portals.
    package func addRoutes(to router: Router<DeskContext>) {
        SignInRoutes(access: self).add(to: router)
        WelcomeRoutes(access: self).add(to: router)
        OwnRoutes(access: self).add(to: router)
        StaffRoutes(access: self).add(to: router)
        PortalRoutes(desk: desk, kit: portalKit).add(to: router)
        let database = desk.database
        Preferences.add(to: router) { language, context in
            guard let staff = context.staff else { return }
            try await database.transaction(.installation(staff: staff.id)) { session in
                _ = try session.run(AccessQueries.setLanguage, ["staff": staff.id, "language": language.rawValue])
            }
        }
    }

    /// The ids of the keys that sealed secrets of staff, for the check at start.
    package func keyIDsInUse(in session: Session) throws -> [String] {
        try session.all(AccessQueries.keyIDsInUse)
    }

    /// Whether members of demo staff who may sign in exist, for `check`.
    package func hasDemoStaff(in session: Session) throws -> Bool {
        try session.one(AccessQueries.demoStaffExist)
    }

    /// Removes long ended sessions, old budgets and form keys; for a daily job.
    package func sweep(in session: Session) throws {
        try session.run(AccessQueries.sweepSessions)
        try session.run(AccessQueries.sweepBudgets)
        try session.run(AccessQueries.sweepFormKeys)
    }

    /// Where a request comes from, past the proxies that are trusted.
    package func address(of request: Request, _ context: DeskContext) -> String {
        guard trustedProxies.contains(context.peer), let name = HTTPField.Name("X-Forwarded-For"),
            let header = request.headers[name]
        else { return context.peer }
        let hops = header.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        return hops.last { !trustedProxies.contains($0) } ?? context.peer
    }
}

/// An entry of the sidebar with the right that shows it.
package struct GuardedEntry: Sendable {
    package let right: Right
    package let entry: NavigationEntry

    package init(_ right: Right, _ entry: NavigationEntry) {
        self.right = right
        self.entry = entry
    }
}
