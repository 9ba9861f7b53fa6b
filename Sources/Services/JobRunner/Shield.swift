/// Finishes what must not be lost when its task is cancelled: the worker has to go, or the job's time is over.
package enum Shield {
    /// Runs the body to its end whatever becomes of the caller's task, for so long at most; then the body is cancelled.
    package static func run<T: Sendable>(
        for time: Duration,
        _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let work = Task { try await body() }
        let limit = Task {
            try await Task.sleep(for: time)
            work.cancel()
        }
        defer { limit.cancel() }
        return try await work.value
    }
}
