import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/reminders/limits` and `/reminders/{portal}/runs/{run}/…`: what holds for all rules, and a second person's word.
struct LimitsRoutes: Sendable {
    let desk: Desk
    let queue: JobQueue

    func show(_ context: DeskContext, _ wrong: (portal: PortalID, read: FormReader)? = nil) async throws -> Response {
        let profiles = try context.portals(with: .remindersRules)
        let portals = profiles.map(\.id)
        let scope = Scope.portals(portals, staff: try context.signedIn().id)
        let rows = try await desk.database.read(scope) { session in
            try session.all(RemindersQueries.limits, ["portals": portals])
        }
        let groups = profiles.map { profile in
            let typed = wrong.flatMap { $0.portal == profile.id ? $0.read : nil }
            let fields = Fields(
                context.words,
                form: typed?.form,
                errors: typed?.errors ?? FieldErrors(),
                prefix: "l\(profile.id)"
            )
            return LimitsPage.Group(profile, rows.first { $0.portalID == profile.id }, fields)
        }
        return try context.render(LimitsPage(portals: groups), status: wrong == nil ? .ok : .unprocessableContent)
    }

    func set(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .remindersRules)
        let staff = try context.signedIn()
        var read = FormReader(form)
        let version = read.integer("version", in: 0...Int(Int32.max))
        let above = optional("approve_above", 0...1_000_000, &read)
        let most = optional("most_messages", 1...100, &read)
        let days = read.integer("most_days", in: 1...90)
        let price = optional("price", 0...100_000, &read)
        guard let version, let days, read.errors.isEmpty else { return try await show(context, (portal.id, read)) }
        let draft = SetLimits.Draft(
            approveAbove: above,
            mostMessages: most,
            mostDays: days,
            smsPriceMinor: price,
            version: version
        )
        let command = SetLimits(audit: desk.audit)
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.run(draft, portal: portal.id, by: staff, in: session)
            }
        } catch let refusal as SetLimits.Refusal {
            read.errors.add("reminders.refused.\(refusal.rawValue)")
            return try await show(context, (portal.id, read))
        }
        return context.redirect(to: "/reminders", flash: .good("reminders.limits.saved"))
    }

    func decide(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .remindersApprove)
        let run = try context.parameters.require("run", as: RunID.self)
        let staff = try context.signedIn()
        guard let verdict = DecideRun.Verdict(rawValue: form["verdict"]) else { throw PageError.notFound }
        let command = DecideRun(audit: desk.audit, queue: queue)
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.run(run, portal: portal.id, verdict, by: staff, in: session)
            }
        } catch let refusal as DecideRun.Refusal {
            return context.redirect(to: "/reminders", flash: Flash(.warn, "reminders.refused.\(refusal.rawValue)"))
        }
        return context.redirect(to: "/reminders", flash: .good("reminders.approval.\(verdict.rawValue)"))
    }

    private func optional(_ name: String, _ range: ClosedRange<Int>, _ read: inout FormReader) -> Int? {
        read.form[name].allSatisfy(\.isWhitespace) ? nil : read.integer(name, in: range)
    }
}

/// Each portal's limits.
struct LimitsPage: Page {
    static let template = "reminders/limits"
    let portals: [Group]

    struct Group: Sendable {
        let name: String
        let action: String
        let version: String
        let problems: ProblemsView?
        let fields: [FieldView]

        init(_ profile: PortalProfile, _ row: LimitRow?, _ fields: Fields) {
            name = profile.name
            action = "/reminders/\(profile.key)/limits"
            version = "\(row?.version ?? 0)"
            problems = fields.problems
            let field = { (name: String, value: Int?, isRequired: Bool) in
                fields.text(
                    name,
                    "reminders.limits.\(name)",
                    value.map(String.init) ?? "",
                    kind: .digits,
                    hint: "reminders.limits.hint.\(name)",
                    isRequired: isRequired,
                    max: 7
                )
            }
            self.fields = [
                field("approve_above", row?.approveAbove, false), field("most_messages", row?.mostMessages, false),
                field("most_days", row?.mostDays ?? 7, true), field("price", row?.smsPriceMinor, false),
            ]
        }
    }
}
