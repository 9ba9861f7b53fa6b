import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// A change of contact that is not settled.
struct OpenChangeLine: Decodable, Sendable {
    let portalID: PortalID
    let id: Int64
    let accountID: AccountID
    let personName: String
    let clientName: String?
    let kind: ContactKind
    let state: ContactState
    /// Nil where the client asked.
    let askedBy: String?
    let askedByID: StaffID?
    let askedAt: CivilDateTime
    let effectiveAt: CivilDateTime?
}

/// A suspected threat and what was done at once.
struct IncidentLine: Decodable, Sendable {
    let portalID: PortalID
    let id: Int64
    let accountID: AccountID
    let personName: String
    let clientName: String?
    /// The raw value of an `ActionReason`.
    let reason: String
    let sessionsEnded: Int
    let codesVoided: Int
    let openedBy: String
    let openedAt: CivilDateTime
    let closedBy: String?
    let outcome: String?
}

/// `/accounts/changes` and `/accounts/incidents`: what is to be settled, over all portals of the reader. What is done
/// about a row is done on its account's page.
struct WorkListRoutes: Sendable {
    static let size = 50

    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/accounts/changes") { request, context in try await changes(request, context) }
        router.get("/accounts/incidents") { request, context in try await incidents(request, context) }
    }

    private func changes(_ request: Request, _ context: DeskContext) async throws -> Response {
        let (staff, portals) = (try context.signedIn(), try context.portals(with: .accountsView))
        let key = request.pageRequest(parts: 2).key
        let given: Postgres.Parameters = [
            "portals": portals.map(\.id), "limit": Self.size + 1, "after": key.flatMap { Int64($0.parts[0]) },
            "after_portal": key.flatMap { Int16($0.parts[1]) },
        ]
        let rows = try await desk.database.read(.portals(portals.map(\.id), staff: staff.id)) {
            try $0.all(AccountsQueries.openChanges, given)
        }
        let after = Self.after(rows.map { ($0.id, $0.portalID) }, request)
        let maker = WorkListMaker(portals: portals, words: context.words)
        return try context.render(maker.changes(Array(rows.prefix(Self.size)), reader: staff.id, after: after))
    }

    private func incidents(_ request: Request, _ context: DeskContext) async throws -> Response {
        let (staff, portals) = (try context.signedIn(), try context.portals(with: .accountsView))
        let key = request.pageRequest(parts: 2).key
        let all = request.query("view") == "all"
        let given: Postgres.Parameters = [
            "portals": portals.map(\.id), "limit": Self.size + 1, "only_open": !all,
            "before": key.flatMap { Int64($0.parts[0]) }, "before_portal": key.flatMap { Int16($0.parts[1]) },
        ]
        let rows = try await desk.database.read(.portals(portals.map(\.id), staff: staff.id)) {
            try $0.all(AccountsQueries.incidents, given)
        }
        let after = Self.after(rows.map { ($0.id, $0.portalID) }, request)
        let maker = WorkListMaker(portals: portals, words: context.words)
        return try context.render(maker.incidents(Array(rows.prefix(Self.size)), all: all, after: after))
    }

    private static func after(_ keys: [(Int64, PortalID)], _ request: Request) -> String? {
        guard keys.count > size else { return nil }
        let last = keys[size - 1]
        return request.link(setting: ["after": PageKey("\(last.0)", "\(last.1)").text])
    }
}
