import Audit
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
package import Portals
import Postgres

/// `/portals`: the administrator's pages of the portals' profiles. They stand here because the room of portals lies
/// below that of staff.
struct PortalRoutes: Sendable {
    let desk: Desk
    let kit: PortalKit

    private var admin: PortalAdmin { PortalAdmin(audit: desk.audit, furnishers: kit.furnishers) }

    func add(to router: Router<DeskContext>) {
        router.get("/portals") { _, context in
            let portals = try context.signedIn()
            try portals.require(.portalsEdit)
            return try context.render(
                PortalListPage(context.words, context.portals.filter { portals.may(.portalsEdit, $0.id) })
            )
        }
        router.get("/portals/new") { _, context in try newPage(context) }
        router.post("/portals") { _, context in try await add(context) }
        router.get("/portals/{key}") { _, context in
            let portal = try context.portal(try context.parameters.require("key"), .portalsEdit)
            return try await page(context, portal)
        }
        router.post("/portals/{key}") { _, context in try await save(context) }
    }

    /// Portals that the reader edits, then the shipped profiles, each key once.
    private func patterns(_ context: DeskContext) throws -> [PortalProfile] {
        let staff = try context.signedIn()
        try staff.require(.portalsEdit)
        let own = context.portals.filter { staff.may(.portalsEdit, $0.id) }
        return own + kit.patterns.filter { pattern in !own.contains { $0.key == pattern.key } }
    }

    private func newPage(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) throws -> Response {
        try context.render(
            NewPortalPage(context.words, try patterns(context), form: form, errors: errors),
            status: errors.isEmpty ? .ok : .unprocessableContent
        )
    }

    private func add(_ context: DeskContext) async throws -> Response {
        let patterns = try patterns(context)
        let staff = try context.signedIn()
        let form = try context.form()
        var (draft, errors) = NewPortal.read(form, patterns: patterns)
        guard let draft else { return try newPage(context, form: form, errors: errors) }
        do {
            let made = try await desk.database.transaction(.installation(staff: staff.id)) { session in
                try FormKeys.consume(form.key, by: staff.id, in: session) {
                    let id = try admin.add(draft.identity, draft.rules, by: staff.actor, in: session)
                    try StaffAdmin(desk: desk).giveFounder(staff, id, in: session)
                    return "/portals/\(draft.identity.key)"
                }
            }
            return context.redirect(to: made.path, flash: .good("portals.new.added"))
        } catch let error as ProfileError {
            let own: Set = ["key", "name", "country", "timeZone", "currency", "languages"]
            for problem in error.problems where own.contains(problem.field) {
                errors.add(problem.field, "portals.problem.\(problem.reason.rawValue)")
            }
            if errors.isEmpty { errors.add("portals.new.misfit") }
            return try newPage(context, form: form, errors: errors)
        }
    }

    private func page(
        _ context: DeskContext,
        _ portal: PortalProfile,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        conflict: ConflictView? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let staff = try context.signedIn()
        let (lines, today) = try await desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            let subject = Subject("portal", Int64(portal.id.rawValue))
            let here = try desk.audit.history(of: subject, portal: portal.id, opening: false, in: session)
            let made = try desk.audit.history(of: subject, portal: .installation, opening: false, in: session)
            return (here + made, try session.one(AccessQueries.today))
        }
        let history = AuditWords(catalog: desk.site.catalog).entries(lines, today: today, context.words)
        return try context.render(
            PortalEditPage(
                context.words,
                portal,
                form: form,
                errors: errors,
                conflict: conflict,
                history: history
            ),
            status: status
        )
    }

    private func save(_ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("key"), .portalsEdit)
        let staff = try context.signedIn()
        let form = try context.form()
        var (identity, rules, errors) = PortalForm.read(form, key: portal.key)
        guard let identity, let rules, errors.isEmpty, let version = Int(form["version"]) else {
            return try await page(context, portal, form: form, errors: errors, status: .unprocessableContent)
        }
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                _ = try admin.save(portal.id, version: version, identity, rules, by: staff.actor, in: session)
            }
            return context.redirect(to: "/portals/\(portal.key)", flash: .good("portals.saved"))
        } catch let error as ProfileError {
            for problem in error.problems { errors.add(problem.field, "portals.problem.\(problem.reason.rawValue)") }
            return try await page(context, portal, form: form, errors: errors, status: .unprocessableContent)
        } catch PortalAdmin.Refusal.changedMeanwhile(let stored) {
            errors.add("portals.conflict.sentence")
            let conflict = ConflictView(context.words, stored: stored, identity: identity, rules: rules)
            return try await page(
                context,
                stored,
                form: form,
                errors: errors,
                conflict: conflict,
                status: .conflict
            )
        } catch PortalAdmin.Refusal.unknown {
            throw PageError.notFound
        }
    }
}

/// What the pages of portals are given by the rest of the house.
package struct PortalKit: Sendable {
    /// What other rooms set up at a new portal.
    package var furnishers: [any FurnishesPortals]
    /// The profiles that the program brings along.
    package var patterns: [PortalProfile]

    package init(furnishers: [any FurnishesPortals] = [], patterns: [PortalProfile] = []) {
        self.furnishers = furnishers
        self.patterns = patterns
    }
}
