import Access
import DeskKit
import JobRunner
import Portals
import Postgres
import Requests

/// What clients of the demo ask for: a request in each state that staff meet, filed by the helpdesk, decided by the
/// privacy officer, carried out by the account manager. Words are in `sql/demo/requests.json`.
struct DemoRequests {
    let loader: DemoLoader
    let portal: PortalProfile

    /// Nothing where the portal has requests already.
    func load(_ staff: [StaffContext]) async throws {
        func one(_ role: Role) throws -> StaffContext {
            guard let one = staff.first(where: { $0.roles[portal.id]?.contains(role) ?? false }) else {
                throw DemoStaffList.Problem(description: "sql/demo/staff.json: nobody is \(role.rawValue)")
            }
            return one
        }
        let words: [String: RequestClerk.Words] = try .demo("\(loader.folder)/requests.json")
        let helper = try one(.helpdesk)
        let clerk = RequestClerk(
            loader.rooms.requests,
            portal: portal,
            helper: helper,
            decider: try one(.privacyOfficer),
            executor: try one(.accountManager)
        )
        let filed = try await loader.database.transaction(.portal(portal.id, staff: helper.id)) { session in
            try clerk.hasRequests(in: session) ? 0 : try clerk.file(words, in: session)
        }
        guard filed > 0 else { return }
        try await send()
        loader.say("\(portal.name): \(filed) requests")
    }

    /// What needs no print goes to the built-in inbox here and now; letters wait for theirs, which the worker makes
    /// that comes later.
    private func send() async throws {
        let handlers = loader.workerRooms.handlers.filter { type(of: $0).queue != "requests" }
        let worker = Worker(
            database: loader.worker.desk.database,
            registry: try JobRegistry(handlers),
            configuration: WorkerConfiguration(host: "demo", process: 0),
            logger: loader.worker.logger
        )
        _ = try await worker.workThrough()
    }
}
