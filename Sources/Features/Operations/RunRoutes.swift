import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/operations/runs/{portal}/{run}`: one run. While it works the page asks for itself anew every few seconds.
struct RunRoutes: Sendable {
    let feature: OperationsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/operations/runs/{portal}/{run}") { request, context in try await show(request, context) }
    }

    private func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .operationsView)
        let id = try context.parameters.require("run", as: RunID.self)
        let staff = try context.signedIn()
        let ask = request.pageRequest(parts: 1)
        let outcome = request.query("outcome").flatMap { $0.allSatisfy { $0.isLetter || $0 == "_" } ? $0 : nil }
        let feature = feature
        let content = try await feature.desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            try Self.content(feature, portal, id, outcome, ask, staff, in: session)
        }
        let pager = content.recipients.map { PagerView($0, request) }
        let page = RunPage(content, JobWords(context.words), pager: pager)
        var response = try context.render(page)
        // Works without scripts; a page further on in the list is being read and stays.
        if content.run.isWorking, ask.key == nil, let refresh = HTTPField.Name("Refresh") {
            let kept = outcome.map { "&outcome=\($0)" } ?? ""
            response.headers[refresh] = "3; url=/operations/runs/\(portal.key)/\(id)?\(Request.watching)\(kept)"
        }
        return response
    }

    private static func content(
        _ feature: OperationsFeature,
        _ portal: PortalProfile,
        _ id: RunID,
        _ outcome: String?,
        _ ask: PageRequest,
        _ staff: StaffContext,
        in session: Session
    ) throws -> RunPage.Content {
        guard let run = try session.first(OperationsQueries.findRun, ["portal": portal.id, "run": id]) else {
            throw PageError.notFound
        }
        let source = feature.recipients(of: run.handler)
        return RunPage.Content(
            run: run,
            portalKey: portal.key,
            portalName: portal.name,
            counts: try source?.counts(of: id, portal: portal.id, in: session) ?? RunCounts.read(run.counts),
            outcome: outcome,
            recipients: try source?.recipients(of: id, portal: portal.id, outcome: outcome, page: ask, in: session),
            failed: try session.all(
                OperationsQueries.quarantinedJobs,
                ["portals": [portal.id], "run": id, "before": nil, "limit": 50]
            ),
            mayAct: staff.may(.operationsJobs, portal.id),
            seesWhy: staff.may(.remindersView, portal.id)
        )
    }
}
