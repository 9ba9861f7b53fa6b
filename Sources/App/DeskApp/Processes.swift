import Access
import Cgnu
import DeskKit
import Foundation
import JobRunner
import Logging
import Messaging
import Postgres
import Secrets
import ServiceLifecycle
import UnixSignals

/// The long-running processes: console, worker, or both in one.
package enum Processes {
    /// Serves the console until SIGTERM or SIGINT; with a worker beside it where asked. Throws what keeps it from
    /// starting, in words for a person.
    package static func serve(_ configuration: DeskConfiguration, withWorker: Bool) async throws {
        ProcessHardening.forbidCoreDumps()
        let installation = try Installation(configuration, as: .console)
        let rooms = try Rooms(installation)
        try await prepare(installation, rooms, as: .console)
        try await refuseDemoStaff(installation, rooms)
        var services: [any Service] = [
            installation.desk.database, installation.wakeUps, try Console(installation, rooms).server(),
        ]
        if withWorker { services += try await worker(configuration) }
        try await run(services, installation.logger)
    }

    /// Works until SIGTERM or SIGINT; jobs in hand are finished first.
    package static func work(_ configuration: DeskConfiguration) async throws {
        ProcessHardening.forbidCoreDumps()
        try await run(try await worker(configuration), Logger(label: "portaldesk"))
    }

    /// Checks what a start would otherwise find out too late, and brings letters up to date.
    private static func prepare(
        _ installation: Installation,
        _ rooms: Rooms,
        as role: Installation.Role
    ) async throws {
        let missing = try await installation.desk.database.read(.everyPortal) { session in
            installation.desk.keys.missing(ids: try rooms.keyIDsInUse(by: role, in: session))
        }
        guard missing.isEmpty else {
            throw DeskConfiguration.Problem(
                name: "PORTALDESK_KEYS",
                reason: "the file lacks keys that rows are sealed under: \(missing.joined(separator: ", "))"
            )
        }
    }

    /// Everybody may know how the demo's staff sign in: beyond this machine the console does not start beside them.
    static func refuseDemoStaff(_ installation: Installation, _ rooms: Rooms) async throws {
        guard !installation.configuration.staysHere else { return }
        let exist = try await installation.desk.database.read(.installation) { try rooms.access.hasDemoStaff(in: $0) }
        guard exist else { return }
        throw DeskConfiguration.Problem(
            name: "--host",
            reason: "the demo's staff can sign in with a password that everybody may know: disable them"
                + " (`portaldesk staff disable LOGIN`), or let the console be reached from this machine alone"
        )
    }

    private static func worker(_ configuration: DeskConfiguration) async throws -> [any Service] {
        let installation = try Installation(configuration, as: .worker, statementTimeout: .seconds(600))
        let rooms = try Rooms(installation)
        try await prepare(installation, rooms, as: .worker)
        let plain = try JobRegistry(rooms.handlers)
        let files = try configuration.jobFiles(plain)
        let registry = plain.with(files)
        let database = installation.desk.database
        try await ScheduleSync(queue: installation.queue).sync(files, database: database)
        let listener = try configuration.listenURL.map { url in
            try Listener(
                configuration: DatabaseConfiguration(url: url.reveal(), applicationName: "portaldesk listener"),
                channels: [WakeUps.channel],
                logger: installation.logger
            )
        }
        var settings = WorkerConfiguration(
            host: ProcessInfo.processInfo.hostName,
            process: ProcessInfo.processInfo.processIdentifier
        )
        settings.lease = .milliseconds(Int(configuration.leaseSeconds * 1000))
        settings.concurrency = configuration.concurrency[""] ?? settings.concurrency
        settings.concurrencyByQueue = configuration.concurrency.filter { !$0.key.isEmpty }
        let worker = Worker(
            database: database,
            registry: registry,
            configuration: settings,
            listener: listener,
            logger: installation.logger
        )
        let scheduler = Scheduler(
            database: database,
            registry: registry,
            queue: installation.queue,
            files: files,
            onPortals: { try rooms.letters.install(in: $0) },
            logger: installation.logger
        )
        let listeners: [any Service] = listener.map { [$0] } ?? []
        return [database, installation.wakeUps] + listeners + [worker, scheduler]
    }

    private static func run(_ services: [any Service], _ logger: Logger) async throws {
        // Reading templates and catalogues leaves much freed memory behind, which the allocator would keep.
        malloc_trim(0)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: Named(service: $0)) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    /// A service under the name of its type: the group describes each for its log, and would describe a value with all
    /// that it holds.
    private struct Named: Service, CustomStringConvertible {
        let service: any Service

        var description: String { "\(type(of: service))" }

        func run() async throws { try await service.run() }
    }
}
