import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/calendars`: each portal's coming days off; `/calendars/{portal}`: a year with its own days and a file to take in.
struct CalendarsRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/calendars") { _, context in try await list(context) }
        router.get("/calendars/{portal}") { request, context in
            try await page(portal(context, .calendarsView), context, year: request.query("year"))
        }
        router.post("/calendars/{portal}/days") { _, context in try await set(context) }
        router.post("/calendars/{portal}/days/{day}/removal") { _, context in try await remove(context) }
        router.post("/calendars/{portal}/file") { request, context in try await take(request, context) }
    }

    private var command: ChangeDays { ChangeDays(audit: desk.audit) }

    private func portal(_ context: DeskContext, _ right: Right) throws -> PortalProfile {
        try context.portal(try context.parameters.require("portal"), right)
    }

    private func list(_ context: DeskContext) async throws -> Response {
        let portals = try context.portals(with: .calendarsView)
        let ids = portals.map(\.id)
        let scope = Scope.portals(ids, staff: try context.signedIn().id)
        let coming = try await desk.database.read(scope) { session in
            try session.all(CalendarsQueries.coming, ["portals": ids])
        }
        return try context.render(CalendarsPage(coming, portals, context.words))
    }

    private func page(
        _ portal: PortalProfile,
        _ context: DeskContext,
        year: String?,
        read: FormReader? = nil
    ) async throws -> Response {
        let staff = try context.signedIn()
        let audit = desk.audit
        let content = try await desk.database.read(try staff.scope(.calendarsView, portal.id)) { session in
            try CalendarPage.Content(portal.id, year: year.flatMap { Int($0) }, audit, in: session)
        }
        guard let content else { throw PageError.notFound }
        let page = CalendarPage(
            content,
            portal,
            mayEdit: staff.may(.calendarsEdit, portal.id),
            AuditWords(catalog: desk.site.catalog),
            Fields(context.words, form: read?.form, errors: read?.errors ?? FieldErrors()),
            context.words
        )
        return try context.render(page, status: read == nil ? .ok : .unprocessableContent)
    }

    private func set(_ context: DeskContext) async throws -> Response {
        let portal = try portal(context, .calendarsEdit)
        let staff = try context.signedIn()
        var read = FormReader(try context.form())
        let day = read.date("day")
        let name = read.text("name", max: 120)
        let works = read.choice("works", DayChoice.self)
        if let day { read.require((1900...2199).contains(day.year), "day", "desk.field.date") }
        guard let day, let name, let works, read.errors.isEmpty else {
            return try await page(portal, context, year: read.form["year"], read: read)
        }
        let (command, draft) = (command, ChangeDays.Draft(day: day, works: works == .works, name: name))
        do {
            try await desk.database.transaction(try staff.scope(.calendarsEdit, portal.id)) { session in
                try command.set(draft, portal: portal.id, by: staff.actor, in: session)
            }
        } catch let refusal as ChangeDays.Refusal {
            read.errors.add("day", "calendars.refused.\(refusal.rawValue)")
            return try await page(portal, context, year: read.form["year"], read: read)
        }
        return context.redirect(to: path(portal, day.year), flash: .good("calendars.day_set"))
    }

    private func remove(_ context: DeskContext) async throws -> Response {
        let portal = try portal(context, .calendarsEdit)
        let staff = try context.signedIn()
        _ = try context.form()
        guard let day = CivilDate(iso: try context.parameters.require("day")) else { throw PageError.notFound }
        let command = command
        do {
            try await desk.database.transaction(try staff.scope(.calendarsEdit, portal.id)) { session in
                try command.remove(day, portal: portal.id, by: staff.actor, in: session)
            }
        } catch let refusal as ChangeDays.Refusal {
            return context.redirect(
                to: path(portal, day.year),
                flash: .bad("calendars.refused.\(refusal.rawValue)")
            )
        }
        return context.redirect(to: path(portal, day.year), flash: .good("calendars.day_removed"))
    }

    private func take(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try portal(context, .calendarsEdit)
        let staff = try context.signedIn()
        var read = FormReader(try context.form())
        let works = read.choice("file_works", DayChoice.self)
        let bytes = try await file(of: request)
        let today = try await desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            try session.one(CalendarsQueries.today, ["portal": portal.id])
        }
        let command = command
        do {
            let days = try ICalFile.days(bytes, through: today.year + 10)
            guard let works, read.errors.isEmpty else {
                return try await page(portal, context, year: read.form["year"], read: read)
            }
            let count = try await desk.database.transaction(
                try staff.scope(.calendarsEdit, portal.id)
            ) { session in
                try command.take(days, works: works == .works, portal: portal.id, by: staff.actor, in: session)
            }
            return context.redirect(
                to: path(portal, days.first { $0.day >= today }?.day.year ?? today.year),
                flash: .good("calendars.file_taken", ["count": .number(count)])
            )
        } catch let problem as ICalProblem {
            let number = problem.number.map { ["number": TextArgument.text(String($0))] } ?? [:]
            read.errors.add("file", "calendars.file.\(problem.code)", number)
        } catch let refusal as ChangeDays.Refusal {
            read.errors.add("file", "calendars.refused.\(refusal.rawValue)")
        }
        return try await page(portal, context, year: read.form["year"], read: read)
    }

    /// The files of a post one after the other, as a stream of calendars may be (RFC 5545 §3.4); one byte more than the
    /// limit tells one that is too large.
    private func file(of request: Request) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let most = ICalFile.maximumBytes + 1
        _ = try await MultipartReader.read(request, limits: .init(bytes: most * 8, files: 8)) { event in
            switch event {
            case .file: break
            case .bytes(let part): bytes += part.prefix(max(0, most - bytes.count))
            case .endOfFile: bytes.append(UInt8(ascii: "\n"))
            }
        }
        return bytes
    }

    private func path(_ portal: PortalProfile, _ year: Int) -> String {
        "/calendars/\(portal.key)?year=\(year)"
    }
}

/// What a day is made.
enum DayChoice: String, CaseIterable, Sendable {
    case off, works
}
