package import Audit
package import DeskKit
package import Logging
package import Postgres

/// The jobs from the command line, in a process of its own: `portaldesk jobs list|history|pause|resume|run`. Needs the
/// worker's login, reaches every portal, and audits as the command line.
package struct JobOperator: Sendable {
    private let database: Database
    private let worker: Worker
    private let schedules: Schedules
    private let previews: [String: any PreviewsRun]

    /// Why a command of the line cannot be done.
    package enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// No schedule of this name at this portal.
        case unknownSchedule
        /// The handler of the schedule cannot tell what it would do.
        case noPreview

        package var description: String {
            switch self {
            case .unknownSchedule: "there is no schedule of this name here; `portaldesk jobs list` shows them"
            case .noPreview: "this schedule cannot tell beforehand what it would do"
            }
        }
    }

    package init(
        database: Database,
        registry: JobRegistry,
        queue: JobQueue,
        audit: AuditTrail,
        previews: [any PreviewsRun],
        configuration: WorkerConfiguration,
        logger: Logger
    ) {
        self.database = database
        self.previews = Dictionary(previews.map { ($0.handler, $0) }) { first, _ in first }
        schedules = Schedules(audit: audit, queue: queue)
        worker = Worker(database: database, registry: registry, configuration: configuration, logger: logger)
    }

    /// The schedules of one portal by its key, or of all. Throws `PostgresError`.
    package func list(portal: String?, name: String? = nil) async throws -> [ScheduleReport] {
        try await database.read(.everyPortal) { session in
            try session.all(JobsQueries.listSchedules, ["portal": portal, "name": name])
        }
    }

    /// The newest runs. Throws `PostgresError`.
    package func history(portal: String?, name: String?, limit: Int = 50) async throws -> [RunReport] {
        try await history(portal: portal, name: name, run: nil, limit: limit)
    }

    /// Throws `Refusal`, `Schedules.Refusal`, `PostgresError`; then nothing is paused anywhere.
    package func pause(_ name: String, portal: String?, reason: String) async throws {
        let schedules = schedules
        try await each(name, portal) { try schedules.pause($0, reason: reason, in: $1) }
    }

    /// Throws `Refusal`, `Schedules.Refusal`, `PostgresError`; then nothing is resumed anywhere.
    package func resume(_ name: String, portal: String?) async throws {
        let schedules = schedules
        try await each(name, portal) { try schedules.resume($0, in: $1) }
    }

    /// Starts a run at each portal and waits for the end of all. What no worker takes is done here. Throws `Refusal`,
    /// `Runs.Refusal`, `PostgresError`; then no run is started.
    package func run(_ name: String, portal: String?, on date: CivilDate?) async throws -> [RunReport] {
        let schedules = schedules
        let runs = try await each(name, portal) { order, session in
            (run: try schedules.runNow(order, on: date, in: session), portal: order.portal)
        }
        var reports: [RunReport] = []
        for started in runs {
            try await worker.work(on: started.run, portal: started.portal)
            reports += try await history(portal: nil, name: nil, run: started.run, limit: 1)
        }
        return reports
    }

    /// What a run would do at each portal; writes nothing. A schedule that no worker has made yet is known by its file.
    /// Throws `Refusal`, `PostgresError`.
    package func dryRun(
        _ name: String,
        portal: String?,
        on date: CivilDate?,
        files: [JobFile] = []
    ) async throws -> [DryRunReport] {
        let plans = try await plans(name, portal: portal, files: files)
        guard !plans.isEmpty else { throw Refusal.unknownSchedule }
        let previews = previews
        var reports: [DryRunReport] = []
        for plan in plans {
            reports.append(
                try await database.read(.portal(plan.portalID)) { session in
                    guard let source = previews[plan.handler] else { throw Refusal.noPreview }
                    return try Self.report(plan, source, on: date ?? plan.today, in: session)
                }
            )
        }
        return reports
    }

    private func plans(_ name: String, portal: String?, files: [JobFile]) async throws -> [DryRunPlan] {
        let made = try await list(portal: portal, name: name)
        guard made.isEmpty, let file = files.first(where: { $0.name == name }) else {
            return made.map {
                DryRunPlan(portalID: $0.portalID, portal: $0.portal, name: name, handler: $0.handler, today: $0.today)
            }
        }
        let portals = try await database.read(.everyPortal) { session in
            try session.all(
                JobsQueries.portalsOfFile,
                ["portal": portal, "portals": file.portals, "zone": file.zone]
            )
        }
        return portals.map {
            DryRunPlan(portalID: $0.portalID, portal: $0.portal, name: name, handler: file.handler, today: $0.today)
        }
    }

    private static func report(
        _ plan: DryRunPlan,
        _ source: any PreviewsRun,
        on date: CivilDate,
        in session: Session
    ) throws -> DryRunReport {
        var recipients: [RunRecipient] = []
        var counts: [String: Int] = [:]
        var key: PageKey?
        repeat {
            let page = PageRequest(key: key, size: 500)
            let preview = try source.preview(portal: plan.portalID, date: date, page: page, in: session)
            recipients += preview.recipients.rows
            counts = preview.counts
            key = preview.recipients.after
        } while key != nil
        return DryRunReport(portal: plan.portal, name: plan.name, date: date, counts: counts, recipients: recipients)
    }

    private func history(portal: String?, name: String?, run: RunID?, limit: Int) async throws -> [RunReport] {
        try await database.read(.everyPortal) { session in
            let given: Parameters = ["portal": portal, "name": name, "run": run, "limit": limit]
            return try session.all(JobsQueries.history, given).map(RunReport.init)
        }
    }

    /// At every portal that has the schedule, in one transaction.
    @discardableResult
    private func each<T: Sendable>(
        _ name: String,
        _ portal: String?,
        _ body: @escaping @Sendable (Schedules.Order, Session) throws -> T
    ) async throws -> [T] {
        try await database.transaction(.everyPortal) { session in
            let plans = try session.all(JobsQueries.listSchedules, ["portal": portal, "name": name])
            guard !plans.isEmpty else { throw Refusal.unknownSchedule }
            return try plans.map { plan in
                try body(Schedules.Order(portal: plan.portalID, name: name, actor: .commandLine), session)
            }
        }
    }
}
