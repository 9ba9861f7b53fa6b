import Synchronization

/// What the pool has seen; times in seconds since start.
package struct PoolMetrics: Sendable, Hashable {
    package var open = 0
    package var idle = 0
    package var waiting = 0
    package var acquired = 0
    package var waited = 0
    package var waitSeconds = 0.0
    package var longestWaitSeconds = 0.0
    package var timeouts = 0
    package var discarded = 0
}

/// Lends connections, first come first served, each for one transaction.
final class ConnectionPool: Sendable {
    /// A connection for one transaction.
    struct Lease: Sendable {
        var connection: Connection
        /// Whether it was opened for this caller, so that its failure is the server's and not old age.
        var isFresh: Bool
    }

    private enum Grant: Sendable {
        case idle(Connection)
        /// The right to open one more.
        case slot
    }

    private struct Waiter {
        var id: UInt64
        var continuation: CheckedContinuation<Grant, any Error>
        var timer: Task<Void, Never>
    }

    private struct State {
        var idle: [Connection] = []
        var waiters: [Waiter] = []
        var nextWaiter: UInt64 = 0
        var isClosed = false
        var metrics = PoolMetrics()
    }

    private let configuration: DatabaseConfiguration
    private let state = Mutex(State())

    init(configuration: DatabaseConfiguration) {
        self.configuration = configuration
    }

    var metrics: PoolMetrics {
        state.withLock { state in
            var metrics = state.metrics
            metrics.idle = state.idle.count
            metrics.waiting = state.waiters.count
            return metrics
        }
    }

    /// Throws `.poolTimeout` at the deadline, `.poolClosed`, what connecting throws, or `CancellationError`.
    func acquire(until deadline: ContinuousClock.Instant) async throws -> Lease {
        let asked = ContinuousClock.now
        let grant = try await grant(until: deadline)
        let waited = asked.duration(to: .now)
        state.withLock { state in
            let seconds = waited / .seconds(1)
            state.metrics.acquired += 1
            state.metrics.waitSeconds += seconds
            state.metrics.longestWaitSeconds = max(state.metrics.longestWaitSeconds, seconds)
        }
        switch grant {
        case .idle(let connection): return Lease(connection: connection, isFresh: false)
        case .slot:
            do {
                let connection = try Connection()
                try await connection.open(configuration)
                return Lease(connection: connection, isFresh: true)
            } catch {
                giveSlot()
                throw error
            }
        }
    }

    /// Takes a connection back: to the next in line when it may be used again, else its place.
    func release(_ lease: Lease, isReusable: Bool) {
        guard isReusable else {
            state.withLock { $0.metrics.discarded += 1 }
            giveSlot()
            return
        }
        let next: Waiter? = state.withLock { state in
            if state.isClosed {
                state.metrics.open -= 1
                return nil
            }
            if state.waiters.isEmpty {
                state.idle.append(lease.connection)
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.timer.cancel()
        next?.continuation.resume(returning: .idle(lease.connection))
    }

    /// Refuses everybody from now on and closes what is idle; connections in use close when they come back.
    func close() async {
        let (waiters, idle) = state.withLock { state in
            state.isClosed = true
            let found = (state.waiters, state.idle)
            state.metrics.open -= state.idle.count
            state.waiters = []
            state.idle = []
            return found
        }
        for waiter in waiters {
            waiter.timer.cancel()
            waiter.continuation.resume(throwing: PostgresError(.poolClosed))
        }
        for connection in idle { await connection.close() }
    }

    private func giveSlot() {
        let next: Waiter? = state.withLock { state in
            if state.waiters.isEmpty || state.isClosed {
                state.metrics.open -= 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.timer.cancel()
        next?.continuation.resume(returning: .slot)
    }

    private func grant(until deadline: ContinuousClock.Instant) async throws -> Grant {
        try Task.checkCancellation()
        let ready: Grant? = try state.withLock { state in
            if state.isClosed { throw PostgresError(.poolClosed) }
            // The one used last is the warmest; the oldest grow idle.
            if let connection = state.idle.popLast() { return .idle(connection) }
            guard state.metrics.open < configuration.connections else { return nil }
            state.metrics.open += 1
            return .slot
        }
        if let ready { return ready }
        return try await queue(until: deadline)
    }

    private func queue(until deadline: ContinuousClock.Instant) async throws -> Grant {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let timer = Task { [self] in
                    guard (try? await ContinuousClock().sleep(until: deadline)) != nil else { return }
                    fail(id, PostgresError(.poolTimeout))
                }
                enqueue(Waiter(id: id, continuation: continuation, timer: timer))
                // The cancel may have come before the waiter stood in the queue.
                if Task.isCancelled { fail(id, CancellationError()) }
            }
        } onCancel: {
            fail(id, CancellationError())
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let grant: Result<Grant, any Error>? = state.withLock { state in
            if state.isClosed { return .failure(PostgresError(.poolClosed)) }
            // One may have come back since the first look.
            if state.waiters.isEmpty, let connection = state.idle.popLast() { return .success(.idle(connection)) }
            if state.waiters.isEmpty, state.metrics.open < configuration.connections {
                state.metrics.open += 1
                return .success(.slot)
            }
            state.waiters.append(waiter)
            state.metrics.waited += 1
            return nil
        }
        guard let grant else { return }
        waiter.timer.cancel()
        waiter.continuation.resume(with: grant)
    }

    private func fail(_ id: UInt64, _ error: any Error) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            if error is PostgresError { state.metrics.timeouts += 1 }
            return state.waiters.remove(at: index)
        }
        waiter?.timer.cancel()
        waiter?.continuation.resume(throwing: error)
    }
}
