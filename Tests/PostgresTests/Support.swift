import Glibc
import Logging
import Postgres
import Synchronization
import TestKit

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// What each suite of this room stands on: statements of its own on a clone of the migrated database.
func makeDatabase(_ queries: String = "", connections: Int = 8) async throws -> TestDatabase {
    try await TestDatabase.make(catalog: try QueryCatalog(sources: ["t": queries]), connections: connections)
}

/// A value that tests and closures on other threads share.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    func withLock<R: Sendable>(_ body: (inout Value) -> R) -> R {
        mutex.withLock { value in body(&value) }
    }
}

/// Lets a synchronous closure on a connection's thread and a test wait for one another.
final class Gate: Sendable {
    private let lock = Shared(false)

    func open() {
        lock.withLock { $0 = true }
    }

    /// Blocks the calling thread, which is a connection's own and nobody else's.
    func wait() {
        while !lock.withLock({ $0 }) { sched_yield() }
    }

    /// Suspends.
    func opened() async {
        while !lock.withLock({ $0 }) { await Task.yield() }
    }
}
