import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/suppressions`: where nobody is written to any more, and why.
struct SuppressionRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/suppressions") { request, context in try await list(request, context) }
        router.post("/messaging/suppressions/{portal}/{id}/lift") { _, context in try await lift(context) }
        router.post("/messaging/{portal}/{message}/suppress") { _, context in try await suppress(context) }
    }

    private var command: Suppressions { Suppressions(audit: desk.audit, keyRing: desk.keys) }

    private func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let profiles = try context.portals(with: .messagingView)
        let staff = try context.signedIn()
        let ask = request.pageRequest(parts: 1)
        let edge = ask.key?.parts.first.flatMap { Int64($0) }
        let portals = profiles.map(\.id)
        let rows = try await desk.database.read(.portals(portals, staff: staff.id)) { session in
            try session.all(
                MessagingQueries.suppressions,
                [
                    "portals": portals, "before": ask.isBackward ? nil : edge,
                    "after": ask.isBackward ? edge ?? 0 : nil, "limit": ask.limit,
                ]
            )
        }
        let slice = PageSlice(fetched: rows, request: ask) { PageKey("\($0.id)") }
        let words = MessageWords(context.words)
        let lines = slice.rows.map { row in
            SuppressionLine(row, profiles, mayLift: staff.may(.messagingDecide, row.portalID), words)
        }
        return try context.render(SuppressionsPage(lines, context.words, pager: PagerView(slice, request)))
    }

    private func lift(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingDecide)
        let id = try context.parameters.require("id", as: Int64.self)
        let staff = try context.signedIn()
        let command = command
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.lift(id, portal: portal.id, by: staff.actor, staff: staff.id, in: session)
            }
        } catch Suppressions.Refusal.notThere {
            return context.redirect(to: "/messaging/suppressions", flash: Flash(.warn, "messaging.suppression.gone"))
        }
        return context.redirect(to: "/messaging/suppressions", flash: .good("messaging.suppression.lifted"))
    }

    private func suppress(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let portal = try context.portal(context.parameters.require("portal"), .messagingDecide)
        let id = try context.parameters.require("message", as: MessageID.self)
        let staff = try context.signedIn()
        let page = "/messaging/\(portal.key)/\(id)"
        var read = FormReader(form)
        guard let reason = read.choice("suppress", Suppressions.Reason.self) else {
            return context.redirect(to: page, flash: .bad("messaging.suppression.choose"))
        }
        let command = command
        do {
            try await desk.database.transaction(.portal(portal.id, staff: staff.id)) { session in
                try command.add(id, reason: reason, portal: portal.id, by: staff.actor, staff: staff.id, in: session)
            }
        } catch Suppressions.Refusal.notThere {
            throw PageError.notFound
        } catch let refusal as Suppressions.Refusal {
            return context.redirect(
                to: page,
                flash: Flash(.warn, "messaging.suppression.refused.\(refusal.rawValue)")
            )
        }
        return context.redirect(to: page, flash: .good("messaging.suppression.set"))
    }
}

/// The list of suppressions.
struct SuppressionsPage: Page {
    static let template = "messaging/suppressions"
    let rows: [SuppressionLine]
    let hasRows: Bool
    let nothing: EmptyView?
    let pager: PagerView

    init(_ rows: [SuppressionLine], _ words: Words, pager: PagerView) {
        self.rows = rows
        hasRows = !rows.isEmpty
        nothing =
            rows.isEmpty
            ? EmptyView(title: words("messaging.suppression.none"), text: words("messaging.suppression.none_help"))
            : nil
        self.pager = pager
    }
}

struct SuppressionLine: Sendable {
    let since: String
    let to: String
    let by: String
    let client: String?
    let clientHref: String?
    let portal: String
    let why: String
    let action: String?

    init(_ row: SuppressionRow, _ profiles: [PortalProfile], mayLift: Bool, _ words: MessageWords) {
        let profile = profiles.first { $0.id == row.portalID }
        let key = profile?.key ?? ""
        since = words.words.recent(row.since, today: row.today)
        to = row.hint
        by = words.channel(row.channel)
        client = row.client
        clientHref = row.clientID.map { "/clients/\(key)/\($0)" }
        portal = profile?.name ?? ""
        why = words.words("messaging.reason.\(row.reason)")
        action = mayLift ? "/messaging/suppressions/\(key)/\(row.id)/lift" : nil
    }
}
