package import Access
import DeskKit
package import DeskWeb
package import Hummingbird
package import JobRunner
import Messaging
package import Postgres

/// The jobs as people see them: schedules with their next and last runs, what a run did and to whom, jobs that failed
/// for good, and the trail. Owns the table `alarm`; changes go through JobRunner's commands, which audit them. Rights:
/// `operations.view`, `operations.jobs`, `operations.sending`, `audit.view`.
package struct OperationsFeature: Sendable {
    let desk: Desk
    let schedules: Schedules
    let quarantine: Quarantine
    let queues: QueueOperator
    let fence: MarkFence
    private let previews: [String: any PreviewsRun]
    private let recipients: [String: any ListsRunRecipients]

    /// What the owners of handlers answer about their runs is found by the handler's kind. `neighbours` end what the
    /// jobs that people take away were to do.
    package init(
        desk: Desk,
        queue: JobQueue,
        previews: [any PreviewsRun],
        recipients: [any ListsRunRecipients],
        neighbours: [any EndsWithWork] = []
    ) {
        self.desk = desk
        schedules = Schedules(audit: desk.audit, queue: queue)
        quarantine = Quarantine(audit: desk.audit, queue: queue, neighbours: neighbours)
        queues = QueueOperator(audit: desk.audit, queue: queue, neighbours: neighbours)
        fence = MarkFence(audit: desk.audit, queue: queue)
        self.previews = Dictionary(previews.map { ($0.handler, $0) }) { first, _ in first }
        self.recipients = Dictionary(recipients.map { ($0.handler, $0) }) { first, _ in first }
    }

    package static let queries: [any QueryDescribing] = OperationsQueries.all

    package static let navigation = [
        NavigationEntry(key: "desk.nav.reminders", href: "/operations/jobs"),
        NavigationEntry(key: "desk.nav.audit", href: "/audit"),
    ]

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        JobsRoutes(feature: self).add(to: router)
        ScheduleRoutes(feature: self).add(to: router)
        RunRoutes(feature: self).add(to: router)
        QuarantineRoutes(feature: self).add(to: router)
        QueueRoutes(feature: self).add(to: router)
        SendingRoutes(feature: self).add(to: router)
        CalendarRoutes(feature: self).add(to: router)
        AuditRoutes(desk: desk).add(to: router)
    }

    /// What `/metrics` tells of the jobs. Throws `PostgresError`.
    package static func metrics(in session: Session) throws -> [Metric] {
        try session.all(OperationsQueries.metrics)
    }

    func preview(of handler: String) -> (any PreviewsRun)? { previews[handler] }
    func recipients(of handler: String) -> (any ListsRunRecipients)? { recipients[handler] }
}

extension OperationsFeature: CountsWaiting {
    /// Alarms, for those who may act on them.
    package func waiting(for staff: StaffContext, in session: Session) throws -> [String: Waiting] {
        let portals = Self.portalsOfAlarms(staff)
        guard !portals.isEmpty else { return [:] }
        let alarms = try session.all(OperationsQueries.alarms, ["portals": portals])
        return ["/operations/jobs": Waiting(late: alarms.count)]
    }

    /// Where the reader may do something about an alarm.
    static func portalsOfAlarms(_ staff: StaffContext) -> [PortalID] {
        Set(staff.portals(with: .operationsJobs) + staff.portals(with: .operationsSending)).sorted()
    }
}
