package import DeskKit
package import Logging
package import Postgres
import ServiceLifecycle
import Synchronization

/// Takes jobs out of the queues and runs their handlers. Any number of workers may run; each job is with one of them at
/// a time, held by a lease that a heartbeat renews. At graceful shutdown it takes nothing more, waits for what runs,
/// and gives back what does not end in time. Works through a transaction pooler; being woken by LISTEN only makes it
/// quicker.
package final class Worker: Service {
    private let registry: JobRegistry
    private let store: WorkStore
    private let configuration: WorkerConfiguration
    private let listener: Listener?
    private let logger: Logger
    private let flights = Mutex<[Lease: Recall]>([:])
    private let taken = Mutex<[String: Int]>([:])
    private let finished = Mutex<[Finished]>([])
    private let bells: [String: Doorbell]
    private let completions = Doorbell()
    private let marks = Mutex<[String: LowWater]>([:])
    private let draining = Atomic<Bool>(false)

    package init(
        database: Database,
        registry: JobRegistry,
        configuration: WorkerConfiguration,
        listener: Listener? = nil,
        logger: Logger
    ) {
        self.listener = listener
        self.registry = registry
        self.configuration = configuration
        self.logger = logger
        store = WorkStore(database: database, worker: configuration.name, lease: configuration.lease)
        bells = Dictionary(uniqueKeysWithValues: registry.queues.map { ($0, Doorbell()) })
    }

    /// Looks at a queue at once; a nil name means all of them, after a gap in what was heard.
    package func wake(_ queue: String?) {
        marks.withLock { marks in
            if let queue { marks[queue] = nil } else { marks = [:] }
        }
        for (name, bell) in bells where queue == nil || queue == name { bell.ring() }
    }

    /// Works until graceful shutdown or cancellation.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup { group in
                group.addTask { await self.every(self.configuration.lease / 3) { await self.beat() } }
                group.addTask { await self.every(self.configuration.housekeeping) { await self.keepHouse() } }
                group.addTask { await self.every(self.configuration.poll) { self.wake(nil) } }
                group.addTask { await self.recallAfterPatience() }
                group.addTask { await self.listen() }
                await withTaskGroup { inner in
                    inner.addTask { await self.recordFinished() }
                    await self.serveQueues()
                    self.completions.silence()
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.drain()
        }
    }

    /// Whether it takes nothing more, and only finishes what runs.
    package var isDraining: Bool { draining.load(ordering: .sequentiallyConsistent) }

    private func drain() {
        draining.store(true, ordering: .sequentiallyConsistent)
        for bell in bells.values { bell.silence() }
    }

    private func listen() async {
        guard let listener else { return }
        for await event in listener.events() {
            switch event {
            case .notification(WakeUps.channel, let queue): wake(queue)
            case .notification: break
            case .resync: wake(nil)
            }
        }
    }

    private func recallAfterPatience() async {
        guard (try? await gracefulShutdown()) != nil else { return }
        guard (try? await Task.sleep(for: configuration.patience)) != nil else { return }
        for recall in flights.withLock({ Array($0.values) }) { recall.call() }
    }

    private func every(_ interval: Duration, _ body: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            await body()
            try? await Task.sleep(for: interval)
        }
    }
}

// The queues.
extension Worker {
    private func serveQueues() async {
        await withTaskGroup { group in
            for (queue, bell) in bells {
                group.addTask { await self.serve(queue, bell) }
            }
        }
    }

    private func serve(_ queue: String, _ bell: Doorbell) async {
        await withDiscardingTaskGroup { group in
            for await _ in bell.rings {
                while let jobs = await take(queue), !jobs.isEmpty {
                    for job in jobs {
                        group.addTask {
                            await self.work(job)
                            self.release(queue)
                            bell.ring()
                        }
                    }
                }
            }
        }
    }

    /// As many jobs as there are free slots; nil when there is none, or the worker is to go, or the database is away.
    private func take(_ queue: String) async -> [ClaimedRow]? {
        let free = configuration.slots(queue) - taken.withLock { $0[queue] ?? 0 }
        guard free > 0, !isDraining, !Task.isCancelled else { return nil }
        do {
            let mark = marks.withLock { $0[queue] }
            let jobs = try await store.claim(queue: queue, kinds: registry.kinds, limit: free, after: mark ?? .start)
            taken.withLock { $0[queue, default: 0] += jobs.count }
            // A short batch has come to the end: the next one begins anew, where retries and urgent work may lie.
            let last = jobs.map { LowWater(priority: $0.priority, readyAt: $0.readyAt, id: $0.id.rawValue) }.max()
            marks.withLock { $0[queue] = jobs.count < free ? nil : last }
            if jobs.isEmpty, mark != nil { return await take(queue) }
            return jobs
        } catch {
            logger.warning("jobs cannot be claimed", metadata: ["queue": "\(queue)", "error": "\(error)"])
            return nil
        }
    }

