import Audit
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Portals
import Postgres

/// `/access/staff` and `/access/rights`: the administrator's pages of staff. Commands look at every portal, so that
/// nobody rules over roles they cannot see.
struct StaffRoutes: Sendable {
    let access: AccessService

    private var desk: Desk { access.desk }
    private var admin: StaffAdmin { StaffAdmin(desk: access.desk) }

    func add(to router: Router<DeskContext>) {
        router.get("/access/staff") { request, context in try await list(request, context) }
        router.get("/access/staff/new") { _, context in
            try context.signedIn().require(.accessStaff)
            return try addPage(context)
        }
        router.post("/access/staff") { _, context in try await add(context) }
        router.get("/access/staff/{id}") { _, context in
            try await detail(try context.parameters.require("id", as: StaffID.self), context)
        }
        router.post("/access/staff/{id}/roles") { _, context in try await changeRoles(context) }
        router.post("/access/staff/{id}/disable") { _, context in try await disable(context) }
        router.post("/access/staff/{id}/reset") { _, context in try await reset(context) }
        router.get("/access/rights") { request, context in try rights(request, context) }
    }

    /// The portals whose staff the reader administers.
    private func portals(_ context: DeskContext) throws -> [PortalProfile] {
        let staff = try context.signedIn()
        try staff.require(.accessStaff)
        return context.portals.filter { staff.may(.accessStaff, $0.id) }
    }

