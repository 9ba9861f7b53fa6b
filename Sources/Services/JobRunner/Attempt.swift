import DeskKit
import Logging
import Postgres

/// Runs a handler once: until it ends, its time is over, or its lease is lost.
struct Attempt: Sendable {
    let job: JobContext
    let handler: any JobHandler
    let policy: JobPolicy
    let recall: Recall

    private enum Ending: Sendable {
        case ended(Result<JobOutcome, any Error>)
        case timedOut
        case recalled
    }

    /// Nil when nothing may be reported, because another worker has the job.
    func run() async -> Finished? {
        let (first, result) = await race()
        switch (first, result) {
        case (_, .success(let outcome)): return finished(outcome)
        case (.timedOut, .failure): return failed("timeout")
        case (.recalled, .failure):
            // A drain gives the job back unharmed; a lost lease has nothing to say.
            return recall.isDraining ? Finished(lease: lease, outcome: "snoozed", code: "drained") : nil
        case (.ended, .failure(let error)):
            if error is LeaseLost { return nil }
            job.logger.warning(
                "a job failed",
                metadata: ["kind": "\(job.kind)", "job": "\(job.id)", "code": "\(Self.code(error))"]
            )
            return failed(Self.code(error))
        }
    }

    private func race() async -> (Ending, Result<JobOutcome, any Error>) {
        await withTaskGroup(of: Ending.self) { group in
            group.addTask {
                do {
                    return .ended(.success(try await handler.run(job)))
                } catch {
                    return .ended(.failure(error))
                }
            }
            group.addTask {
                let isOver = (try? await Task.sleep(for: policy.timeout)) != nil
                return isOver ? .timedOut : .recalled
            }
            group.addTask {
                for await _ in recall.calls {}
                return .recalled
            }
            var first: Ending?
            var result: Result<JobOutcome, any Error> = .failure(CancellationError())
            for await ending in group {
                if first == nil {
                    first = ending
                    group.cancelAll()
                }
                if case .ended(let value) = ending { result = value }
            }
            return (first ?? .recalled, result)
        }
    }

    private var lease: Lease { Lease(portal: job.portal, id: job.id, attempt: job.attempt) }

    private func failed(_ code: String) -> Finished {
        var generator = SystemRandomNumberGenerator()
        let delay = policy.backoff.seconds(after: job.attempt, using: &generator)
        return Finished(lease: lease, outcome: "retried", delay: delay, code: code)
    }

    private func finished(_ outcome: JobOutcome) -> Finished {
        switch outcome {
        case .done: Finished(lease: lease, outcome: "done")
        case .snooze(let until): Finished(lease: lease, outcome: "snoozed", until: until)
        case .delay(let time): Finished(lease: lease, outcome: "snoozed", delay: time.seconds)
        case .cancel(let reason): Finished(lease: lease, outcome: "cancelled", code: reason)
        }
    }

    /// What history may say of an error: never its text, which may quote a person.
    static func code(_ error: any Error) -> String {
        switch error {
        case let error as JobFailure: error.code
        case let error as PostgresError: "postgres.\(error.code.rawValue)"
        case is DecodingError: "payload"
        default: String(describing: type(of: error))
        }
    }
}

/// Calls a handler back: its lease is lost, or the worker has to go.
struct Recall: Sendable {
    let calls: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let draining: @Sendable () -> Bool

    init(draining: @escaping @Sendable () -> Bool) {
        (calls, continuation) = AsyncStream.makeStream()
        self.draining = draining
    }

    var isDraining: Bool { draining() }

    func call() {
        continuation.finish()
    }
}
