import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

struct TextsRoutes: Sendable {
    let desk: Desk

    func list(_ context: DeskContext) async throws -> Response {
        let portals = try context.portals(with: .textsView)
        let staff = try context.signedIn()
        let ids = portals.map(\.id)
        let rows = try await desk.database.read(.portals(ids, staff: staff.id)) {
            try $0.all(TextsQueries.listTexts, ["portals": ids])
        }
        return try context.render(TextsPage(rows, portals, staff, context.words))
    }

    func add(_ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsWrite)
        var read = FormReader(try context.form())
        guard let kind = read.choice("kind", TextKind.self), kind.isSingle else { throw PageError.badRequest }
        let staff = try context.signedIn()
        let command = OpenText(audit: desk.audit)
        do {
            let key = try await desk.database.transaction(try staff.scope(.textsWrite, portal.id)) {
                try command.run(kind, portal: portal.id, by: staff, in: $0)
            }
            return context.redirect(to: "/texts/\(portal.key)/\(key)/1", flash: .good("texts.added"))
        } catch let refusal as TextRefusal {
            return context.redirect(to: "/texts", flash: .bad("texts.refused.\(refusal.rawValue)"))
        }
    }

    func show(_ context: DeskContext) async throws -> Response {
        try await page(context, problem: nil)
    }

    /// Begins the next version.
    func open(_ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsWrite)
        let key = try context.parameters.require("key")
        _ = try context.form()
        let staff = try context.signedIn()
        let command = OpenVersion(audit: desk.audit)
        do {
            let number = try await desk.database.transaction(try staff.scope(.textsWrite, portal.id)) {
                try command.run(key, portal: portal.id, by: staff, in: $0)
            }
            return context.redirect(to: "/texts/\(portal.key)/\(key)/\(number)", flash: .good("texts.opened"))
        } catch let refusal as TextRefusal {
            return try await page(context, problem: context.words("texts.refused.\(refusal.rawValue)"))
        }
    }

    private func page(_ context: DeskContext, problem: String?) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .textsView)
        let key = try context.parameters.require("key")
        let staff = try context.signedIn()
        let audit = desk.audit
        let auditWords = AuditWords(catalog: desk.site.catalog)
        let words = context.words
        let page = try await desk.database.read(try staff.scope(.textsView, portal.id)) { session -> TextPage? in
            guard let text = try session.first(TextsQueries.findText, ["portal": portal.id, "key": key]) else {
                return nil
            }
            let versions = try session.all(
                TextsQueries.listVersions,
                ["portal": portal.id, "text": text.id]
            )
            let lines = try audit.history(of: .text(text.id), portal: portal.id, opening: false, in: session)
            return TextPage(
                text,
                versions,
                auditWords.entries(lines, today: text.today, words),
                portal,
                mayWrite: staff.may(.textsWrite, portal.id),
                problem: problem,
                words
            )
        }
        guard let page else { throw PageError.notFound }
        return try context.render(page, status: problem == nil ? .ok : .conflict)
    }
}
