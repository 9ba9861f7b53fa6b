import Access
import DeskKit
import DeskWeb
import Hummingbird
import Messaging
import Portals
import Postgres

/// `/operations/sending/{portal}`: what was sent after the backup that this database comes from, and the word of
/// somebody who has seen it, after which sending goes on.
struct SendingRoutes: Sendable {
    let feature: OperationsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/operations/sending/{portal}") { request, context in try await show(request, context) }
        router.post("/operations/sending/{portal}/resume") { request, context in try await mark(request, context) }
    }

    private func show(
        _ request: Request,
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .operationsView)
        let staff = try context.signedIn()
        let ask = request.pageRequest(parts: 1)
        let edge = ask.key?.parts.first.flatMap { Int64($0) }
        let given: Postgres.Parameters = [
            "portal": portal.id, "before": ask.isBackward ? edge ?? .max : nil, "after": ask.isBackward ? nil : edge,
            "limit": ask.limit,
        ]
        let place: Postgres.Parameters = ["portal": portal.id]
        let found = try await feature.desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            let fence = try session.first(OperationsQueries.fence, place)
            let lines = try fence.map { fence in
                try session.all(OperationsQueries.fenceLines, given.merging(["fence": fence.id]) { $1 })
            }
            return (fence, lines ?? [], try session.all(OperationsQueries.journalTroubles, place))
        }
        let slice = PageSlice(fetched: found.1, request: ask) { PageKey("\($0.id)") }
        let page = SendingPage(
            SendingPage.Content(
                portal: portal,
                fence: found.0,
                lines: slice.rows,
                troubles: found.2,
                mayAct: staff.may(.operationsSending, portal.id)
            ),
            MessageWords(context.words),
            fields: Fields(context.words, form: form, errors: errors),
            pager: PagerView(slice, request)
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func mark(_ request: Request, _ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .operationsSending)
        let (fence, staff) = (feature.fence, try context.signedIn())
        let order = MarkFence.Order(
            portal: portal.id,
            fence: Int64(form["fence"]) ?? 0,
            seen: Int(form["seen"]) ?? -1,
            reason: form["reason"],
            staff: staff.id
        )
        let path = SendingPage.href(portal.key)
        do {
            try await feature.desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try fence.run(order, by: staff.actor, in: session)
            }
        } catch let refusal as MarkFence.Refusal {
            switch refusal {
            case .reasonMissing, .reasonTooLong:
                var errors = FieldErrors()
                errors.add("reason", "operations.refused.\(refusal.rawValue)")
                return try await show(request, context, form: form, errors: errors)
            case .notThere, .grown:
                return context.redirect(to: path, flash: .bad("operations.refused.\(refusal.rawValue)"))
            }
        }
        return context.redirect(to: path, flash: .good("operations.sending.resumed"))
    }
}
