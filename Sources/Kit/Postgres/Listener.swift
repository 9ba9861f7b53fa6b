import Clibpq
import Glibc
package import Logging
import ServiceLifecycle
import Synchronization

/// What a listener tells.
///
/// A notification is only a hint; after `resync` anything may have been missed, so look yourself.
package enum ListenerEvent: Sendable, Hashable {
    case notification(channel: String, payload: String)
    case resync
}

/// LISTEN on one direct connection with a thread of its own (a transaction pooler has no LISTEN).
///
/// It reconnects by itself and says `resync` each time it begins to listen.
package final class Listener: Service, Sendable {
    private struct State {
        var subscribers: [UInt64: AsyncStream<ListenerEvent>.Continuation] = [:]
        var next: UInt64 = 0
        var isListening = false
        var isOver = false
    }

    private let configuration: DatabaseConfiguration
    private let channels: [String]
    private let logger: Logger
    private let state = Mutex(State())
    private let wakeUp: SelfPipe

    /// The configuration leads straight to the server.
    ///
    /// Throws `.configuration` when the process has no descriptor left.
    package init(configuration: DatabaseConfiguration, channels: [String], logger: Logger) throws(PostgresError) {
        self.configuration = configuration
        self.channels = channels
        self.logger = logger
        wakeUp = try SelfPipe()
    }

    /// A stream of its own for each caller; begins with `resync` when the listener already listens, and ends with it.
    ///
    /// A slow reader loses its oldest hints.
    package func events() -> AsyncStream<ListenerEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ListenerEvent.self,
            bufferingPolicy: .bufferingNewest(256)
        )
        state.withLock { state in
            if state.isOver { return continuation.finish() }
            state.next += 1
            let id = state.next
            state.subscribers[id] = continuation
            continuation.onTermination = { [weak self] _ in self?.forget(id) }
            if state.isListening { continuation.yield(.resync) }
        }
        return stream
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws {
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await withCheckedContinuation { continuation in
                    startThread { continuation.resume() }
                }
            } onGracefulShutdown: {
                self.stop()
            }
        } onCancel: {
            stop()
        }
    }

    private func stop() {
        state.withLock { $0.isOver = true }
        wakeUp.write()
    }

    private func forget(_ id: UInt64) {
        // Dropped outside the lock: its end may run code of the stream's.
        _ = state.withLock { $0.subscribers.removeValue(forKey: id) }
    }

    private func startThread(_ done: @escaping @Sendable () -> Void) {
        do {
            try ConnectionThread.start(name: "pg-listen") { [self] in
                loop()
                finish()
                done()
            }
        } catch {
            logger.error("no thread for LISTEN", metadata: ["error": "\(error)"])
            finish()
            done()
        }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func finish() {
        let subscribers = state.withLock { state in
            state.isOver = true
            return state.subscribers.values.map(\.self)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    private func loop() {
        var pause: CInt = 100
        while !isOver {
            do throws(PostgresError) {
                let wire = try Wire(
                    url: configuration.url,
                    applicationName: configuration.applicationName + " listen"
                )
                try listen(wire)
                pause = 100
                receive(wire)
            } catch {
                logger.warning("LISTEN is down", metadata: ["error": "\(error)"])
            }
            state.withLock { $0.isListening = false }
            if isOver { return }
            _ = wakeUp.wait(with: -1, milliseconds: pause)
            pause = min(pause * 2, 5_000)
        }
    }

    private func listen(_ wire: Wire) throws(PostgresError) {
        let names = channels.map { "LISTEN \"" + $0.replacing("\"", with: "\"\"") + "\"" }
        try wire.execute(names.joined(separator: "; "), name: "LISTEN")
        let subscribers = state.withLock { state in
            state.isListening = true
            return state.subscribers.values.map(\.self)
        }
        for subscriber in subscribers { subscriber.yield(.resync) }
    }

    /// Until the connection breaks or the listener is stopped.
    private func receive(_ wire: Wire) {
        while !isOver {
            guard wakeUp.wait(with: wire.socket, milliseconds: -1), !isOver else { continue }
            guard PQconsumeInput(wire.pointer) == 1 else { return }
            while let notify = PQnotifies(wire.pointer) {
                defer { PQfreemem(notify) }
                let event = ListenerEvent.notification(
                    channel: String(cString: notify.pointee.relname),
                    payload: String(cString: notify.pointee.extra)
                )
                let subscribers = state.withLock { $0.subscribers.values.map(\.self) }
                for subscriber in subscribers { subscriber.yield(event) }
            }
        }
    }
}

/// Wakes a thread out of `poll` (eventfd is not in Swift's Glibc module).
final class SelfPipe: Sendable {
    private let readEnd: CInt
    private let writeEnd: CInt

    init() throws(PostgresError) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw PostgresError(.configuration, reason: "no descriptor for a pipe is left") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func write() {
        var byte: UInt8 = 1
        _ = Glibc.write(writeEnd, &byte, 1)
    }

    /// Waits for the descriptor, a `write()` or the time, negative for none of each; answers whether the descriptor is
    /// ready.
    func wait(with descriptor: CInt, milliseconds: CInt) -> Bool {
        var descriptors = [
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) > 0 else { return false }
        var sink = [UInt8](repeating: 0, count: 64)
        if descriptors[0].revents != 0 { _ = read(readEnd, &sink, sink.count) }
        return descriptors[1].revents != 0
    }
}