    private func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portals = try portals(context)
        let ask = request.pageRequest(parts: 1)
        let (rows, roles) = try await desk.database.read(.everyPortal) { session in
            let rows = try session.all(
                AccessQueries.listStaff,
                [
                    "portals": portals.map(\.id), "after": ask.isBackward ? nil : ask.key?.parts[0],
                    "before": ask.isBackward ? ask.key?.parts[0] : nil, "limit": ask.limit,
                ]
            )
            return (rows, try session.all(AccessQueries.rolesOfMany, ["staff": rows.map(\.id)]))
        }
        let slice = PageSlice(fetched: rows, request: ask) { PageKey($0.login) }
        return try context.render(
            StaffListPage(context.words, slice, roles, portals, pager: PagerView(slice, request))
        )
    }

    private func addPage(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) throws -> Response {
        try context.render(
            AddStaffPage(context.words, try portals(context), form: form, errors: errors),
            status: errors.isEmpty ? .ok : .unprocessableContent
        )
    }

    private func add(_ context: DeskContext) async throws -> Response {
        let portals = try portals(context)
        let staff = try context.signedIn()
        let form = try context.form()
        var read = FormReader(form)
        let login = read.text("login", max: 80)?.lowercased()
        let name = read.text("name", max: 120)
        let language = read.choice("language", Language.self)
        let roles = StaffForm.roles(&read, portals)
        read.require(roles.values.contains { !$0.isEmpty }, "roles", "access.staff.refused.no_role")
        guard let login, let name, let language, read.errors.isEmpty else {
            return try addPage(context, form: form, errors: read.errors)
        }
        do {
            let made = try await desk.database.transaction(.everyPortal) { session in
                var token = ""
                let result = try FormKeys.consume(form.key, by: staff.id, in: session) {
                    let added = try admin.add(
                        login: login,
                        name: name,
                        language: language.rawValue,
                        roles: roles,
                        by: .administrator(staff),
                        in: session
                    )
                    token = added.token.reveal()
                    return "/access/staff/\(added.id)"
                }
                return (result: result, token: token)
            }
            guard !made.result.isRepeat else {
                return context.redirect(to: made.result.path, flash: Flash(.warn, "access.staff.twice"))
            }
            return try context.render(LinkPage(name: name, token: made.token, back: made.result.path))
        } catch let refusal as StaffRefusal {
            let field = [StaffRefusal.loginTaken, .badLogin].contains(refusal) ? "login" : "roles"
            read.errors.add(field, "access.staff.refused.\(refusal.rawValue)")
            return try addPage(context, form: form, errors: read.errors)
        }
    }

    private func detail(
        _ id: StaffID,
        _ context: DeskContext,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let portals = try portals(context)
        let staff = try context.signedIn()
        let found = try await desk.database.read(.everyPortal) { session in
            (
                row: try session.first(AccessQueries.findStaff, ["staff": id]),
                roles: try admin.roles(of: id, in: session),
                history: try history(of: id, portals, in: session),
                today: try session.one(AccessQueries.today)
            )
        }
        let isTheirs = found.roles.isEmpty || portals.contains { found.roles[$0.id] != nil }
        guard let row = found.row, isTheirs else { throw PageError.notFound }
        let said = AuditWords(catalog: desk.site.catalog)
        return try context.render(
            StaffDetailPage(
                context.words,
                row,
                found.roles,
                portals,
                isSelf: id == staff.id,
                history: said.entries(found.history, today: found.today, context.words),
                errors: errors
            ),
            status: errors.isEmpty ? .ok : .conflict
        )
    }

    /// What happened to somebody, in the installation's lines and those of the portals that the reader administers.
    private func history(of id: StaffID, _ portals: [PortalProfile], in session: Session) throws -> [AuditLine] {
        let lines = try ([.installation] + portals.map(\.id)).flatMap { portal in
            try desk.audit.history(of: .staff(id), portal: portal, opening: false, in: session)
        }
        return Array(lines.sorted { $0.id > $1.id }.prefix(50))
    }

    private func changeRoles(_ context: DeskContext) async throws -> Response {
        let portals = try portals(context)
        let staff = try context.signedIn()
        let id = try context.parameters.require("id", as: StaffID.self)
        var read = FormReader(try context.form())
        let roles = StaffForm.roles(&read, portals)
        return try await refusing(id, context) {
            try await desk.database.transaction(.everyPortal) { session in
                try admin.setRoles(id, roles, by: .administrator(staff), in: session)
            }
            return context.redirect(to: "/access/staff/\(id)", flash: .good("access.staff.roles_changed"))
        }
    }

    private func disable(_ context: DeskContext) async throws -> Response {
        _ = try portals(context)
        let staff = try context.signedIn()
        let id = try context.parameters.require("id", as: StaffID.self)
        _ = try context.form()
        return try await refusing(id, context) {
            try await desk.database.transaction(.everyPortal) { session in
                try admin.disable(id, by: .administrator(staff), in: session)
            }
            return context.redirect(to: "/access/staff/\(id)", flash: .good("access.staff.was_disabled"))
        }
    }

    private func reset(_ context: DeskContext) async throws -> Response {
        _ = try portals(context)
        let staff = try context.signedIn()
        let id = try context.parameters.require("id", as: StaffID.self)
        _ = try context.form()
        return try await refusing(id, context) {
            let (name, token) = try await desk.database.transaction(.everyPortal) { session in
                let token = try admin.reset(id, by: .administrator(staff), in: session)
                return (try session.first(AccessQueries.findStaff, ["staff": id])?.name ?? "", token.reveal())
            }
            return try context.render(LinkPage(name: name, token: token, back: "/access/staff/\(id)"))
        }
    }

    private func refusing(
        _ id: StaffID,
        _ context: DeskContext,
        _ command: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await command()
        } catch StaffRefusal.unknown {
            throw PageError.notFound
        } catch let refusal as StaffRefusal {
            var errors = FieldErrors()
            errors.add("access.staff.refused.\(refusal.rawValue)")
            return try await detail(id, context, errors: errors)
        }
    }

    private func rights(_ request: Request, _ context: DeskContext) throws -> Response {
        let staff = try context.signedIn()
        guard staff.may(.accessStaff) || staff.may(.auditView) else { return try denied(staff) }
        return try context.render(RightsPage(context.words))
    }

    private func denied(_ staff: StaffContext) throws -> Response {
        try staff.require(.accessStaff)
        throw PageError.forbidden
    }
}
