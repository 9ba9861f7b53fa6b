import Dispatch

/// Room for so many conversions at once and a short queue before it; whoever comes later is told to come again.
actor Workbench {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private let queueLimit: Int
    private let threads = DispatchQueue(label: "portaldesk.scans", attributes: .concurrent)

    init(places: Int = 2, queueLimit: Int = 8) {
        free = places
        self.queueLimit = queueLimit
    }

    /// Runs blocking work on a thread of its own. Throws `busy` when the queue is full.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () -> Result<Value, ScanRefusal>
    ) async throws(ScanRefusal) -> Value {
        if free > 0 {
            free -= 1
        } else {
            guard waiting.count < queueLimit else { throw .busy }
            await withCheckedContinuation { waiting.append($0) }
        }
        let result = await withCheckedContinuation { continuation in
            threads.async { continuation.resume(returning: work()) }
        }
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
        return try result.get()
    }
}
