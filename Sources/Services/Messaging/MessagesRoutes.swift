import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging` and `/messaging/uncertain`: what was written to clients, and what waits for a person's word.
struct MessagesRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging") { request, context in try await list(request, context) }
        router.get("/messaging/uncertain") { request, context in try await uncertain(request, context) }
    }

    private func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let profiles = try context.portals(with: .messagingView)
        let staff = try context.signedIn()
        let filter = MessageFilter(request, profiles)
        let ask = request.pageRequest(parts: 1)
        let (portals, edge) = (filter.portals.map(\.id), ask.key?.parts.first.flatMap { Int64($0) })
        let given: Postgres.Parameters = ["portals": portals, "state": filter.state, "channel": filter.channel]
        let (rows, count, local) = try await desk.database.read(.portals(portals, staff: staff.id)) { session in
            let edged = given.merging(["limit": ask.limit]) { $1 }
            let rows =
                ask.isBackward
                ? try session.all(MessagingQueries.messagesAfter, edged.merging(["after": edge ?? 0]) { $1 })
                : try session.all(MessagingQueries.messages, edged.merging(["before": edge ?? .max]) { $1 })
            return (
                rows, try session.one(MessagingQueries.countMessages, given),
                try session.all(MessagingQueries.localPortals, ["portals": portals])
            )
        }
        let slice = PageSlice(fetched: rows, request: ask) { PageKey("\($0.id)") }
        let waiting = try await waiting(portals, staff)
        let words = MessageWords(context.words)
        return try context.render(
            MessagesPage(
                filter,
                choices: profiles,
                slice.rows.map { MessageLine($0, profiles, words) },
                words,
                pager: PagerView(slice, request, count: context.words.count(CappedCount(count))),
                waiting: waiting,
                hasInbox: !local.isEmpty && staff.may(.messagingInbox),
                hasLetters: staff.may(.messagingTemplates),
                hasHours: staff.may(.messagingHours)
            )
        )
    }

    private func waiting(_ portals: [PortalID], _ staff: StaffContext) async throws -> Int {
        try await desk.database.read(.portals(portals, staff: staff.id)) { session in
            try MessagingService.uncertain(portals, in: session)
        }
    }

    private func uncertain(_ request: Request, _ context: DeskContext) async throws -> Response {
        let profiles = try context.portals(with: .messagingView)
        let staff = try context.signedIn()
        let portals = profiles.map(\.id)
        let ask = request.pageRequest(parts: 1)
        let edge = ask.key?.parts.first.flatMap { Int64($0) }
        let given: Postgres.Parameters = [
            "portals": portals, "state": MessageState.uncertain, "channel": nil, "limit": ask.limit,
        ]
        let (rows, count) = try await desk.database.read(.portals(portals, staff: staff.id)) { session in
            // Oldest first, so that going on means going up.
            let rows =
                ask.isBackward
                ? try session.all(MessagingQueries.messages, given.merging(["before": edge ?? .max]) { $1 })
                : try session.all(MessagingQueries.messagesAfter, given.merging(["after": edge ?? 0]) { $1 })
            return (rows, try MessagingService.uncertain(portals, in: session))
        }
        let slice = PageSlice(fetched: rows, request: ask) { PageKey("\($0.id)") }
        let words = MessageWords(context.words)
        return try context.render(
            UncertainPage(
                slice.rows.map { MessageLine($0, profiles, words) },
                context.words,
                pager: PagerView(slice, request, count: context.words.count(CappedCount(count)))
            )
        )
    }
}

/// What a list shows only; what the query holds besides is left out.
struct MessageFilter: Sendable {
    let portals: [PortalProfile]
    let portal: PortalProfile?
    let state: MessageState?
    let channel: Channel?

    init(_ request: Request, _ profiles: [PortalProfile]) {
        let key = request.query("portal")
        portal = profiles.first { $0.key == key }
        portals = portal.map { [$0] } ?? profiles
        state = request.query("state").flatMap { MessageState(rawValue: $0) }
        channel = request.query("channel").flatMap { Channel(rawValue: $0) }
    }
}

/// Its fields, on every page that has the filter.
extension MessageFilter {
    func portalField(_ fields: Fields, _ choices: [PortalProfile]) -> FieldView {
        fields.options(
            "portal",
            "messaging.field.portal",
            choices.map { (value: $0.key, text: $0.name) },
            chosen: Set([portal?.key].compactMap { $0 }),
            isRequired: false
        )
    }

    func channelField(_ fields: Fields, _ words: MessageWords) -> FieldView {
        fields.options(
            "channel",
            "messaging.field.channel",
            Channel.allCases.map { (value: $0.rawValue, text: words.channel($0)) },
            chosen: Set([channel?.rawValue].compactMap { $0 }),
            isRequired: false
        )
    }
}
