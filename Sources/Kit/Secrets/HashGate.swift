import Dispatch
import Synchronization

/// A few threads for slow hashing and a short queue before them: a flood of sign-ins costs neither memory nor the
/// threads that serve pages.
final class HashGate: Sendable {
    private let places: Int
    private let taken = Mutex(0)
    private let queue = DispatchQueue(label: "portaldesk.password-hash", attributes: .concurrent)
    private let threads: DispatchSemaphore
    private let feeder = DispatchQueue(label: "portaldesk.password-queue")

    init(width: Int, waiting: Int) {
        places = width + waiting
        threads = DispatchSemaphore(value: width)
    }

    /// Runs `work` on a thread of its own when one is free; throws `SecretsError.busy` at once when the queue is full.
    func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        let admitted = taken.withLock { taken in
            guard taken < places else { return false }
            taken += 1
            return true
        }
        guard admitted else { throw SecretsError.busy }
        defer { taken.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            feeder.async { [queue, threads] in
                threads.wait()
                queue.async {
                    let result = Result { try work() }
                    threads.signal()
                    continuation.resume(with: result)
                }
            }
        }
    }
}
