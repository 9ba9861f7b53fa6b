import Access
import DeskKit
import DeskWeb
import Identifiers
import Portals

/// The list that a search answers.
struct ClientSearchPage: Page {
    static let template = "clients/search"

    struct Row: Sendable {
        let href: String
        let name: String
        let kind: String
        let number: String?
        let portal: String
        let foundBy: String
        let accounts: String
        let locked: TagView?
    }

    let heading: String
    let query: String
    let rows: [Row]
    let hasRows: Bool
    let more: String?
    let empty: EmptyView?

    /// `found` holds one row more than is shown where there are more; nil when nothing was asked.
    init(_ query: String, _ found: [FoundClient]?, _ portals: [PortalProfile], _ words: Words) {
        self.query = query
        let shown = (found ?? []).prefix(ClientsRoutes.most)
        rows = shown.compactMap { client in
            guard let portal = portals.first(where: { $0.id == client.portalID }) else { return nil }
            return Row(
                href: "/clients/\(portal.key)/\(client.id)",
                name: client.name,
                kind: words("clients.kind.\(client.kind.rawValue)"),
                number: client.customerNumber,
                portal: portal.name,
                foundBy: client.accountName.map { words("clients.found_by.account", ["name": .text($0)]) }
                    ?? words("clients.found_by.\(client.foundBy)"),
                accounts: words("clients.accounts", ["n": .number(client.accounts)]),
                locked: client.locked ? TagView(.bad, words("clients.locked")) : nil
            )
        }
        hasRows = !rows.isEmpty
        more =
            (found ?? []).count > ClientsRoutes.most
            ? words("clients.search.more", ["n": .number(ClientsRoutes.most)]) : nil
        if found == nil {
            heading = words("clients.search.title")
            empty = EmptyView(title: words("clients.search.begin"), text: words("clients.search.begin_hint"))
        } else {
            heading = words("clients.search.results", ["query": .text(query)])
            empty =
                hasRows ? nil : EmptyView(title: words("clients.search.none"), text: words("clients.search.none_hint"))
        }
    }
}

/// The client's page: who it is, what it owes, what it has, and what the other rooms know.
struct ClientPage: Page {
    static let template = "clients/detail"

    struct Fact: Sendable {
        let label: String
        let value: String
    }

    struct Reveal: Sendable {
        let action: String
        let field: String
        let label: String
        let purposes: [Purpose]
    }

    struct Purpose: Sendable {
        let value: String
        let text: String
    }

    let name: String
    let subtitle: String
    let tags: [TagView]
    let facts: [Fact]
    let reveals: [Reveal]
    let hasReveals: Bool
    let panels: [ClientPanelView]
    let asides: [ClientPanelView]
    /// Only the law keeps these data, so that each look is recorded.
    let isRestricted: Bool

    init(
        _ row: ClientRow,
        _ client: ShownClient,
        revealed: SensitiveField?,
        book: ClientBook,
        panels: [ClientPanelView]
    ) {
        let words = client.words
        let facts = ClientFacts(row, client, book, revealed: revealed)
        name = row.name
        isRestricted = row.isRestricted
        subtitle = words(
            "clients.subtitle",
            [
                "kind": .text(words("clients.kind.\(row.kind.rawValue)")), "portal": .text(client.portal.name),
                "language": .text(row.language.uppercased()),
            ]
        )
        tags =
            (row.provisional ? [TagView(.warn, words("clients.provisional"))] : [])
            + (row.arrearsMinor > 0 ? [TagView(.bad, words("clients.in_arrears"))] : []) + panels.flatMap(\.tags)
        self.facts = facts.lines
        let mayReveal = client.staff.may(.clientsReveal, client.portal.id)
        reveals = facts.masked.filter { _ in mayReveal }.map { field in
            Reveal(
                action: "/clients/\(client.portal.key)/\(client.id)/reveal",
                field: field.rawValue,
                label: words("clients.reveal.\(field.rawValue)"),
                purposes: RevealPurpose.allCases.map {
                    Purpose(value: $0.rawValue, text: words("clients.purpose.\($0.rawValue)"))
                }
            )
        }
        hasReveals = !reveals.isEmpty
        let tables = panels.filter { !$0.isAside }
        self.panels =
            tables.filter(\.isLeading) + BookPanels(client, book).views + tables.filter { !$0.isLeading }
        asides = panels.filter(\.isAside)
    }
}