    private func release(_ queue: String) {
        taken.withLock { $0[queue, default: 1] -= 1 }
    }

    /// Runs one job and hands its outcome to the recorder. Its lease is renewed until the outcome is in the database.
    func work(_ row: ClaimedRow) async {
        let lease = Lease(portal: row.portalID, id: row.id, attempt: row.attempt)
        guard let handler = registry.handler(row.kind), let policy = registry.policy(row.kind) else { return }
        let recall = Recall { self.draining.load(ordering: .sequentiallyConsistent) }
        flights.withLock { $0[lease] = recall }
        let job = JobContext(
            id: row.id,
            portal: row.portalID,
            kind: row.kind,
            attempt: row.attempt,
            maxAttempts: row.maxAttempts,
            run: row.runID,
            payload: row.payload,
            database: store.database,
            logger: logger,
            worker: configuration.name
        )
        guard let outcome = await Attempt(job: job, handler: handler, policy: policy, recall: recall).run() else {
            flights.withLock { $0[lease] = nil }
            return
        }
        finished.withLock { $0.append(outcome) }
        completions.ring()
    }
}

// The leases and the outcomes.
extension Worker {
    /// Renews what is under way and calls back what was lost.
    func beat() async {
        let leases = flights.withLock { Array($0.keys) }
        guard !leases.isEmpty else { return }
        do {
            let standing = try await store.renew(leases)
            for lease in leases where !standing.contains(lease) {
                // What ended meanwhile is gone from the flights and was not lost.
                guard let recall = flights.withLock({ $0[lease] }) else { continue }
                logger.warning("a lease was lost", metadata: ["job": "\(lease.id)"])
                recall.call()
            }
        } catch {
            logger.warning("leases cannot be renewed", metadata: ["error": "\(error)"])
        }
    }

    func keepHouse() async {
        marks.withLock { $0 = [:] }
        do {
            for queue in try await store.promote().union(try await store.rescue()) { wake(queue) }
        } catch {
            logger.warning("due jobs cannot be promoted", metadata: ["error": "\(error)"])
        }
    }

    /// Records outcomes in batches: while one is written the next one gathers.
    private func recordFinished() async {
        for await _ in completions.rings { await record() }
        await record()
    }

    /// Tries until the database takes them; a worker that has to go tries for the length of a lease, after which
    /// another one may have the jobs anyway.
    func record() async {
        let deadline = ContinuousClock.now + configuration.lease
        while true {
            let batch = finished.withLock { Array($0.prefix(500)) }
            guard !batch.isEmpty else { return }
            do {
                let accepted = try await store.complete(batch)
                finished.withLock { $0.removeFirst(batch.count) }
                for outcome in batch where !accepted.contains(outcome.lease) {
                    logger.warning("an outcome came too late", metadata: ["job": "\(outcome.lease.id)"])
                }
                flights.withLock { flights in for outcome in batch { flights[outcome.lease] = nil } }
            } catch {
                logger.warning("outcomes cannot be recorded", metadata: ["error": "\(error)"])
                if ContinuousClock.now > deadline || Task.isCancelled { return }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Works on one run beside whatever other workers do, and returns when it is over or waits for
    /// a person. Throws `PostgresError`.
    package func work(on run: RunID, portal: PortalID) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await self.every(self.configuration.lease / 3) { await self.beat() } }
            defer { group.cancelAll() }
            while true {
                await keepHouse()
                try await workThrough(run: run)
                let status = try await store.database.read(.portal(portal)) { session in
                    try Runs().status(run, portal: portal, in: session)
                }
                guard let status, !status.isAtRest else { return }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Does what is ready, of one run when given, then returns the number of jobs done: for the command line and tests.
    @discardableResult
    package func workThrough(run: RunID? = nil) async throws -> Int {
        var count = 0
        while true {
            _ = try await store.promote()
            var jobs: [ClaimedRow] = []
            for queue in registry.queues {
                jobs += try await store.claim(
                    queue: queue,
                    kinds: registry.kinds,
                    limit: configuration.slots(queue),
                    run: run
                )
            }
            guard !jobs.isEmpty else { return count }
            count += jobs.count
            await withDiscardingTaskGroup { group in
                for job in jobs { group.addTask { await self.work(job) } }
            }
            await record()
        }
    }
}
