import Audit
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Portals
import Postgres

/// `/portals`: the administrator's pages of the portals' profiles. They stand here because the room of portals lies
/// below that of staff.
struct PortalRoutes: Sendable {
    let desk: Desk

    private var admin: PortalAdmin { PortalAdmin(audit: desk.audit) }

    func add(to router: Router<DeskContext>) {
        router.get("/portals") { _, context in
            let portals = try context.signedIn()
            try portals.require(.portalsEdit)
            return try context.render(
                PortalListPage(context.words, context.portals.filter { portals.may(.portalsEdit, $0.id) })
            )
        }
        router.get("/portals/{key}") { _, context in
            let portal = try context.portal(try context.parameters.require("key"), .portalsEdit)
            return try await page(context, portal)
        }
        router.post("/portals/{key}") { _, context in try await save(context) }
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
        let said = AuditWords(catalog: desk.site.catalog)
        let history = lines.map { line in
            TimelineEntry(
                line.at,
                today: today,
                text: said.text(of: line, in: context.page.language),
                detail: line.actorName.isEmpty ? nil : line.actorName,
                words: context.words
            )
        }
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
