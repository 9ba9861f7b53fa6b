import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/operations/jobs`: the list.
struct JobsRoutes: Sendable {
    let feature: OperationsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/operations/jobs") { request, context in try await list(request, context) }
    }

    @Sendable private func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portals = try context.portals(with: .operationsView).map(\.id)
        let staff = try context.signedIn()
        let given: Postgres.Parameters = ["portals": portals, "name": nil]
        let scope = Scope.portals(portals, staff: staff.id)
        let (lines, marks, failed, failures, queues, alarms) = try await feature.desk.database.read(scope) { session in
            (
                try session.all(OperationsQueries.schedules, given),
                try session.all(OperationsQueries.latestRuns, given),
                try session.all(
                    OperationsQueries.quarantinedJobs,
                    ["portals": portals, "run": nil, "before": nil, "limit": 50]
                ),
                try session.all(OperationsQueries.failures, ["portals": portals]),
                try session.all(OperationsQueries.queues, ["portals": portals]),
                try session.all(OperationsQueries.alarms, ["portals": OperationsFeature.portalsOfAlarms(staff)])
            )
        }
        let words = JobWords(context.words)
        let runs = Dictionary(grouping: marks) { "\($0.portalID)/\($0.schedule)" }
        let mayAct = staff.may(.operationsJobs)
        let seesAlarms = mayAct || staff.may(.operationsSending)
        return try context.render(
            JobsPage(
                alarms: seesAlarms ? alarms.map { AlarmRow($0, words) } : [],
                hasAlarms: seesAlarms && !alarms.isEmpty,
                schedules: lines.map { ScheduleCard($0, runs: runs["\($0.portalID)/\($0.name)"] ?? [], words) },
                nothing: lines.isEmpty
                    ? EmptyView(
                        title: context.words("operations.none.title"),
                        text: context.words("operations.none.text")
                    )
                    : nil,
                hasFailed: !failed.isEmpty,
                failed: failed.map { FailedJob($0, words) },
                failures: failures.map { FailureGroup($0, words) },
                hasFailures: !failures.isEmpty,
                queues: queues.map { QueueRow($0, words) },
                hasQueues: !queues.isEmpty,
                calendar: "/operations/calendar",
                mayAct: mayAct
            )
        )
    }
}

/// Redriving and discarding jobs that failed for good.
struct QuarantineRoutes: Sendable {
    let feature: OperationsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.post("/operations/quarantine/{portal}/{job}/redrive") { _, context in
            try await act(context, "operations.redriven") { quarantine, job, portal, staff, session in
                try quarantine.redrive(job, portal: portal, by: staff.actor, in: session)
            }
        }
        router.post("/operations/quarantine/{portal}/{job}/discard") { _, context in
            try await act(context, "operations.discarded") { quarantine, job, portal, staff, session in
                try quarantine.discard(job, portal: portal, by: staff.actor, in: session)
            }
        }
    }

    private func act(
        _ context: DeskContext,
        _ done: String,
        _ body: @escaping @Sendable (Quarantine, JobID, PortalID, StaffContext, Session) throws -> Void
    ) async throws -> Response {
        _ = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .operationsJobs).id
        let job = try context.parameters.require("job", as: JobID.self)
        let (quarantine, staff) = (feature.quarantine, try context.signedIn())
        do {
            try await feature.desk.database.transaction(.portal(portal, staff: staff.id)) { session in
                try body(quarantine, job, portal, staff, session)
            }
        } catch Quarantine.Refusal.notThere {
            return context.redirect(to: "/operations/jobs", flash: .bad("operations.refused.not_there"))
        }
        return context.redirect(to: "/operations/jobs", flash: .good(done))
    }
}
