package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// Looks for due schedules: at the time of the next one, and every few seconds because another process may have changed
/// it. Any number of them may run. A portal that was added, or moved to another time zone, while it runs gets its
/// schedules with the next look.
package struct Scheduler: Service {
    private let database: Database
    private let registry: JobRegistry
    private let clock: ScheduleClock
    private let sync: ScheduleSync
    private let files: [JobFile]
    private let onPortals: @Sendable (Session) throws -> Void
    private let known = KnownPortals()
    private let poll: Duration
    private let logger: Logger

    /// `files` become schedules of portals that come later; `onPortals` is called in the same transaction, for what
    /// else a new portal needs. Without files it leaves schedules alone.
    package init(
        database: Database,
        registry: JobRegistry,
        queue: JobQueue,
        files: [JobFile] = [],
        onPortals: @escaping @Sendable (Session) throws -> Void = { _ in },
        poll: Duration = .seconds(5),
        logger: Logger
    ) {
        self.files = files
        self.onPortals = onPortals
        sync = ScheduleSync(queue: queue)
        self.database = database
        self.registry = registry
        self.poll = poll
        self.logger = logger
        clock = ScheduleClock(queue: queue)
    }

    /// Works until graceful shutdown or cancellation.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: await passOrPoll())
            }
        }
    }

    private func passOrPoll() async -> Duration {
        do {
            return try await pass()
        } catch {
            logger.warning("schedules cannot be looked at", metadata: ["error": "\(error)"])
            return poll
        }
    }

    /// Makes everything that is due and answers how long nothing else is. Throws `PostgresError`.
    @discardableResult
    package func pass() async throws -> Duration {
        try await lookAtPortals()
        let (clock, kinds) = (clock, registry.kinds)
        while true {
            let (due, seconds) = try await database.transaction(.everyPortal) { session in
                try clock.wind(in: session)
                let due = try clock.tick(handlers: kinds, in: session)
                return (due, try session.first(JobsQueries.secondsToNext) ?? nil)
            }
            if due > 0 { continue }
            return min(poll, .seconds(max(0.05, seconds ?? poll.seconds)))
        }
    }

    private func lookAtPortals() async throws {
        guard !files.isEmpty else { return }
        let (files, sync, onPortals, known) = (files, sync, onPortals, known)
        do {
            let portals = try await database.transaction(.everyPortal) { session in
                let portals = try session.all(JobsQueries.portals)
                guard known.differ(from: portals) else { return portals }
                try sync.sync(files, in: session)
                try onPortals(session)
                return portals
            }
            known.keep(portals)
        } catch let faults as JobFileFaults {
            logger.error("new portals have no schedules", metadata: ["faults": "\(faults)"])
        }
    }
}

/// The portals as a scheduler last made schedules for them.
private final class KnownPortals: Sendable {
    private let portals = Mutex<[PortalRow]?>(nil)

    func differ(from now: [PortalRow]) -> Bool { portals.withLock { $0 != now } }
    func keep(_ now: [PortalRow]) { portals.withLock { $0 = now } }
}
