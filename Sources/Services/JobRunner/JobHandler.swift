package import FoundationEssentials

/// Does the work of one kind of job. Delivery is at least once: whatever `run` changes must stand being done twice, or
/// be written through `JobContext.transaction`, which ends with the lease.
package protocol JobHandler: Sendable {
    /// The kind in the form `module.task`, "reminders.payments".
    static var kind: String { get }
    /// The queue whose concurrency it shares.
    static var queue: String { get }
    /// A job that failed so often, or killed its worker so often, goes into quarantine.
    static var maxAttempts: Int { get }
    /// Smaller comes first.
    static var priority: Int { get }
    /// After this the handler's task is cancelled and the attempt has failed.
    static var timeout: Duration { get }
    static var backoff: Backoff { get }

    /// Throwing means: try again after the backoff. An error that names itself (`JobFailure`) is shown by its code, any
    /// other by its type only.
    func run(_ job: JobContext) async throws -> JobOutcome
}

extension JobHandler {
    package static var queue: String { "default" }
    package static var maxAttempts: Int { 3 }
    package static var priority: Int { 100 }
    package static var timeout: Duration { .seconds(60) }
    package static var backoff: Backoff { Backoff() }
}

/// How an attempt ended.
package enum JobOutcome: Sendable, Hashable {
    case done
    /// Again at this instant; uses up no attempt.
    case snooze(until: Date)
    /// Again after this time by the database's clock; uses up no attempt.
    case delay(Duration)
    /// Not to be done any more; the reason is a code, "invoice_paid".
    case cancel(reason: String)
}

/// A failure that tells its code ("gateway_closed") to history and pages. Codes hold no personal data.
package struct JobFailure: Error, Sendable, Hashable {
    package let code: String

    package init(_ code: String) {
        self.code = code
    }
}

/// How long a failed job waits: doubling from `first` up to `longest`, each wait shortened at random by up to a half,
/// so that jobs that failed together do not come back together.
package struct Backoff: Sendable, Hashable {
    package var first: Duration
    package var longest: Duration

    package init(first: Duration = .seconds(10), longest: Duration = .seconds(3600)) {
        self.first = first
        self.longest = longest
    }

    /// The wait after attempt 1, 2, … in seconds.
    package func seconds(after attempt: Int, using generator: inout some RandomNumberGenerator) -> Double {
        let doublings = Double(1 << max(0, min(attempt - 1, 30)))
        let whole = min(first.seconds * doublings, longest.seconds)
        return whole * Double.random(in: 0.5...1, using: &generator)
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
