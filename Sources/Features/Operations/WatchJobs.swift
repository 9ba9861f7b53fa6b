import Audit
import DeskKit
package import DeskWeb
package import JobRunner
import Logging
package import Messaging
import Portals
import Postgres

/// The watchdog: each minute it looks for schedules that did not fire, queues that do not flow and sessions that block
/// vacuum, remembers them as alarms, and writes to their owners once. By `jobs/operations.watch.yml`, in a queue of its
/// own, so that what it watches cannot stop it.
package struct WatchJobs: JobHandler {
    package static let kind = "operations.watch"
    package static let queue = "watch"
    package static let priority = 10

    let outbox: Outbox
    let catalog: Catalog
    let limits: Limits

    /// When something counts as wrong; minutes.
    struct Limits: Sendable {
        var late = 5
        var queue = 15
        var blocked = 10
        /// Below so many dead rows an old snapshot does no harm yet.
        var deadRows = 5_000
    }

    package init(outbox: Outbox, catalog: Catalog) {
        self.init(outbox: outbox, catalog: catalog, limits: Limits())
    }

    init(outbox: Outbox, catalog: Catalog, limits: Limits) {
        self.outbox = outbox
        self.catalog = catalog
        self.limits = limits
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let portal = job.portal
        let told = try await job.transaction { session in try look(portal, in: session) }
        if told > 0 { job.logger.warning("alarms were raised", metadata: ["count": "\(told)"]) }
        return .done
    }

    /// Answers how many alarms are new. Throws `PostgresError`.
    func look(_ portal: PortalID, in session: Session) throws -> Int {
        try session.run(
            OperationsQueries.watch,
            [
                "portal": portal, "late_minutes": limits.late, "queue_minutes": limits.queue,
                "blocked_minutes": limits.blocked, "dead_rows": limits.deadRows,
            ]
        )
        let alarms = try session.all(OperationsQueries.untold, ["portal": portal])
        for alarm in alarms {
            try tell(alarm, portal, in: session)
            try session.run(
                OperationsQueries.markTold,
                ["alarm_portal": alarm.portalID, "kind": alarm.kind, "subject": alarm.subject]
            )
        }
        return alarms.count
    }

    /// A letter that cannot be written must not keep the alarm from being shown.
    private func tell(_ alarm: UntoldAlarm, _ portal: PortalID, in session: Session) throws {
        let readers = try session.all(OperationsQueries.owners, ["portal": portal, "role": alarm.owner])
        for reader in readers {
            guard let email = reader.email else { continue }
            let language = Language(rawValue: reader.language) ?? .english
            let words = JobWords(Words(catalog, language))
            let message = OutgoingMessage(
                kind: "operations.alarm",
                channel: .email,
                portal: portal,
                client: nil,
                account: nil,
                subject: Subject("alarm", Int64(portal.rawValue)),
                recipient: email,
                language: reader.language,
                values: [
                    "what": words.alarm(alarm.kind, alarm.subject), "since": words.words.dateTime(alarm.since),
                ]
            )
            do {
                try session.savepoint { _ = try outbox.enqueue(message, in: session) }
            } catch is Outbox.Refusal {
                continue
            }
        }
    }
}
