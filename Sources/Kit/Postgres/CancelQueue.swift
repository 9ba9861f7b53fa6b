import Glibc

/// The helper thread that sends cancel requests, one after another, started with the first.
///
/// `@unchecked Sendable`: the queue is touched only between lock and unlock of `mutex`.
final class CancelQueue: @unchecked Sendable {
    static let shared = CancelQueue()

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var queue: [@Sendable () -> Void] = []
    private var runs = false

    private init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    func run(_ body: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        queue.append(body)
        let starts = !runs
        runs = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
        if starts { start() }
    }

    private func start() {
        do {
            try ConnectionThread.start(name: "pg-cancel") { self.loop() }
        } catch {
            // Without a thread the waiting cancels run here: slow, but none is lost and no join waits for ever.
            drain()
            pthread_mutex_lock(mutex)
            runs = false
            pthread_mutex_unlock(mutex)
        }
    }

    private func loop() {
        while true {
            pthread_mutex_lock(mutex)
            while queue.isEmpty { pthread_cond_wait(condition, mutex) }
            let next = queue.removeFirst()
            pthread_mutex_unlock(mutex)
            next()
        }
    }

    private func drain() {
        pthread_mutex_lock(mutex)
        let waiting = queue
        queue.removeAll()
        pthread_mutex_unlock(mutex)
        for next in waiting { next() }
    }
}
