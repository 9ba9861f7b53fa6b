import Access
import DeskKit
import DeskWeb
import Hummingbird
import JobRunner
import Portals
import Postgres

/// `/messaging/{portal}/{message}/again`: a message that is said not to have come is sent once more.
struct ResendRoutes: Sendable {
    let desk: Desk
    let queue: JobQueue

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/{portal}/{message}/again") { _, context in try await show(context) }
        router.post("/messaging/{portal}/{message}/again") { _, context in try await send(context) }
    }

    private func show(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let portal = try context.portal(context.parameters.require("portal"), .messagingResend)
        let id = try context.parameters.require("message", as: MessageID.self)
        let scope = try context.signedIn().scope(.messagingResend, portal.id)
        let message = try await desk.database.read(scope) { session in
            try session.first(MessagingQueries.messageDetail, ["portal": portal.id, "message": id])
        }
        guard let message else { throw PageError.notFound }
        let fields = Fields(context.words, form: form, errors: errors)
        let page = ResendPage(message, portal, MessageWords(context.words), fields)
        return try context.render(page, status: status)
    }

    private func send(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingResend)
        let id = try context.parameters.require("message", as: MessageID.self)
        let staff = try context.signedIn()
        var read = FormReader(form)
        let (channel, reason) = (read.choice("channel", Channel.self), read.choice("reason", ResendMessage.Reason.self))
        guard let channel, let reason else {
            return try await show(context, form: form, errors: read.errors, status: .unprocessableContent)
        }
        let command = ResendMessage(audit: desk.audit, queue: queue, site: desk.site)
        do {
            let copy = try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.run(id, by: channel, reason: reason, portal: portal.id, actor: staff.actor, in: session)
            }
            return context.redirect(to: "/messaging/\(portal.key)/\(copy)", flash: .good("messaging.resent"))
        } catch ResendMessage.Refusal.notThere {
            throw PageError.notFound
        } catch let refusal as ResendMessage.Refusal {
            if refusal == .noContact {
                read.errors.add("channel", "messaging.refused.\(refusal.rawValue)")
            } else {
                read.errors.add("messaging.refused.\(refusal.rawValue)")
            }
            return try await show(context, form: form, errors: read.errors, status: .conflict)
        }
    }
}

/// Asks by which way a message goes once more.
struct ResendPage: Page {
    static let template = "messaging/again"

    let heading: String
    let to: String
    let state: TagView
    let back: String
    let action: String
    let channel: FieldView
    let reason: FieldView
    let problems: ProblemsView?

    init(_ message: MessageDetail, _ portal: PortalProfile, _ words: MessageWords, _ fields: Fields) {
        heading = words.kind(message.kind)
        to = message.recipientHint
        state = words.state(message.state)
        back = "/messaging/\(portal.key)/\(message.id)"
        action = "\(back)/again"
        channel = fields.options(
            "channel",
            "messaging.again.channel",
            Channel.allCases.map { ($0.rawValue, words.channel($0)) },
            chosen: [message.channel.rawValue]
        )
        reason = fields.options(
            "reason",
            "messaging.again.reason",
            ResendMessage.Reason.allCases.map { ($0.rawValue, words.resendReason($0)) }
        )
        problems = fields.problems
    }
}
