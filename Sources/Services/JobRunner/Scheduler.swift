package import Logging
package import Postgres
import ServiceLifecycle

/// Looks for due schedules: at the time of the next one, and every few seconds because another process may have changed
/// it. Any number of them may run.
package struct Scheduler: Service {
    private let database: Database
    private let registry: JobRegistry
    private let clock: ScheduleClock
    private let poll: Duration
    private let logger: Logger

    package init(
        database: Database,
        registry: JobRegistry,
        queue: JobQueue,
        poll: Duration = .seconds(5),
        logger: Logger
    ) {
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
}
