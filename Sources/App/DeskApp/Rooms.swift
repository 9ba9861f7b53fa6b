package import Access
package import Accounts
import Audit
package import Calendars
package import Clients
import DeskKit
import DeskWeb
package import Documents
import FoundationEssentials
package import Hummingbird
package import Identity
package import JobRunner
package import Messaging
package import Onboarding
package import Operations
package import Portals
package import Postgres
package import Reminders
package import Requests
package import Texts

/// All rooms of the house, fitted together: what one asks of another is answered here and nowhere else.
package struct Rooms: Sendable {
    package let desk: Desk
    package let access: AccessService
    package let calendars: CalendarsService
    package let messaging: MessagingService
    package let outbox: Outbox
    package let journal: SendJournal
    package let accounts: AccountsFeature
    package let identity: IdentityService
    package let documents: DocumentsService
    package let onboarding: OnboardingFeature
    package let clients: ClientsFeature
    package let reminders: RemindersFeature
    package let requests: RequestsFeature
    package let operations: OperationsFeature
    package let erasures: ErasureFeature
    package let texts: TextsFeature
    /// Who answers what a run would do.
    package let previews: [any PreviewsRun]
    /// What workers do.
    package let handlers: [any JobHandler]
    package let letters: Letters
    /// What a new portal is given.
    package let furnishers: [any FurnishesPortals]

    /// Throws where a file of `admin-web` cannot be read.
    package init(_ installation: Installation) throws {
        let desk = installation.desk
        let queue = installation.queue
        self.desk = desk
        let gate = ConsentGate()
        outbox = Outbox(audit: desk.audit, queue: queue, maySend: gate)
        var access = AccessService(
            desk: desk,
            navigation: Self.navigation,
            trustedProxies: installation.configuration.trustedProxies
        )
        calendars = CalendarsService(desk: desk)
        messaging = MessagingService(
            desk: desk,
            queue: queue,
            samples: [ReminderSamples(catalog: desk.site.catalog)],
            consents: gate
        )
        identity = IdentityService(desk: desk)
        reminders = RemindersFeature(desk: desk, queue: queue)
        documents = DocumentsService(keys: desk.keys)
        requests = RequestsFeature(
            desk: desk,
            documents: documents,
            outbox: outbox,
            queue: queue,
            accounts: RequestsNeighbours(closing: CloseForClient(audit: desk.audit))
        )
        let description = installation.configuration.root + "/admin-web/openapi/portal.json"
        accounts = AccountsFeature(
            desk: desk,
            identity: identity,
            queue: queue,
            outbox: outbox,
            hasher: access.hasher,
            requests: DataChangesOfClients(requests: requests),
            description: Array(try Data(contentsOf: URL(filePath: description)))
        )
        let visitors = access
        let openDescription = installation.configuration.root + "/admin-web/openapi/public.json"
        texts = TextsFeature(
            desk: desk,
            queue: queue,
            accounts: SignedInAccounts(accounts: accounts),
            description: Array(try Data(contentsOf: URL(filePath: openDescription)))
        ) { visitors.address(of: $0, $1) }
        let neighbours = OnboardingNeighbours(
            portals: desk.portals,
            adopt: AdoptClient(audit: desk.audit),
            accounts: accounts
        )
        onboarding = OnboardingFeature(
            desk: desk,
            documents: documents,
            codes: neighbours,
            clients: neighbours,
            accounts: neighbours
        )
        erasures = ErasureFeature(
            desk: desk,
            ledger: installation.configuration.ledgerFile.map { ErasureLedger(path: $0) }
        )
        previews = RemindersFeature.previews
        operations = OperationsFeature(
            desk: desk,
            queue: queue,
            previews: previews,
            recipients: RemindersFeature.recipients,
            neighbours: [EndReminders(), EndMessages()]
        )
        clients = ClientsFeature(
            desk: desk,
            panels: [
                WhyPanel(accounts: accounts.clientAccounts), AccountsPanel(accounts: accounts.clientAccounts),
                PendingChangesPanel(), RequestsPanel(), MessagesPanel(), RemindersPanel(), ConsentsPanel(),
                ErasurePanel(),
            ]
        )
        let portals = desk.portals
        let database = desk.database
        let configuration = installation.configuration
        let slots = configuration.concurrency(of: SendMessage.queue)
        let gateways = Gateways(
            keyRing: desk.keys,
            publicURL: configuration.publicURL,
            connections: slots
        ) { portal in
            guard let profile = try? await portals.all(database).first(where: { $0.id == portal }) else { return nil }
            let senders = profile.rules.senders
            return (senders.emailName, senders.emailAddress, senders.sms)
        }
        journal = SendJournal(configuration.journal, keyRing: desk.keys)
        handlers =
            [
                SendMessage(
                    audit: desk.audit,
                    gateways: gateways,
                    checks: [ReminderCheck(queue: queue), AccessEndCheck()],
                    maySend: gate,
                    journal: journal,
                    slots: slots
                ),
                SweepMessages(queue: queue, journal: journal), SweepAccess(access: access), PruneJobs(),
                FinishErasures(audit: desk.audit),
                WatchJobs(outbox: outbox, catalog: desk.site.catalog),
            ] + RemindersFeature.jobs(queue: queue, outbox: outbox, catalog: desk.site.catalog) + requests.jobs
            + TextsFeature.jobs(queue: queue, outbox: outbox, catalog: desk.site.catalog) + accounts.jobs
        let root = installation.configuration.root
        letters = try Letters.load(from: root + "/admin-web/letters")
        furnishers = [
            Furniture(
                letters: letters,
                queue: queue,
                registry: try JobRegistry(handlers),
                configuration: installation.configuration,
                logger: installation.logger
            )
        ]
        access.portalKit = PortalKit(
            furnishers: furnishers,
            patterns: (try? NewPortal.patterns(in: root + "/sql/demo/portals")) ?? []
        )
        access.count(by: [onboarding, operations, messaging])
        self.access = access
    }

    /// The sidebar in its order; each reader sees what their rights open.
    static let navigation: [GuardedEntry] = [
        GuardedEntry(.clientsView, NavigationEntry(key: "desk.nav.clients", href: "/clients")),
        GuardedEntry(.onboardingView, NavigationEntry(key: "desk.nav.applications", href: "/onboarding")),
        GuardedEntry(.onboardingCall, NavigationEntry(key: "desk.nav.calls", href: "/onboarding/calls")),
        GuardedEntry(.requestsView, NavigationEntry(key: "desk.nav.requests", href: "/requests")),
        GuardedEntry(.accountsView, NavigationEntry(key: "desk.nav.accounts", href: "/accounts/changes")),
        GuardedEntry(.remindersView, NavigationEntry(key: "desk.nav.reminders", href: "/reminders")),
        GuardedEntry(.textsView, NavigationEntry(key: "desk.nav.texts", href: "/texts")),
        GuardedEntry(.operationsView, NavigationEntry(key: "desk.nav.jobs", href: "/operations/jobs")),
        GuardedEntry(.messagingView, NavigationEntry(key: "desk.nav.messages", href: "/messaging")),
        GuardedEntry(.auditView, NavigationEntry(key: "desk.nav.audit", href: "/audit")),
        GuardedEntry(.accessStaff, NavigationEntry(key: "desk.nav.staff", href: "/access/staff")),
        GuardedEntry(.portalsEdit, NavigationEntry(key: "desk.nav.portals", href: "/portals")),
        GuardedEntry(.messagingProviders, NavigationEntry(key: "desk.nav.providers", href: "/messaging/providers")),
        GuardedEntry(.calendarsView, NavigationEntry(key: "desk.nav.calendars", href: "/calendars")),
    ]

    /// Every statement that any room runs.
    package static let allQueries: [any QueryDescribing] =
        AuditQueries.all + PortalsQueries.all + AccessService.queries + DocumentsQueries.all + JobsQueries.all
        + MessagingService.queries + ClientsFeature.queries + OnboardingFeature.queries + AccountsFeature.queries
        + RemindersFeature.queries + OperationsFeature.queries + CalendarsService.queries + IdentityService.queries
        + ErasureFeature.queries
        + TextsFeature.queries
        + RequestsFeature.queries

    package func addRoutes(to router: Router<DeskContext>) {
        access.addRoutes(to: router)
        calendars.addRoutes(to: router)
        clients.addRoutes(to: router)
        onboarding.addRoutes(to: router)
        accounts.addRoutes(to: router)
        identity.addRoutes(to: router)
        messaging.addRoutes(to: router)
        reminders.addRoutes(to: router)
        operations.addRoutes(to: router)
        erasures.addRoutes(to: router)
        texts.addRoutes(to: router)
        requests.addRoutes(to: router)
    }

    /// The ids of the key file under which rows are sealed now, of those rows that the process opens: a worker may not
    /// even read which staff and clients have secrets. A start without one of them would lose data.
    package func keyIDsInUse(by role: Installation.Role, in session: Session) throws -> [String] {
        let shared = try desk.audit.keys.idsInUse(in: session) + Providers.keyIDsInUse(in: session)
        guard role == .console else { return shared }
        return try shared + access.keyIDsInUse(in: session) + accounts.keyIDsInUse(in: session)
            + documents.keyIDsInUse(in: session)
    }
}

/// Removes what nobody needs any more of sessions, budgets and form keys. By `jobs/access.sweep.yml`.
struct SweepAccess: JobHandler {
    static let kind = "access.sweep"
    let access: AccessService

    func run(_ job: JobContext) async throws -> JobOutcome {
        try await job.transaction { try access.sweep(in: $0) }
        return .done
    }
}
