import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/messaging/providers`: by what each portal sends.
struct ProvidersRoutes: Sendable {
    let desk: Desk

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/messaging/providers") { _, context in
            let profiles = try context.portals(with: .messagingProviders)
            let portals = profiles.map(\.id)
            let scope = Scope.portals(portals, staff: try context.signedIn().id)
            let (rows, open) = try await desk.database.read(scope) { session in
                (
                    try session.all(MessagingQueries.listProviders, ["portals": portals]),
                    try session.all(MessagingQueries.openGateways, ["portals": portals])
                )
            }
            return try context.render(ProvidersPage(rows, open, profiles, MessageWords(context.words)))
        }
    }
}

/// The providers of each portal.
struct ProvidersPage: Page {
    static let template = "messaging/providers"
    let portals: [Group]

    struct Group: Sendable {
        let key: String
        let name: String
        let providers: [ProviderLine]
        let hasProviders: Bool
        let missing: [String]
        let additions: [Addition]
    }

    struct Addition: Sendable {
        let href: String
        let text: String
    }

    init(_ rows: [ProviderRow], _ open: [OpenGateway], _ profiles: [PortalProfile], _ words: MessageWords) {
        portals = profiles.map { profile in
            let own = rows.filter { $0.portalID == profile.id }
            let active = Set(own.filter(\.active).map(\.channel))
            return Group(
                key: profile.key,
                name: profile.name,
                providers: own.map { row in
                    ProviderLine(row, open.first { $0.providerID == row.id }, profile, words)
                },
                hasProviders: !own.isEmpty,
                missing: Channel.allCases.filter { !active.contains($0) }.map {
                    words.words("messaging.provider.missing", ["channel": .text(words.channel($0))])
                },
                additions: ProviderPreset.allCases.map {
                    Addition(
                        href: "/messaging/providers/\(profile.key)/new?kind=\($0.rawValue)",
                        text: words.words("messaging.provider.add.\($0.rawValue)")
                    )
                }
            )
        }
    }
}

/// One provider in the list.
struct ProviderLine: Sendable {
    let href: String
    let name: String
    let by: String
    let kind: String
    let address: String
    let state: TagView
    let isActive: Bool
    /// Why and until when it is left alone.
    let breaker: String?

    init(_ row: ProviderRow, _ open: OpenGateway?, _ profile: PortalProfile, _ words: MessageWords) {
        href = "/messaging/providers/\(profile.key)/\(row.id)"
        name = row.kind == .local && row.name == "local" ? words.words("messaging.provider.kind.local") : row.name
        by = words.channel(row.channel)
        kind = words.words("messaging.provider.kind.\(row.kind.rawValue)")
        address = (try? ProviderSettings(row).address) ?? ""
        state =
            row.active
            ? TagView(.good, words.words("messaging.provider.active"))
            : TagView(.plain, words.words("messaging.provider.retired"))
        isActive = row.active
        breaker = open.map { gateway in
            words.words(
                "messaging.provider.left_alone",
                [
                    "until": .text(gateway.until.map { words.words.time($0) } ?? "–"),
                    "reason": .text(gateway.reason), "n": .number(gateway.failures),
                ]
            )
        }
    }
}
