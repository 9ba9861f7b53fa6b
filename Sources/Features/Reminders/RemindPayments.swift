import JobRunner

/// Plans one day's payment reminders of a portal: N days before the due date of whatever is to be paid, where N is the
/// account's own or else the rule's.
struct RemindPayments: JobHandler {
    static let kind = "reminders.payments"
    static let queue = DayPlan.queue
    static let maxAttempts = 5
    static let timeout = Duration.seconds(900)

    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        try await DayPlan(subject: .instalment, queue: queue).run(job)
    }
}
