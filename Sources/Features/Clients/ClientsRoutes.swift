import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

struct ClientsRoutes: Sendable {
    /// So many clients are listed; whoever sees more should type more.
    static let most = 50

    let desk: Desk
    let panels: [any ClientPanel]
    private let looks = RecentLooks()

    init(desk: Desk, panels: [any ClientPanel]) {
        (self.desk, self.panels) = (desk, panels)
    }

    @Sendable func search(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portals = try context.portals(with: .clientsView)
        let staff = try context.signedIn()
        let typed = request.query("q") ?? ""
        guard let text = SearchText(typed) else {
            return try context.render(ClientSearchPage(typed, nil, portals, context.words))
        }
        let found = try await desk.database.read(.portals(portals.map(\.id), staff: staff.id)) { session in
            try session.all(
                ClientsQueries.search,
                [
                    "portals": portals.map(\.id), "words": text.words, "compact": text.compact,
                    "reversed": text.reversed, "email": text.email, "login": text.login, "limit": Self.most + 1,
                ]
            )
        }
        if found.count == 1, let only = found.first, let portal = portals.first(where: { $0.id == only.portalID }) {
            return context.redirect(to: "/clients/\(portal.key)/\(only.id)")
        }
        return try context.render(ClientSearchPage(typed, found, portals, context.words))
    }

    @Sendable func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        try await page(context, revealed: nil)
    }

    /// Shows one sensitive value for this answer alone; the audit row is committed before it is shown.
    @Sendable func reveal(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .clientsReveal)
        let client = try context.parameters.require("id", as: ClientID.self)
        let form = try context.form()
        var read = FormReader(form)
        let field = read.choice("field", SensitiveField.self)
        let purpose = read.choice("purpose", RevealPurpose.self)
        guard let field, let purpose, read.errors.isEmpty else { throw PageError.badRequest }
        let actor = try context.actor()
        try await desk.database.transaction(try context.signedIn().scope(.clientsReveal, portal.id)) { session in
            let place: Postgres.Parameters = ["portal": portal.id, "client": client]
            guard let row = try session.first(ClientsQueries.clientDetail, place) else { throw PageError.notFound }
            if row.isRestricted { try context.signedIn().require(.requestsRetained, portal.id) }
            try desk.audit.record(
                AuditEvent(
                    "client.revealed",
                    portal: portal.id,
                    by: actor,
                    on: .client(client),
                    client: client,
                    facts: ["field": field.rawValue, "purpose": purpose.rawValue]
                ),
                in: session
            )
        }
        return try await page(context, revealed: field)
    }

    private func page(_ context: DeskContext, revealed: SensitiveField?) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .clientsView)
        let client = try context.parameters.require("id", as: ClientID.self)
        let staff = try context.signedIn()
        let words = context.words
        let page = try await desk.database.read(try staff.scope(.clientsView, portal.id)) { session in
            try load(client, portal, staff, words, revealed: revealed, in: session)
        }
        guard let page else { throw PageError.notFound }
        try await recordLook(client, isRestricted: page.isRestricted, portal, context)
        return try context.render(page)
    }

    /// Who looked is in the trail before it is shown: one line for a visit, and each look at data that only the law
    /// keeps.
    func recordLook(
        _ client: ClientID,
        isRestricted: Bool,
        _ portal: PortalProfile,
        _ context: DeskContext
    ) async throws {
        let (staff, reference) = (try context.signedIn(), context.page.reference)
        let visit = RecentLooks.Look(staff: staff.id, portal: portal.id, client: client)
        if !isRestricted, looks.has(visit) { return }
        let scope = try staff.scope(isRestricted ? .requestsRetained : .clientsView, portal.id)
        let look = AuditEvent(
            isRestricted ? "client.retained_opened" : "client.looked",
            portal: portal.id,
            by: staff.actor,
            on: .client(client),
            client: client,
            reference: reference
        )
        let isNew = try await desk.database.transaction(scope) { session in
            let known = try desk.audit.hasLook(
                look.action,
                on: look.subject,
                portal: portal.id,
                by: staff.id,
                facts: [:],
                in: session
            )
            if !known || isRestricted { try desk.audit.record(look, in: session) }
            return !known
        }
        if isNew, !isRestricted { looks.note(visit) }
    }

    /// Nil when there is no such client. Throws `PageError` where only the law keeps the data, and not for this reader.
    func find(
        _ client: ClientID,
        _ portal: PortalProfile,
        _ staff: StaffContext,
        _ words: Words,
        in session: Session
    ) throws -> ClientRow? {
        let place: Postgres.Parameters = ["portal": portal.id, "client": client]
        guard let row = try session.first(ClientsQueries.clientDetail, place) else { return nil }
        if row.isRestricted, !staff.may(.requestsRetained, portal.id) {
            guard let until = row.retainedUntil else { throw PageError(.forbidden, "clients.erased") }
            throw PageError(.forbidden, "clients.retained", ["date": .text(words.date(until))])
        }
        return row
    }

    /// The page with everything on it as of one moment; nil when there is no such client.
    func load(
        _ client: ClientID,
        _ portal: PortalProfile,
        _ staff: StaffContext,
        _ words: Words,
        revealed: SensitiveField?,
        in session: Session
    ) throws -> ClientPage? {
        let place: Postgres.Parameters = ["portal": portal.id, "client": client]
        guard let row = try find(client, portal, staff, words, in: session) else { return nil }
        let shown = ShownClient(id: client, portal: portal, staff: staff, words: words, today: row.today)
        let warnDays = portal.rules.reminders.insuranceDaysBefore.max() ?? 30
        return ClientPage(
            row,
            shown,
            revealed: revealed,
            book: ClientBook(
                contacts: try session.all(ClientsQueries.contactsOfClient, place),
                contracts: try session.all(ClientsQueries.contractsOfClient, place),
                instalments: try session.all(ClientsQueries.instalmentsOfClient, place),
                invoices: try session.all(ClientsQueries.invoicesOfClient, place),
                policies: try session.all(
                    ClientsQueries.policiesOfClient,
                    place.merging(["warn_days": warnDays]) { $1 }
                )
            ),
            panels: try panels.compactMap { try $0.view(of: shown, in: session) }
        )
    }
}

/// What is masked on the page until somebody says why they look.
enum SensitiveField: String, CaseIterable, Sendable {
    case contacts
    case numbers
}

/// Why somebody looks at a sensitive value.
enum RevealPurpose: String, CaseIterable, Sendable {
    case caller, request, correction
}

/// The client's part of the main system's book.
struct ClientBook: Sendable {
    let contacts: [ContactRow]
    let contracts: [ContractRow]
    let instalments: [InstalmentRow]
    let invoices: [InvoiceRow]
    let policies: [PolicyRow]
}
