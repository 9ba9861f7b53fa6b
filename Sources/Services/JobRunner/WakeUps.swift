package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// Tells workers that a queue has work: one notification per queue and 20 ms, sent after the commit and off its path.
/// Only a hint; a worker that hears nothing polls.
package final class WakeUps: Service {
    /// The channel on which the name of a queue is told.
    package static let channel = "portaldesk_jobs"

    private let wanted = Mutex<Set<String>>([])
    private let bell = Doorbell()
    private let database: Database
    private let logger: Logger

    package init(database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    package func request(_ queue: String) {
        wanted.withLock { _ = $0.insert(queue) }
        bell.ring()
    }

    /// Sends until graceful shutdown; what was asked for until then is still sent.
    package func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in bell.rings {
                await send()
                try? await Task.sleep(for: .milliseconds(20))
            }
            await send()
        } onGracefulShutdown: { [bell] in
            bell.silence()
        }
    }

    func send() async {
        let queues = wanted.withLock { queues in
            defer { queues = [] }
            return queues.sorted()
        }
        guard !queues.isEmpty else { return }
        do {
            try await database.transaction(.installation) { session in
                _ = try session.run(JobsQueries.wake, ["queues": queues])
            }
        } catch {
            logger.warning("workers could not be woken, they will poll", metadata: ["error": "\(error)"])
        }
    }
}

/// A bell that is rung from anywhere and heard by one: rings that nobody heard yet count as one.
struct Doorbell: Sendable {
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() {
        continuation.yield()
    }

    /// Ends the hearing; what was rung before is still heard.
    func silence() {
        continuation.finish()
    }
}
