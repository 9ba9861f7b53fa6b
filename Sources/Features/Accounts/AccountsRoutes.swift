import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

struct AccountsRoutes: Sendable {
    let desk: Desk
    let portalKeys: PortalKeys
    let room: AccountsRoom

    @Sendable func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .accountsView)
        let account = try context.parameters.require("id", as: AccountID.self)
        let words = context.words
        let auditWords = AuditWords(catalog: desk.site.catalog)
        let (asked, room) = (try AccountPlace(context, .accountsView), room)
        let page = try await desk.database.read(asked.scope) { session -> AccountDetailPage? in
            let place: Postgres.Parameters = ["portal": portal.id, "account": account]
            guard let row = try session.first(AccountsQueries.accountDetail, place) else { return nil }
            return AccountDetailPage(
                row,
                accesses: try session.all(AccountsQueries.accessesOfAccount, place),
                actions: try room.actionsView(asked, words: words, in: session),
                history: try desk.audit.history(of: .account(account), portal: portal.id, opening: true, in: session),
                auditWords,
                portal,
                words
            )
        }
        guard let page else { throw PageError.notFound }
        return try context.render(page)
    }

    @Sendable func keys(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await keysPage(context, made: nil, form: nil, errors: FieldErrors())
    }

    /// The key is shown in this answer and never again, so that the answer is no redirect.
    @Sendable func makeKey(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .portalsEdit)
        let form = try context.form()
        var read = FormReader(form)
        let name = read.text("name", max: 80)
        guard let name, read.errors.isEmpty else {
            return try await keysPage(
                context,
                made: nil,
                form: form,
                errors: read.errors,
                status: .unprocessableContent
            )
        }
        let actor = try context.actor()
        let key = try await desk.database.transaction(try context.signedIn().scope(.portalsEdit, portal.id)) {
            try portalKeys.make(name: name, portal: portal.id, by: actor, in: $0)
        }
        return try await keysPage(context, made: key.reveal(), form: nil, errors: FieldErrors())
    }

    @Sendable func revokeKey(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .portalsEdit)
        let id = try context.parameters.require("id", as: Int64.self)
        _ = try context.form()
        let actor = try context.actor()
        let done = try await desk.database.transaction(try context.signedIn().scope(.portalsEdit, portal.id)) {
            try portalKeys.revoke(id, portal: portal.id, by: actor, in: $0)
        }
        return context.redirect(
            to: "/accounts/\(portal.key)/keys",
            flash: done ? .good("accounts.keys.done_revoke") : .bad("accounts.keys.gone")
        )
    }

    private func keysPage(
        _ context: DeskContext,
        made: String?,
        form: Form?,
        errors: FieldErrors,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .portalsEdit)
        let rows = try await desk.database.read(try context.signedIn().scope(.portalsEdit, portal.id)) {
            try $0.all(AccountsQueries.portalKeys, ["portal": portal.id])
        }
        let fields = Fields(context.words, form: form, errors: errors)
        return try context.render(PortalKeysPage(rows, portal, made: made, fields, context.words), status: status)
    }
}
