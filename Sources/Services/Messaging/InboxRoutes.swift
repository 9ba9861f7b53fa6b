import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/inbox`: what the phone or mailbox would show. Exists only where the built-in provider is in use.
struct InboxRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/inbox") { request, context in try await list(request, context) }
    }

    private func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let profiles = try context.portals(with: .messagingInbox)
        let staff = try context.signedIn()
        let channel = request.query("channel").flatMap { Channel(rawValue: $0) }
        let ask = request.pageRequest(parts: 1, size: 30)
        let edge = ask.key?.parts.first.flatMap { Int64($0) }
        let portals = profiles.map(\.id)
        let rows = try await desk.database.transaction(.portals(portals, staff: staff.id)) { session in
            let local = try session.all(MessagingQueries.localPortals, ["portals": portals])
            guard !local.isEmpty else { throw PageError.notFound }
            // It shows recipients and codes in full: each look is recorded before it shows.
            for portal in local {
                try desk.audit.record(
                    AuditEvent(
                        "message.inbox_viewed",
                        portal: portal,
                        by: .staff(staff.id, name: staff.name),
                        on: Subject("portal", Int64(portal.rawValue))
                    ),
                    in: session
                )
            }
            return try session.all(
                MessagingQueries.inbox,
                [
                    "portals": local, "channel": channel, "before": ask.isBackward ? nil : edge,
                    "after": ask.isBackward ? edge ?? 0 : nil, "limit": ask.limit,
                ]
            )
        }
        let slice = PageSlice(fetched: rows, request: ask) { PageKey("\($0.id)") }
        let words = MessageWords(context.words)
        return try context.render(
            InboxPage(
                slice.rows.map { InboxEntry($0, profiles, words) },
                channel: channel,
                words,
                pager: PagerView(slice, request)
            )
        )
    }
}
