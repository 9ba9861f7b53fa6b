import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/{portal}/{message}`: one message, its story, and a person's word where the machine has none.
struct MessageRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/messaging/{portal}/{message}"
        router.get("\(path)") { _, context in try await page(context) }
        router.post("\(path)/reveal") { _, context in try await reveal(context) }
        router.post("\(path)/decide") { _, context in try await decide(context) }
    }

    private func page(
        _ context: DeskContext,
        revealed: MessagePage.Opened = .closed,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .messagingView)
        let id = try context.parameters.require("message", as: MessageID.self)
        let staff = try context.signedIn()
        let place: Postgres.Parameters = ["portal": portal.id, "message": id]
        let audit = desk.audit
        let found = try await desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            (
                try session.first(MessagingQueries.messageDetail, place),
                try session.all(MessagingQueries.attemptsOfMessage, place),
                try audit.history(
                    of: Subject("message", id.rawValue),
                    portal: portal.id,
                    opening: staff.may(.clientsReveal, portal.id),
                    in: session
                )
            )
        }
        guard let message = found.0 else { throw PageError.notFound }
        var content = MessagePage.Content(
            message: message,
            attempts: found.1,
            history: found.2,
            portal: portal,
            opened: revealed,
            mayDecide: staff.may(.messagingDecide, portal.id),
            mayReveal: staff.may(.clientsReveal, portal.id)
        )
        content.mayResend = staff.may(.messagingResend, portal.id)
        let page = MessagePage(
            content,
            MessageWords(context.words),
            AuditWords(catalog: desk.site.catalog),
            Fields(context.words, form: form, errors: errors)
        )
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func reveal(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingView)
        let staff = try context.signedIn()
        try staff.require(.clientsReveal, portal.id)
        let id = try context.parameters.require("message", as: MessageID.self)
        var read = FormReader(form)
        guard let purpose = read.choice("purpose", RevealMessage.Purpose.self) else {
            return try await page(context, form: form, errors: read.errors)
        }
        let command = RevealMessage(audit: desk.audit)
        do {
            let shown = try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.run(id, portal: portal.id, purpose: purpose, by: staff.actor, in: session)
            }
            return try await page(context, revealed: shown.map { .open($0) } ?? .erased)
        } catch RevealMessage.Refusal.notThere {
            throw PageError.notFound
        } catch let refusal as RevealMessage.Refusal {
            read.errors.add("messaging.refused.\(refusal.rawValue)")
            return try await page(context, form: form, errors: read.errors)
        }
    }

    private func decide(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingDecide)
        let id = try context.parameters.require("message", as: MessageID.self)
        let staff = try context.signedIn()
        var read = FormReader(form)
        let verdict = read.choice("verdict", DecideMessage.Verdict.self)
        let grounds = read.choice("grounds", DecideMessage.Grounds.self)
        let note = read.optionalText("note", max: 300)
        guard let verdict, let grounds, read.errors.isEmpty else {
            return try await page(context, form: form, errors: read.errors)
        }
        let order = DecideMessage.Order(
            portal: portal.id,
            message: id,
            verdict: verdict,
            grounds: grounds,
            note: note,
            staff: staff.id,
            actor: staff.actor
        )
        let command = DecideMessage(audit: desk.audit)
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.run(order, in: session)
            }
        } catch DecideMessage.Refusal.notThere {
            throw PageError.notFound
        } catch DecideMessage.Refusal.noteMissing {
            read.errors.add("note", "messaging.refused.note_missing")
            return try await page(context, form: form, errors: read.errors)
        } catch DecideMessage.Refusal.settled {
            read.errors.add("messaging.refused.settled")
            return try await page(context, form: form, errors: read.errors)
        }
        return context.redirect(to: "/messaging/\(portal.key)/\(id)", flash: .good("messaging.decided"))
    }
}
