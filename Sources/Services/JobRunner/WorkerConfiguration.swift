/// How a worker works.
package struct WorkerConfiguration: Sendable {
    /// Tells this process from every other; part of the fence.
    package var name: String
    /// How long a job stays with a worker that gives no sign; the heartbeat comes at a third of it.
    package var lease: Duration = .seconds(30)
    /// How many jobs of a queue run at once.
    package var concurrency = usualConcurrency
    package static let usualConcurrency = 8
    /// Where a queue differs.
    package var concurrencyByQueue: [String: Int] = [:]
    /// How often an idle queue is looked at when nobody rings.
    package var poll: Duration = .seconds(5)
    /// How often due work is promoted and lost work freed.
    package var housekeeping: Duration = .seconds(1)
    /// How long jobs may go on after SIGTERM before they are called back.
    package var patience: Duration = .seconds(20)

    /// `host` and the process id make the name readable; the random part makes it unique.
    package init(host: String, process: Int32) {
        name = "\(host):\(process):" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    func slots(_ queue: String) -> Int { concurrencyByQueue[queue] ?? concurrency }
}
