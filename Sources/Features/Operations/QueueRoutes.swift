import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/operations/queues/{portal}/{queue}`: one queue, its pause; and many failed jobs at once.
struct QueueRoutes: Sendable {
    let feature: OperationsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/operations/queues/{portal}/{queue}"
        router.get("\(path)") { _, context in try await show(context) }
        router.post("\(path)/pause") { _, context in
            try await act(context, "operations.queue.paused") { queues, name, portal, staff, form, session in
                try queues.pause(name, portal: portal, reason: form["reason"], by: staff.actor, in: session)
            }
        }
        router.post("\(path)/resume") { _, context in
            try await act(context, "operations.queue.resumed") { queues, name, portal, staff, _, session in
                try queues.resume(name, portal: portal, by: staff.actor, in: session)
            }
        }
        router.post("/operations/quarantine/{portal}/redrive") { _, context in
            try await many(context, "operations.redriven_many") { quarantine, kind, code, portal, staff, session in
                try quarantine.redriveAll(kind, code: code, portal: portal, by: staff.actor, in: session)
            }
        }
        router.post("/operations/quarantine/{portal}/discard") { _, context in
            try await many(context, "operations.discarded_many") { quarantine, kind, code, portal, staff, session in
                try quarantine.discardAll(kind, code: code, portal: portal, by: staff.actor, in: session)
            }
        }
        router.post("/operations/runs/{portal}/{run}/cancel") { _, context in try await cancel(context) }
    }

    private func show(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .operationsView)
        let name = try context.parameters.require("queue")
        let staff = try context.signedIn()
        let lines = try await feature.desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            try session.all(OperationsQueries.queues, ["portals": [portal.id]])
        }
        guard let line = lines.first(where: { $0.queue == name }) else { throw PageError.notFound }
        let fields = Fields(context.words, form: form, errors: errors)
        let mayAct = staff.may(.operationsJobs, portal.id)
        let page = QueuePage(line, mayAct: mayAct, fields, JobWords(context.words))
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private typealias Act =
        @Sendable (QueueOperator, String, PortalID, StaffContext, Form, Session) throws -> Void

    private func act(_ context: DeskContext, _ done: String, _ body: @escaping Act) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .operationsJobs)
        let name = try context.parameters.require("queue")
        let (queues, staff) = (feature.queues, try context.signedIn())
        do {
            try await feature.desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try body(queues, name, portal.id, staff, form, session)
            }
        } catch let refusal as QueueOperator.Refusal {
            var errors = FieldErrors()
            switch refusal {
            case .unknownQueue, .runIsOver: throw PageError.notFound
            case .reasonMissing: errors.add("reason", "operations.refused.reason_missing")
            case .reasonTooLong: errors.add("reason", "operations.refused.reason_too_long")
            case .alreadyPaused: errors.add("operations.refused.already_paused")
            case .notPaused: errors.add("operations.refused.not_paused")
            }
            return try await show(context, form: form, errors: errors)
        }
        return context.redirect(to: QueueRow.href(portal.key, name), flash: .good(done))
    }

    private typealias Many =
        @Sendable (Quarantine, String, String?, PortalID, StaffContext, Session) throws -> Int

    private func many(_ context: DeskContext, _ done: String, _ body: @escaping Many) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .operationsJobs).id
        let (kind, code) = (form["kind"], form["code"].isEmpty ? nil : form["code"])
        let (quarantine, staff) = (feature.quarantine, try context.signedIn())
        do {
            let count = try await feature.desk.database.transaction(.portal(portal, staff: staff.id)) { session in
                try body(quarantine, kind, code, portal, staff, session)
            }
            return context.redirect(to: "/operations/jobs", flash: .good(done, ["count": .number(count)]))
        } catch Quarantine.Refusal.notThere {
            return context.redirect(to: "/operations/jobs", flash: .bad("operations.refused.not_there"))
        }
    }

    private func cancel(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .operationsJobs)
        let run = try context.parameters.require("run", as: RunID.self)
        let (queues, staff) = (feature.queues, try context.signedIn())
        let path = "/operations/runs/\(portal.key)/\(run)"
        do {
            try await feature.desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                _ = try queues.cancel(run, portal: portal.id, by: staff.actor, in: session)
            }
        } catch QueueOperator.Refusal.runIsOver {
            return context.redirect(to: path, flash: .bad("operations.refused.run_is_over"))
        }
        return context.redirect(to: path, flash: .good("operations.run_cancelled"))
    }
}
