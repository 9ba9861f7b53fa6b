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
            try RemindersPage.Content(portals: ids, in: session)
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
        let subject = read.choice("subject", RuleSubject.self)
        guard let subject, let draft = RuleForm.read(&read, subject) else {
            return try await page(portal, id, context, form: read.form, errors: read.errors)
        }
        let command = ChangeRule(audit: desk.audit)
        do {
            try await desk.database.transaction(try staff.scope(.remindersRules, portal.id)) { session in
                try command.run(id, portal: portal.id, draft, by: staff, in: session)
            }
        } catch let refusal as ChangeRule.Refusal {
            read.errors.add("reminders.refused.\(refusal.rawValue)")
            return try await page(portal, id, context, form: read.form, errors: read.errors)
        }
        return context.redirect(to: "/reminders", flash: .good("reminders.changed", ["name": .text(draft.name)]))
    }

    private func place(_ context: DeskContext, _ right: Right) throws -> (PortalProfile, RuleID) {
        let portal = try context.portal(try context.parameters.require("portal"), right)
        return (portal, try context.parameters.require("rule", as: RuleID.self))
    }

    private func page(
        _ portal: PortalProfile,
        _ id: RuleID,
        _ context: DeskContext,
        form: Form?,
        errors: FieldErrors
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
            context.words
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }
}

/// The form of a rule.
enum RuleForm {
    /// Nil when something is wrong; the reader then says what.
    static func read(_ read: inout FormReader, _ subject: RuleSubject) -> ChangeRule.Draft? {
        let name = read.text("name", max: 80)
        let version = read.integer("version", in: 1...Int(Int32.max))
        let days = days(&read, subject)
        guard let name, let version, let days, read.errors.isEmpty else { return nil }
        return ChangeRule.Draft(name: name, days: days, active: read.isOn("active"), version: version)
    }

    private static func days(_ read: inout FormReader, _ subject: RuleSubject) -> [Int]? {
        switch subject {
        case .instalment:
            return read.integer("days", in: subject.range).map { [$0] }
        case .policy:
            guard let text = read.text("days", max: 100) else { return nil }
            do throws(Ladder.Fault) {
                return try Ladder.parse(text, in: subject.range)
            } catch {
                read.errors.add(
                    "days",
                    "reminders.fault.\(error.rawValue)",
                    ["high": .number(subject.range.upperBound)]
                )
                return nil
            }
        }
    }
}
