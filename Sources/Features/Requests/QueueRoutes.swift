import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// The queue and the button that takes the most urgent request from it.
struct QueueRoutes: Sendable {
    static let size = 50

    let feature: RequestsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/requests") { request, context in try await show(request, context) }
        router.post("/requests/next") { _, context in try await next(context) }
    }

    private func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        let portals = try context.portals(with: .requestsView)
        let filter = QueueFilter(
            view: request.query("view").flatMap { QueueView(rawValue: $0) } ?? .all,
            kind: request.query("kind").flatMap { RequestKind(rawValue: $0) }
        )
        let ids = portals.map(\.id)
        let key = request.pageRequest(parts: 3).key
        let (rows, counts) = try await feature.desk.database.read(.portals(ids, staff: staff.id)) { session in
            (
                try Self.rows(filter, ids, staff.id, key, in: session),
                try session.one(QueueQueries.countViews, ["portals": ids, "staff": staff.id])
            )
        }
        let shown = Array(rows.prefix(Self.size))
        let last = rows.count > Self.size ? shown.last : nil
        let maker = QueueMaker(filter: filter, portals: portals, staff: staff, words: context.words)
        let after = last.map { line in
            let key = PageKey(line.effectiveDue.iso, "\(line.portalID)", "\(line.id)")
            return request.link(setting: ["after": key.text])
        }
        return try context.render(maker.page(shown, counts, after: after))
    }

    private static func rows(
        _ filter: QueueFilter,
        _ portals: [PortalID],
        _ staff: StaffID,
        _ key: PageKey?,
        in session: Session
    ) throws -> [QueueLine] {
        let common: Postgres.Parameters = [
            "portals": portals, "kind": filter.kind?.rawValue, "limit": size + 1,
        ]
        let portal = key.flatMap { Int16($0.parts[1]) }
        let id = key.flatMap { Int64($0.parts[2]) }
        if filter.view == .ended {
            return try session.all(
                QueueQueries.listEnded,
                common.merging(["before": id, "before_portal": portal]) { $1 }
            )
        }
        return try session.all(
            QueueQueries.listOpen,
            common.merging(
                [
                    "view": filter.view.rawValue, "staff": staff,
                    "after": key.flatMap { CivilDate(iso: $0.parts[0]) }, "after_portal": portal, "after_id": id,
                ]
            ) { $1 }
        )
    }

    private func next(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let staff = try context.signedIn()
        let portals = try context.portals(with: .requestsView)
        let command = TakeNext(portals: portals)
        let taken = try await feature.desk.database.transaction(.portals(portals.map(\.id), staff: staff.id)) {
            try command.run(staff, feature.book, reference: context.page.reference, in: $0)
        }
        guard let taken, let portal = portals.first(where: { $0.id == taken.portalID }) else {
            return context.redirect(to: "/requests", flash: .good("requests.done.nothing_next"))
        }
        return context.redirect(to: taken.path(portal.key), flash: .good("requests.done.taken"))
    }
}
