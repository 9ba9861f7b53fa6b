import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/hours`: when each portal writes of its own accord.
struct HoursRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/hours") { _, context in try await show(context) }
        router.post("/messaging/hours/{portal}") { _, context in try await set(context) }
        router.post("/messaging/hours/{portal}/drop") { _, context in try await drop(context) }
    }

    private func show(
        _ context: DeskContext,
        _ wrong: (portal: PortalID, read: FormReader)? = nil
    ) async throws
        -> Response
    {
        let profiles = try context.portals(with: .messagingHours)
        let portals = profiles.map(\.id)
        let scope = Scope.portals(portals, staff: try context.signedIn().id)
        let rows = try await desk.database.read(scope) { session in
            try session.all(MessagingQueries.sendingHours, ["portals": portals])
        }
        let words = context.words
        let groups = profiles.map { profile in
            let typed = wrong.flatMap { $0.portal == profile.id ? $0.read : nil }
            let fields = Fields(
                words,
                form: typed?.form,
                errors: typed?.errors ?? FieldErrors(),
                prefix: "h\(profile.id)"
            )
            return HoursPage.Group(profile, rows.first { $0.portalID == profile.id }, fields, words)
        }
        return try context.render(HoursPage(portals: groups), status: wrong == nil ? .ok : .unprocessableContent)
    }

    private func set(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingHours)
        let staff = try context.signedIn()
        var read = FormReader(form)
        guard let draft = HoursForm.read(&read) else { return try await show(context, (portal.id, read)) }
        let command = SetSendingHours(audit: desk.audit)
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.set(draft, portal: portal.id, by: staff.actor, in: session)
            }
        } catch let refusal as SetSendingHours.Refusal {
            read.errors.add("messaging.hours.refused.\(refusal.rawValue)")
            return try await show(context, (portal.id, read))
        }
        return context.redirect(to: "/messaging/hours", flash: .good("messaging.hours.saved"))
    }

    private func drop(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingHours)
        let staff = try context.signedIn()
        let command = SetSendingHours(audit: desk.audit)
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.drop(
                    version: Int(form["version"]) ?? 0,
                    portal: portal.id,
                    by: staff.actor,
                    in: session
                )
            }
        } catch let refusal as SetSendingHours.Refusal {
            return context.redirect(
                to: "/messaging/hours",
                flash: Flash(.warn, "messaging.hours.refused.\(refusal.rawValue)")
            )
        }
        return context.redirect(to: "/messaging/hours", flash: .good("messaging.hours.dropped"))
    }
}

enum HoursForm {
    /// Nil when something is wrong; the reader then says what.
    static func read(_ read: inout FormReader) -> SetSendingHours.Draft? {
        let opens = time("opens", &read)
        let closes = time("closes", &read)
        let spread = read.integer("spread", in: 0...240)
        let version = read.integer("version", in: 0...Int(Int32.max))
        if let opens, let closes { read.require(opens < closes, "closes", "messaging.hours.order") }
        if let opens, let closes, let spread, opens < closes {
            read.require(spread * 2 <= minutes(closes) - minutes(opens), "spread", "messaging.hours.spread_long")
        }
        guard let opens, let closes, let spread, let version, read.errors.isEmpty else { return nil }
        return SetSendingHours.Draft(
            opens: opens,
            closes: closes,
            workingDaysOnly: read.isOn("working_days"),
            spreadMinutes: spread,
            version: version
        )
    }

    private static func minutes(_ time: String) -> Int {
        time.split(separator: ":").reduce(0) { $0 * 60 + (Int($1) ?? 0) }
    }

    /// "08:30", from 00:00 to 24:00.
    private static func time(_ name: String, _ read: inout FormReader) -> String? {
        guard let text = read.text(name, max: 8) else { return nil }
        guard let match = text.wholeMatch(of: /(\d{1,2})[:.](\d{2})(:00)?/), let hour = Int(match.output.1),
            let minute = Int(match.output.2), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else {
            read.errors.add(name, "messaging.hours.time")
            return nil
        }
        return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }
}

/// Each portal's hours.
struct HoursPage: Page {
    static let template = "messaging/hours"
    let portals: [Group]

    struct Group: Sendable {
        let name: String
        let state: TagView
        let action: String
        let version: String
        let problems: ProblemsView?
        let fields: [FieldView]
        let workingDays: FieldView
        let drop: String?

        init(_ profile: PortalProfile, _ row: HoursRow?, _ fields: Fields, _ words: Words) {
            name = profile.name
            state =
                row == nil
                ? TagView(.plain, words("messaging.hours.always")) : TagView(.good, words("messaging.hours.limited"))
            action = "/messaging/hours/\(profile.key)"
            version = "\(row?.version ?? 0)"
            problems = fields.problems
            self.fields = [
                fields.text("opens", "messaging.hours.opens", String((row?.opens ?? "08:00").prefix(5)), max: 8),
                fields.text("closes", "messaging.hours.closes", String((row?.closes ?? "20:00").prefix(5)), max: 8),
                fields.text(
                    "spread",
                    "messaging.hours.spread",
                    "\(row?.spreadMinutes ?? 30)",
                    kind: .digits,
                    hint: "messaging.hours.spread_hint",
                    max: 3
                ),
            ]
            workingDays = fields.check(
                "working_days",
                "messaging.hours.working_days",
                isOn: row?.workingDaysOnly ?? false
            )
            drop = row.map { _ in "/messaging/hours/\(profile.key)/drop" }
        }
    }
}
