import Clibpq
import Glibc
import Synchronization

/// One named pthread that runs an actor's jobs in turn, so that blocking libpq calls never hold a thread of the
/// cooperative pool.
///
/// It ends when `stop()` was called and its queue is empty.
///
/// `@unchecked Sendable`: the queue and the flag are read and written only between lock and unlock of `mutex`.
final class ConnectionThread: SerialExecutor, @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var queue: [UnownedJob] = []
    private var stopped = false

    init(name: String) throws(PostgresError) {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        try Self.start(name: name) { [self] in loop() }
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        pthread_mutex_lock(mutex)
        queue.append(unowned)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func stop() {
        pthread_mutex_lock(mutex)
        stopped = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    private func loop() {
        while true {
            pthread_mutex_lock(mutex)
            while queue.isEmpty, !stopped { pthread_cond_wait(condition, mutex) }
            let jobs = queue
            queue.removeAll(keepingCapacity: true)
            pthread_mutex_unlock(mutex)
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }

    /// Starts a detached thread of a quarter megabyte of stack, named for `top -H` and debuggers (15 characters).
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(PostgresError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        let start = Unmanaged.passRetained(ThreadStart(name: String(name.prefix(15)), body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
                desk_name_thread(start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            throw PostgresError(.connectionFailed, reason: "no thread can be started: error \(code)")
        }
    }
}

private final class ThreadStart {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
