import Ccurl
import Dispatch
import Glibc
import Synchronization

/// A fixed number of libcurl handles, each with the connections it keeps open and a thread of its own while it works.
/// The lane that was used last is taken first, so that a calm channel keeps to one connection.
final class Lanes: Sendable {
    private struct State: Sendable {
        var idle: [Lane]
        var waiting: [@Sendable (Lane) -> Void] = []
    }

    private let state: Mutex<State>
    private let largestQueue: Int

    init(count: Int, largestQueue: Int) {
        self.largestQueue = largestQueue
        let lanes = curlIsReady ? (0..<count).compactMap { _ in Lane() } : []
        state = Mutex(State(idle: lanes))
    }

    /// Runs `work` off the caller's threads; nil when the queue is full or libcurl is not to be had.
    func run<T: Sendable>(_ work: @escaping @Sendable (CurlHandle) -> T) async -> T? {
        await withCheckedContinuation { continuation in
            submit(
                { lane in continuation.resume(returning: work(lane.handle)) },
                refused: {
                    continuation.resume(returning: nil)
                }
            )
        }
    }

    private func submit(_ job: @escaping @Sendable (Lane) -> Void, refused: () -> Void) {
        let (lane, taken) = state.withLock { state -> (Lane?, Bool) in
            if let lane = state.idle.popLast() { return (lane, true) }
            guard state.waiting.count < largestQueue else { return (nil, false) }
            state.waiting.append(job)
            return (nil, true)
        }
        if let lane { start(job, on: lane) }
        if !taken { refused() }
    }

    private func start(_ job: @escaping @Sendable (Lane) -> Void, on lane: Lane) {
        lane.queue.async { [self] in
            job(lane)
            let next = state.withLock { state -> (@Sendable (Lane) -> Void)? in
                if state.waiting.isEmpty {
                    state.idle.append(lane)
                    return nil
                }
                return state.waiting.removeFirst()
            }
            if let next { start(next, on: lane) }
        }
    }
}

/// libcurl set up once per process, before any thread uses it. Without signals it leaves SIGPIPE, which OpenSSL's
/// writes to a closed connection raise, to the program.
private let curlIsReady: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}()

/// `@unchecked Sendable`: the handle is used on the lane's serial queue alone.
private final class Lane: @unchecked Sendable {
    let queue = DispatchQueue(label: "portaldesk.transport")
    let handle: CurlHandle

    init?() {
        guard let handle = CurlHandle() else { return nil }
        self.handle = handle
    }
}
