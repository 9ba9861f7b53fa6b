import Access
import Accounts
import Audit
import Clients
import DeskKit
import Foundation
import JobRunner
import Messaging
import Onboarding
import Portals
import Postgres

/// Loads the demo: four portals with their clients, books, applications, accounts, messages, and one member of staff
/// per role. Everything is drawn from fixed seeds around today, and goes the ways that real data go. What is there
/// already stays, so that a load that was cut off is simply run again.
package struct DemoLoader: Sendable {
    /// The console does not listen on loopback, where alone the demo's known passwords do no harm.
    package struct NotHere: LoggableError {
        package let description = "the demo is loaded only where the console listens on loopback"
    }

    let configuration: DeskConfiguration
    let console: Installation
    let rooms: Rooms
    let worker: Installation
    let workerRooms: Rooms
    let say: @Sendable (String) -> Void
    /// Clients of a portal at most; for tests.
    var limit = Int.max

    /// Needs both databases and the key file. `say` is told each step in a line.
    package init(_ configuration: DeskConfiguration, say: @escaping @Sendable (String) -> Void) throws {
        guard configuration.listensOnLoopback else { throw NotHere() }
        self.configuration = configuration
        self.say = say
        console = try Installation(configuration, as: .console, statementTimeout: .seconds(60))
        rooms = try Rooms(console)
        worker = try Installation(configuration, as: .worker, statementTimeout: .seconds(600))
        workerRooms = try Rooms(worker)
    }

    var folder: String { configuration.root + "/sql/demo" }
    var database: Database { console.desk.database }

    /// Loads what is missing. Throws what the rooms throw; a portal's applications come all or none.
    package func load() async throws {
        let portals = try await installPortals()
        let letters = try Letters.load(from: configuration.root + "/admin-web/letters")
        try await database.transaction(.everyPortal) { try letters.install(in: $0) }
        let list = try DemoStaffList.load(root: configuration.root)
        let people = list.demoStaff(portals)
        let staff = DemoStaff(desk: console.desk, hasher: rooms.access.hasher)
        try await staff.install(
            people,
            password: Redacted(list.password),
            totpSecret: try list.secret(),
            listensOnLoopback: true
        )
        let contexts = try await database.read(.everyPortal) { session in
            try people.map { try staff.context($0, in: session) }
        }
        for portal in portals { try await DemoTexts(loader: self, portal: portal).load(contexts) }
        for portal in portals { try await load(portal, contexts) }
        for portal in portals { try await DemoRequests(loader: self, portal: portal).load(contexts) }
        try await remind(portals)
    }

    /// Both reminder jobs once at each portal, for today.
    private func remind(_ portals: [PortalProfile]) async throws {
        let plain = try JobRegistry(workerRooms.handlers)
        let files = try configuration.jobFiles(plain)
        try await ScheduleSync(queue: worker.queue).sync(files, database: worker.desk.database)
        let runner = JobOperator(
            database: worker.desk.database,
            registry: plain.with(files),
            queue: worker.queue,
            audit: worker.desk.audit,
            previews: workerRooms.previews,
            configuration: WorkerConfiguration(host: "demo", process: 0),
            logger: worker.logger
        )
        for name in ["reminders.payments", "reminders.insurance"] {
            var runs = 0
            for portal in portals {
                // One that a load left under way is the worker's.
                guard try await runner.history(portal: portal.key, name: name, limit: 1).isEmpty else { continue }
                runs += try await runner.run(name, portal: portal.key, on: nil).count
            }
            if runs > 0 { say("\(name): \(runs) runs") }
        }
    }

    /// Closes both databases.
    package func close() async {
        await database.close()
        await worker.desk.database.close()
    }

    private func installPortals() async throws -> [PortalProfile] {
        let profiles = try FileManager.default.contentsOfDirectory(atPath: folder + "/portals").sorted()
            .map { try String(contentsOfFile: "\(folder)/portals/\($0)", encoding: .utf8) }
        let audit = console.desk.audit
        let ids = try await database.transaction(.installation) { session in
            try profiles.map {
                try PortalDirectory.install(profileJSON: $0, audit: audit, by: .commandLine, in: session)
            }
        }
        return try await console.desk.portals.all(database).filter { ids.contains($0.id) }
    }

    private func load(_ portal: PortalProfile, _ staff: [StaffContext]) async throws {
        let clerks = try clerks(portal, staff)
        let isThere = try await database.read(.portal(portal.id)) { try clerks.maker.hasApplications(in: $0) }
        let today = try await database.read(.portal(portal.id)) { session in
            try rooms.clients.today(portal.id, in: session)
        }
        var plan: DemoBookPlan = try .demo("\(folder)/books/\(portal.key).json")
        plan.clients = min(plan.clients, limit)
        let country: DemoCountry = try .demo("\(folder)/countries/\(plan.country).json")
        let remindDays = portal.rules.reminders.paymentDaysBefore
        let people = DemoPeople(country: country, plan: plan, today: today, remindDays: remindDays)
        let visits = DemoVisits(loader: self, portal: portal)
        guard !isThere else {
            let accounts = try await database.transaction(.portal(portal.id)) { session in
                try rooms.accounts.opened(portal, in: session)
            }
            let users = DemoPortal(loader: self, portal: portal, people: people).unfinished(accounts)
            if users.isEmpty { return say("\(portal.name): there already") }
            return try await visits.make(users)
        }
        let report = try await importBook(people, portal)
        say(
            "\(portal.name): "
                + report.files.map { "\($0.new + $0.same) \($0.file.dropLast(4))" }.joined(separator: ", ")
        )
        let activated = try await DemoPortal(loader: self, portal: portal, people: people).open(clerks, staff)
        try await visits.make(activated)
    }

    private func clerks(_ portal: PortalProfile, _ staff: [StaffContext]) throws -> DemoApplications.Clerks {
        func clerk(_ role: Role) throws -> StaffContext {
            guard let one = staff.first(where: { $0.roles[portal.id]?.contains(role) ?? false }) else {
                throw DemoStaffList.Problem(description: "sql/demo/staff.json: nobody is \(role.rawValue)")
            }
            return one
        }
        return DemoApplications.Clerks(
            maker: .init(rooms.onboarding, portal: portal, staff: try clerk(.accountManager)),
            checker: .init(rooms.onboarding, portal: portal, staff: try clerk(.verifier)),
            caller: .init(rooms.onboarding, portal: portal, staff: try clerk(.helpdesk))
        )
    }

    private func importBook(_ people: DemoPeople, _ portal: PortalProfile) async throws -> ImportReport {
        let folder = FileManager.default.temporaryDirectory.path + "/portaldesk-demo-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let paths = try DemoBook(people: people, portal: portal.identity).files.write(to: folder)
        let report = try await ImportBook(audit: worker.desk.audit)(
            paths,
            portal: portal,
            dryRun: false,
            by: .commandLine,
            database: worker.desk.database
        )
        guard let wrong = report.wrong.first else { return report }
        throw DemoStaffList.Problem(
            description: "\(portal.key): \(wrong.file) line \(wrong.line), \(wrong.column): \(wrong.reason)"
        )
    }
}
