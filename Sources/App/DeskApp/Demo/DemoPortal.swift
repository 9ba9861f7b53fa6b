import Access
import Accounts
import Audit
import DeskKit
import DeskWeb
import Documents
import JobRunner
import Messaging
import Portals
import Postgres
import Reminders

/// What a portal of the demo has beside its book: ways of sending, rules, an API key, and applications.
struct DemoPortal {
    let loader: DemoLoader
    let portal: PortalProfile
    let people: DemoPeople

    /// The key with which the demo's visitors call the portal's API.
    static func apiKey(_ portal: String) -> String { "pk_demo_\(portal)_not_secret" }

    /// Sets the portal up and makes its applications, all in one transaction; answers the users who were sent codes.
    func open(_ clerks: DemoApplications.Clerks, _ staff: [StaffContext]) async throws -> [DemoApplications.Activated] {
        let portal = portal
        let remarks: DemoRemarks = try .demo("\(loader.folder)/papers/\(people.country.language).remarks.json")
        let maker = staff.first { $0.roles[portal.id]?.contains(.accountManager) ?? false }
        let orders = try await orders(witness: maker?.name ?? "")
        let applications = DemoApplications(clerks: clerks, remarks: remarks)
        let rules = RuleDefaults(catalog: loader.console.desk.site.catalog, audit: loader.console.desk.audit)
        let portalKeys = loader.rooms.accounts.portalKeys
        return try await loader.database.transaction(.portal(portal.id)) { session in
            try Providers.installLocal(portal.id, in: session)
            try rules.install(portal, by: .commandLine, in: session)
            _ = try portalKeys.make(
                name: "Demo",
                portal: portal.id,
                by: .commandLine,
                chosen: Self.apiKey(portal.key),
                in: session
            )
            return try orders.flatMap { try applications.make($0, in: session) }
        }
    }

    /// The stories told of clients of this portal, their scans rendered; without scans where the closed room for them
    /// does not open here, and then nothing can be submitted.
    private func orders(witness: String) async throws -> [DemoApplications.Order] {
        let papers = try DemoPapers(folder: loader.folder + "/papers", language: people.country.language)
        let told = told(witness: witness)
        let documents = loader.rooms.documents
        do {
            return try await withThrowingTaskGroup(of: (Int, PreparedScan).self) { group in
                var orders = told
                // Two are rendered at a time, and not many more may wait.
                for (started, index) in told.indices.filter({ told[$0].story.hasScan }).enumerated() {
                    if started >= 4, let (done, scan) = try await group.next() { orders[done].scan = scan }
                    let file = papers.scan(told[index].form)
                    group.addTask { (index, try await documents.prepare(file)) }
                }
                for try await (done, scan) in group { orders[done].scan = scan }
                return orders
            }
        } catch let refusal as ScanRefusal {
            loader.say(
                "\(portal.name): no applications beyond drafts, since scans cannot be rendered here (\(refusal))"
            )
            return told.filter { !$0.story.hasScan }
        }
    }

    /// The users whom an earlier load made and that was cut off before they did what is told of them.
    func unfinished(_ accounts: [OpenedAccount]) -> [DemoApplications.Activated] {
        let users = told(witness: "").flatMap { order in
            order.form.users.enumerated().map { position, user in (user, order.story.ofUser(position)) }
        }
        return accounts.compactMap { account in
            guard let (user, story) = users.first(where: { $0.0.login == account.login }), let story else { return nil }
            let isDone = story == .locked ? account.isLocked : !account.isInvited || story == .invited
            if isDone { return nil }
            return DemoApplications.Activated(
                person: user.person,
                login: user.login,
                companyCode: account.companyCode,
                story: story,
                hasBegun: !account.isInvited
            )
        }
    }

    private func told(witness: String) -> [DemoApplications.Order] {
        let clients = (3..<people.plan.clients).lazy.map { people.client($0) }
            .filter { !portal.rules.identifiers[$0.kind].isEmpty }
        return zip(DemoStory.all(portal.rules.applicationKinds), clients).map { told, client in
            let form = DemoForm(
                client,
                people: people,
                portal: portal,
                kind: told.kind,
                users: told.users,
                witness: witness
            )
            return DemoApplications.Order(form: form, story: told.story, scan: nil)
        }
    }
}

/// What the portal's users do once they were sent a code: some sign in, one forgets the password too often.
struct DemoVisits {
    let loader: DemoLoader
    let portal: PortalProfile

    func make(_ users: [DemoApplications.Activated]) async throws {
        try await sendMessages()
        let visitor = PortalVisitor(loader.rooms.accounts, portal: portal)
        for user in users where user.story != .invited {
            let companyCode = user.companyCode?.reveal()
            if !user.hasBegun {
                guard let code = try await code(for: user) else { continue }
                try await visitor.begin(
                    companyCode: companyCode,
                    login: user.login,
                    code: code,
                    password: Self.password
                )
            }
            guard user.story == .locked else { continue }
            try await visitor.lockOut(companyCode: companyCode, login: user.login)
        }
        loader.say("\(portal.name): \(users.count) portal users")
    }

    /// What every client of the demo chose.
    static let password = "Klient-demo-2026"

    /// The worker's own work, here and now: the messages go to the built-in inbox.
    func sendMessages() async throws {
        let worker = Worker(
            database: loader.worker.desk.database,
            registry: try JobRegistry(loader.workerRooms.handlers),
            configuration: WorkerConfiguration(host: "demo", process: 0),
            logger: loader.worker.logger
        )
        _ = try await worker.workThrough()
    }

    /// The eight digits of the newest message to this person's phone, or mailbox.
    private func code(for user: DemoApplications.Activated) async throws -> String? {
        let portal = portal.id
        let person = user.person
        let text = try await loader.database.read(.portal(portal)) { session in
            try LocalInbox.newest(for: person.phone, portal: portal, in: session)
                ?? LocalInbox.newest(for: person.email, portal: portal, in: session)
        }
        return text?.split { !$0.isNumber }.map(String.init).first { $0.utf8.count == 8 }
    }
}
