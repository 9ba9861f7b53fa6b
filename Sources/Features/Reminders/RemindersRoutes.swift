import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

struct RemindersRoutes: Sendable {
    let desk: Desk

    func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portals = try context.portals(with: .remindersView)
        let staff = try context.signedIn()
        let ids = portals.map(\.id)
        let content = try await desk.database.read(.portals(ids, staff: staff.id)) { session in
            try RemindersPage.Content(portals: ids, staff: staff.id, in: session)
        }
        return try context.render(RemindersPage(content, portals, staff, context.words))
    }

    /// Gives a portal its first rules; whoever may change the portal may do so too.
    func install(_ context: DeskContext) async throws -> Response {
        let key = try context.parameters.require("portal")
        let staff = try context.signedIn()
        let isAdministrator = context.portals.contains { $0.key == key && staff.may(.portalsEdit, $0.id) }
        let portal = try context.portal(key, isAdministrator ? .portalsEdit : .remindersRules)
        _ = try context.form()
        let defaults = RuleDefaults(catalog: desk.site.catalog, audit: desk.audit)
        let added = try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
            try defaults.install(portal, by: staff.actor, in: session)
        }
        let flash = added > 0 ? Flash.good("reminders.installed") : Flash(.warn, "reminders.installed_before")
        return context.redirect(to: staff.may(.remindersView, portal.id) ? "/reminders" : "/portals", flash: flash)
    }

    func show(_ context: DeskContext) async throws -> Response {
        let (portal, id) = try place(context, .remindersView)
        return try await page(portal, id, context, form: nil, errors: FieldErrors())
    }

    func change(_ context: DeskContext) async throws -> Response {
        let (portal, id) = try place(context, .remindersRules)
        var read: FormReader
        do {
            read = FormReader(try context.form())
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try await page(portal, id, context, form: expired.form, errors: errors)
        }
        let staff = try context.signedIn()
        let scope = try staff.scope(.remindersRules, portal.id)
        let subject = read.choice("subject", RuleSubject.self)
        guard let subject, let draft = RuleForm.read(&read, subject) else {
            return try await page(portal, id, context, form: read.form, errors: read.errors)
        }
        let command = ChangeRule(audit: desk.audit)
        do {
            if read.form["act"] == "try" {
                let trial = try await RuleTrial.run(
                    date(&read),
                    subject,
                    portal: portal.id,
                    on: desk.database,
                    scope: scope
                ) { session in
                    do {
                        try command.run(id, portal: portal.id, draft, by: staff, in: session)
                    } catch ChangeRule.Refusal.nothingChanged {
                        // What is stored may be tried as well.
                    }
                    return id
                }
                return try await page(portal, id, context, form: read.form, errors: read.errors, trial: trial)
            }
            try await desk.database.transaction(scope) { session in
                try command.run(id, portal: portal.id, draft, by: staff, in: session)
            }
        } catch let refusal as ChangeRule.Refusal {
            read.errors.add("reminders.refused.\(refusal.rawValue)")
            return try await page(portal, id, context, form: read.form, errors: read.errors)
        }
        return context.redirect(to: "/reminders", flash: .good("reminders.changed", ["name": .text(draft.name)]))
    }

    /// The form of a further rule.
    func newForm(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .remindersRules)
        guard let subject = request.query("subject").flatMap({ RuleSubject(rawValue: $0) }) else {
            throw PageError.notFound
        }
        return try await newPage(portal, subject, context, form: nil, errors: FieldErrors())
    }

    func add(_ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .remindersRules)
        let form = try context.form()
        var read = FormReader(form)
        let staff = try context.signedIn()
        let scope = try staff.scope(.remindersRules, portal.id)
        guard let subject = read.choice("subject", RuleSubject.self) else { throw PageError.notFound }
        guard let draft = RuleForm.read(&read, subject) else {
            return try await newPage(portal, subject, context, form: read.form, errors: read.errors)
        }
        let command = ChangeRule(audit: desk.audit)
        if form["act"] == "try" {
            let trial = try await RuleTrial.run(
                date(&read),
                subject,
                portal: portal.id,
                on: desk.database,
                scope: scope
            ) { session in try command.add(subject, portal: portal.id, draft, by: staff, in: session) }
            return try await newPage(portal, subject, context, form: read.form, errors: read.errors, trial: trial)
        }
        let made = try await desk.database.transaction(scope) { session in
            try FormKeys.consume(form.key, by: staff.id, in: session) {
                let id = try command.add(subject, portal: portal.id, draft, by: staff, in: session)
                return "/reminders/\(portal.key)/rules/\(id)"
            }
        }
        return context.redirect(to: made.path, flash: .good("reminders.changed", ["name": .text(draft.name)]))
    }

    /// The day that a trial is about; today's where none was given.
    private func date(_ read: inout FormReader) -> CivilDate? { read.optionalDate("trial_on") }

    private func place(_ context: DeskContext, _ right: Right) throws -> (PortalProfile, RuleID) {
        let portal = try context.portal(try context.parameters.require("portal"), right)
        return (portal, try context.parameters.require("rule", as: RuleID.self))
    }

    private func page(
        _ portal: PortalProfile,
        _ id: RuleID,
        _ context: DeskContext,
        form: Form?,
        errors: FieldErrors,
        trial: RuleTrial? = nil
    ) async throws -> Response {
        let staff = try context.signedIn()
        let audit = desk.audit
        let content = try await desk.database.read(try staff.scope(.remindersView, portal.id)) { session in
            try RulePage.Content(id, portal.id, audit, in: session)
        }
        guard let content else { throw PageError.notFound }
        let page = RulePage(
            content,
            portal,
            mayChange: staff.may(.remindersRules, portal.id),
            AuditWords(catalog: desk.site.catalog),
            form: form,
            errors: errors,
            trial: trial.map { TrialView($0, portal: portal.key, currency: portal.currency, context.words) },
            context.words
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func newPage(
        _ portal: PortalProfile,
        _ subject: RuleSubject,
        _ context: DeskContext,
        form: Form?,
        errors: FieldErrors,
        trial: RuleTrial? = nil
    ) async throws -> Response {
        let staff = try context.signedIn()
        let content = try await desk.database.read(try staff.scope(.remindersRules, portal.id)) { session in
            try RulePage.Content(adding: subject, portal.id, in: session)
        }
        let page = RulePage(
            content,
            portal,
            mayChange: true,
            AuditWords(catalog: desk.site.catalog),
            form: form,
            errors: errors,
            trial: trial.map { TrialView($0, portal: portal.key, currency: portal.currency, context.words) },
            context.words
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}
