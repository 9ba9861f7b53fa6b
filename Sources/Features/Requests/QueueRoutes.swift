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
        router.post("/requests/views") { request, context in try await save(request, context) }
        router.post("/requests/views/remove") { _, context in try await remove(context) }
        router.get("/requests/main-system") { request, context in try await tasks(request, context) }
        router.post("/requests/next") { _, context in try await next(context) }
    }

    private func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let filter = QueueFilter(view: request.query("view"), kind: request.query("kind"))
        return try await show(filter, request, context)
    }

    private func show(
        _ filter: QueueFilter,
        _ request: Request,
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let staff = try context.signedIn()
        let portals = try context.portals(with: .requestsView)
        let ids = portals.map(\.id)
        let key = request.pageRequest(parts: 3).key
        let (rows, counts, saved) = try await feature.desk.database.read(.portals(ids, staff: staff.id)) { session in
            (
                try Self.rows(filter, ids, staff.id, key, in: session),
                try session.one(QueueQueries.countViews, ["portals": ids, "staff": staff.id]),
                try session.all(QueueQueries.viewsOfStaff, ["staff": staff.id])
            )
        }
        let shown = Array(rows.prefix(Self.size))
        let last = rows.count > Self.size ? shown.last : nil
        let maker = QueueMaker(
            filter: filter,
            portals: portals,
            staff: staff,
            words: context.words,
            saved: saved,
            form: form,
            errors: errors
        )
        let after = last.map { line in
            let key = PageKey(line.effectiveDue.iso, "\(line.portalID)", "\(line.id)")
            return request.link(setting: ["after": key.text])
        }
        let page = maker.page(shown, counts, after: after)
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
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

    // MARK: views under names

    private func save(_ request: Request, _ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        try staff.require(.requestsView)
        let typed: Form
        var errors = FieldErrors()
        do {
            typed = try context.form()
        } catch let expired as ExpiredForm {
            typed = expired.form
            errors.add(expired.message)
        }
        let filter = QueueFilter(view: typed["view"], kind: typed["kind"])
        var read = FormReader(typed)
        let name = read.text("name", max: 60)
        guard let name, errors.isEmpty else {
            return try await show(filter, request, context, form: typed, errors: errors.isEmpty ? read.errors : errors)
        }
        let command = SaveView(name: name, filter: filter)
        let (audit, reference) = (feature.desk.audit, context.page.reference)
        do {
            try await feature.desk.database.transaction(.installation(staff: staff.id)) {
                try command.run(staff, audit, reference: reference, in: $0)
            }
        } catch let refusal as SaveView.Refusal {
            errors.add("name", "requests.refusal.\(refusal.rawValue)")
            return try await show(filter, request, context, form: typed, errors: errors)
        }
        return context.redirect(to: filter.href(), flash: .good("requests.done.view_saved"))
    }

    private func remove(_ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        try staff.require(.requestsView)
        let form = try context.form()
        guard let id = Int64(form["id"]) else { throw PageError.notFound }
        let (audit, reference) = (feature.desk.audit, context.page.reference)
        let removed = try await feature.desk.database.transaction(.installation(staff: staff.id)) {
            try RemoveView(view: id).run(staff, audit, reference: reference, in: $0)
        }
        guard removed else { throw PageError.notFound }
        return context.redirect(to: "/requests", flash: .good("requests.done.view_removed"))
    }

    // MARK: the main system

    private func tasks(_ request: Request, _ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        let portals = try context.portals(with: .requestsView)
        let key = request.pageRequest(parts: 3).key
        let parameters: Postgres.Parameters = [
            "portals": portals.map(\.id), "limit": Self.size + 1, "after": key.flatMap { Int64($0.parts[0]) },
            "after_portal": key.flatMap { Int16($0.parts[1]) }, "after_field": key?.parts[2],
        ]
        let rows = try await feature.desk.database.read(.portals(portals.map(\.id), staff: staff.id)) {
            try $0.all(QueueQueries.mainSystemTasks, parameters)
        }
        let shown = Array(rows.prefix(Self.size))
        let last = rows.count > Self.size ? shown.last : nil
        let after = last.map { task in
            let key = PageKey("\(task.requestID)", "\(task.portalID)", task.field.rawValue)
            return request.link(setting: ["after": key.text])
        }
        return try context.render(MainSystemPage(shown, portals, after: after, context.words))
    }
}
