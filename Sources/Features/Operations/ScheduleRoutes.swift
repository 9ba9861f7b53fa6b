import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/operations/jobs/{portal}/{schedule}`: one schedule and what is done to it.
struct ScheduleRoutes: Sendable {
    let feature: OperationsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/operations/jobs/{portal}/{schedule}"
        router.get("\(path)") { request, context in try await show(request, context) }
        router.get("\(path)/preview") { request, context in
            try await PreviewRoutes(feature: feature).show(request, context)
        }
        router.post("\(path)/pause") { request, context in
            try await act(request, context, "operations.paused") { schedules, order, form, session in
                try schedules.pause(order, reason: form["reason"], in: session)
            }
        }
        router.post("\(path)/resume") { request, context in
            try await act(request, context, "operations.resumed") { schedules, order, _, session in
                try schedules.resume(order, in: session)
            }
        }
        router.post("\(path)/time") { request, context in
            try await act(request, context, "operations.time_changed") { schedules, order, form, session in
                try schedules.changeTime(order, cron: form["cron"], version: Int(form["version"]) ?? 0, in: session)
            }
        }
        router.post("\(path)/reset") { request, context in
            try await act(request, context, "operations.reset") { schedules, order, _, session in
                try schedules.reset(order, in: session)
            }
        }
        router.post("\(path)/runs") { request, context in try await run(request, context) }
    }

    private func show(
        _ request: Request,
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .operationsView)
        let name = try context.parameters.require("schedule")
        let staff = try context.signedIn()
        let ask = request.pageRequest(parts: 1, size: 30)
        let edge = ask.key?.parts.first.flatMap { Int64($0) }
        let given: Postgres.Parameters = [
            "portal": portal.id, "name": name, "before": ask.isBackward ? nil : edge,
            "after": ask.isBackward ? edge ?? 0 : nil, "limit": ask.limit,
        ]
        let (line, runs) = try await feature.desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            (
                try session.all(OperationsQueries.schedules, ["portals": [portal.id], "name": name]).first,
                try session.all(OperationsQueries.runs, given)
            )
        }
        guard let line else { throw PageError.notFound }
        let slice = PageSlice(fetched: runs, request: ask) { PageKey("\($0.id)") }
        let content = SchedulePage.Content(
            line: line,
            runs: slice,
            mayAct: staff.may(.operationsJobs, portal.id),
            mayPreview: feature.preview(of: line.handler) != nil
        )
        let page = SchedulePage(
            content,
            JobWords(context.words),
            fields: Fields(context.words, form: form, errors: errors),
            pager: PagerView(slice, request)
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// The order of a form about this schedule, once the right was checked.
    private func order(_ context: DeskContext) throws -> Schedules.Order {
        let portal = try context.portal(context.parameters.require("portal"), .operationsJobs)
        return Schedules.Order(
            portal: portal.id,
            name: try context.parameters.require("schedule"),
            actor: try context.actor()
        )
    }

    private func act(
        _ request: Request,
        _ context: DeskContext,
        _ done: String,
        _ body: @escaping @Sendable (Schedules, Schedules.Order, Form, Session) throws -> Void
    ) async throws -> Response {
        let form = try context.form()
        let order = try order(context)
        let (schedules, staff) = (feature.schedules, try context.signedIn())
        do {
            try await feature.desk.database.transaction(.portal(order.portal, staff: staff.id)) { session in
                try body(schedules, order, form, session)
            }
        } catch let refusal as Schedules.Refusal {
            if refusal == .unknownSchedule { throw PageError.notFound }
            return try await show(request, context, form: form, errors: ScheduleErrors.errors(refusal))
        }
        return context.redirect(to: try path(context), flash: .good(done))
    }

    private func run(_ request: Request, _ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let order = try order(context)
        var read = FormReader(form)
        guard let date = read.date("date"), read.errors.isEmpty else {
            return try await show(request, context, form: form, errors: read.errors)
        }
        let (schedules, staff) = (feature.schedules, try context.signedIn())
        do {
            let portal = try context.parameters.require("portal")
            let made = try await feature.desk.database.transaction(.portal(order.portal, staff: staff.id)) { session in
                try FormKeys.consume(form.key, by: staff.id, in: session) {
                    "/operations/runs/\(portal)/\(try schedules.runNow(order, on: date, in: session))"
                }
            }
            let flash = made.isRepeat ? Flash(.warn, "desk.form.used") : .good("operations.started")
            return context.redirect(to: made.path, flash: flash)
        } catch Runs.Refusal.unknownSchedule {
            throw PageError.notFound
        } catch Runs.Refusal.underWay {
            read.errors.add("date", "operations.refused.under_way")
            return try await show(request, context, form: form, errors: read.errors)
        }
    }

    private func path(_ context: DeskContext) throws -> String {
        let (portal, name) = (
            try context.parameters.require("portal"), try context.parameters.require("schedule")
        )
        return "/operations/jobs/\(urlEncoded(portal))/\(urlEncoded(name))"
    }
}

/// Refusals as sentences at their fields.
enum ScheduleErrors {
    static func errors(_ refusal: Schedules.Refusal) -> FieldErrors {
        var errors = FieldErrors()
        switch refusal {
        case .unknownSchedule: errors.add("operations.refused.unknown")
        case .reasonMissing: errors.add("reason", "operations.refused.reason_missing")
        case .reasonTooLong: errors.add("reason", "operations.refused.reason_too_long")
        case .alreadyPaused: errors.add("operations.refused.already_paused")
        case .notPaused: errors.add("operations.refused.not_paused")
        case .cron(let fault): errors.add("cron", "jobs.cron.\(fault.reason.rawValue)", arguments(fault))
        case .sameTime: errors.add("cron", "operations.refused.same_time")
        case .changedMeanwhile: errors.add("operations.refused.changed_meanwhile")
        case .nothingToReset: errors.add("operations.refused.nothing_to_reset")
        }
        return errors
    }

    private static func arguments(_ fault: CronFault) -> [String: TextArgument] {
        guard let field = fault.field, fault.reason == .value || fault.reason == .step else { return [:] }
        let number = (CronField.allCases.firstIndex(of: field) ?? 0) + 1
        guard fault.reason == .value else { return ["position": .number(number)] }
        return [
            "position": .number(number), "low": .number(field.range.lowerBound),
            "high": .number(field.range.upperBound),
        ]
    }
}
