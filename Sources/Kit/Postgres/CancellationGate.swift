import Clibpq
import Glibc

/// Lets another thread cancel the statement that runs, and only that one.
///
/// A cancel names the work it means; the connection joins a cancel in flight before it sends anything else, because the
/// server applies a cancel to whatever runs when it arrives.
///
/// `@unchecked Sendable`: everything mutable is touched only between lock and unlock of `mutex`.
final class CancellationGate: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var cancel: OpaquePointer?
    private var work: UInt64 = 0
    private var statementRuns = false
    private var workCancelled = false
    private var cancelsInFlight = 0

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    /// Takes the key to the connection that has just been opened.
    func arm(_ key: OpaquePointer?) {
        locked {
            if let cancel { PQfreeCancel(cancel) }
            cancel = key
        }
    }

    deinit {
        if let cancel { PQfreeCancel(cancel) }
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Begins a unit of work; its number is what `cancel(work:)` must name.
    func beginWork(_ number: UInt64) {
        locked {
            work = number
            workCancelled = false
        }
    }

    func endWork() {
        locked { work = 0 }
    }

    var isCancelled: Bool { locked { workCancelled } }

    /// Runs one statement that may be cancelled.
    ///
    /// Throws `CancellationError` when the work was cancelled before it began.
    func statement<T>(_ body: () throws -> T) throws -> T {
        try locked {
            if workCancelled { throw CancellationError() }
            statementRuns = true
        }
        defer {
            locked {
                statementRuns = false
                while cancelsInFlight > 0 { pthread_cond_wait(condition, mutex) }
            }
        }
        return try body()
    }

    /// Marks the work as cancelled and, when one of its statements runs, asks the server to stop it, on another thread
    /// because that opens a connection and blocks.
    func cancel(work number: UInt64) {
        let inFlight = locked {
            guard work == number, !workCancelled else { return false }
            workCancelled = true
            guard statementRuns else { return false }
            cancelsInFlight += 1
            return true
        }
        if inFlight { CancelQueue.shared.run { self.send() } }
    }

    private func send() {
        var message = [CChar](repeating: 0, count: 256)
        let target = locked { statementRuns ? cancel : nil }
        if let target { _ = PQcancel(target, &message, 256) }
        locked {
            cancelsInFlight -= 1
            pthread_cond_broadcast(condition)
        }
    }

    private func locked<T>(_ body: () throws -> T) rethrows -> T {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
