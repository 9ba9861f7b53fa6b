import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/providers/{portal}/…`: one provider's form.
struct ProviderRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/messaging/providers/{portal}"
        router.get("\(path)/new") { request, context in try newForm(preset(request), context) }
        router.post("\(path)/new") { request, context in try await add(preset(request), context) }
        router.get("\(path)/{provider}") { _, context in try await editForm(context) }
        router.post("\(path)/{provider}") { _, context in try await change(context) }
        router.post("\(path)/{provider}/activate") { _, context in
            try await act(context, "messaging.provider.activated") { command, id, portal, actor, session in
                try command.activate(id, portal: portal, by: actor, in: session)
            }
        }
        router.post("\(path)/{provider}/retire") { _, context in
            try await act(context, "messaging.provider.was_retired") { command, id, portal, actor, session in
                try command.retire(id, portal: portal, by: actor, in: session)
            }
        }
        router.post("\(path)/{provider}/retry") { _, context in
            try await act(context, "messaging.provider.breaker_closed") { command, id, portal, actor, session in
                try command.closeBreaker(id, portal: portal, by: actor, in: session)
            }
        }
    }

    private var command: SaveProvider { SaveProvider(audit: desk.audit, keyRing: desk.keys) }

    private func preset(_ request: Request) throws -> ProviderPreset {
        guard let preset = request.query("kind").flatMap({ ProviderPreset(rawValue: $0) }) else {
            throw PageError.notFound
        }
        return preset
    }

    private func portal(_ context: DeskContext) throws -> PortalProfile {
        try context.portal(context.parameters.require("portal"), .messagingProviders)
    }

    private func newForm(
        _ preset: ProviderPreset,
        _ context: DeskContext,
        read: FormReader? = nil
    ) throws -> Response {
        let portal = try portal(context)
        let fields = Fields(context.words, form: read?.form, errors: read?.errors ?? FieldErrors())
        let page = ProviderPage(adding: preset, portal, fields, MessageWords(context.words))
        return try context.render(page, status: read == nil ? .ok : .unprocessableContent)
    }

    private func add(_ preset: ProviderPreset, _ context: DeskContext) async throws -> Response {
        let typed = try context.form()
        let (portal, staff) = (try portal(context), try context.signedIn())
        var form = ProviderForm(typed)
        guard let draft = form.draft(of: preset.settings) else {
            return try newForm(preset, context, read: form.read)
        }
        let command = command
        let made = try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
            try FormKeys.consume(typed.key, by: staff.id, in: session) {
                let id = try command.add(draft, portal: portal.id, by: staff.actor, in: session)
                return "/messaging/providers/\(portal.key)/\(id)"
            }
        }
        return context.redirect(to: made.path, flash: .good("messaging.provider.added"))
    }

    private func editForm(_ context: DeskContext, read: FormReader? = nil) async throws -> Response {
        let (portal, staff) = (try portal(context), try context.signedIn())
        let id = try context.parameters.require("provider", as: ProviderID.self)
        let row = try await desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            try session.first(MessagingQueries.findProvider, ["portal": portal.id, "provider": id])
        }
        guard let row else { throw PageError.notFound }
        let fields = Fields(context.words, form: read?.form, errors: read?.errors ?? FieldErrors())
        let page = ProviderPage(try ProviderSettings(row), row, portal, fields, MessageWords(context.words))
        return try context.render(page, status: read == nil ? .ok : .unprocessableContent)
    }

    private func change(_ context: DeskContext) async throws -> Response {
        let typed = try context.form()
        let (portal, staff) = (try portal(context), try context.signedIn())
        let id = try context.parameters.require("provider", as: ProviderID.self)
        let row = try await desk.database.read(.portal(portal.id, staff: staff.id)) { session in
            try session.first(MessagingQueries.findProvider, ["portal": portal.id, "provider": id])
        }
        guard let row else { throw PageError.notFound }
        var form = ProviderForm(typed)
        guard let draft = form.draft(of: try ProviderSettings(row)), let version = Int(typed["version"]) else {
            return try await editForm(context, read: form.read)
        }
        let command = command
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.change(
                    id,
                    version: version,
                    to: draft,
                    portal: portal.id,
                    by: staff.actor,
                    in: session
                )
            }
        } catch let refusal as SaveProvider.Refusal {
            form.note(refusal)
            return try await editForm(context, read: form.read)
        }
        return context.redirect(
            to: "/messaging/providers/\(portal.key)/\(id)",
            flash: .good("messaging.provider.changed")
        )
    }

    private typealias Act = @Sendable (SaveProvider, ProviderID, PortalID, Actor, Session) throws -> Void

    /// Changes a provider and leads back to the list.
    private func act(_ context: DeskContext, _ done: String, _ body: @escaping Act) async throws -> Response {
        _ = try context.form()
        let (portal, staff) = (try portal(context), try context.signedIn())
        let id = try context.parameters.require("provider", as: ProviderID.self)
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try body(command, id, portal.id, staff.actor, session)
            }
        } catch SaveProvider.Refusal.notThere {
            throw PageError.notFound
        } catch let refusal as SaveProvider.Refusal {
            return context.redirect(
                to: "/messaging/providers",
                flash: .bad("messaging.provider.refused.\(refusal.rawValue)")
            )
        }
        return context.redirect(to: "/messaging/providers", flash: .good(done))
    }
}
