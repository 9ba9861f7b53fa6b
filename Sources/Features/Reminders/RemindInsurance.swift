import JobRunner

/// Plans one day's reminders of insurance that ends: a step of the rule's ladder for each of its days.
struct RemindInsurance: JobHandler {
    static let kind = "reminders.insurance"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(900)

    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        try await DayPlan(subject: .policy, queue: queue).run(job)
    }
}
