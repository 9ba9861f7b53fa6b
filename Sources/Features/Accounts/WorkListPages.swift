import DeskKit
import DeskWeb
import Portals

/// One of the work lists of accounts.
struct WorkListPage: Page {
    static let template = "accounts/worklist"

    struct Chip: Sendable {
        let text: String
        let href: String
        let isCurrent: Bool
    }

    struct Row: Sendable {
        let href: String
        let person: String
        let client: String
        let portal: String
        let cells: [String]
        let state: TagView
    }

    let heading: String
    let chips: [Chip]
    let columns: [String]
    let rows: [Row]
    let hasRows: Bool
    let empty: EmptyView?
    let after: String?
}

/// Makes the work lists for one reader.
struct WorkListMaker {
    let portals: [PortalProfile]
    let words: Words

    func changes(_ rows: [OpenChangeLine], reader: StaffID, after: String?) -> WorkListPage {
        page(
            "changes",
            columns: ["kind", "asked_by", "asked_at", "effective_at"],
            rows: rows.compactMap { row in
                self.row(
                    row.portalID,
                    row.accountID,
                    row.personName,
                    row.clientName,
                    [
                        words("accounts.\(row.kind.rawValue)"),
                        row.askedBy ?? words("accounts.worklist.client_asked"), words.shortDateTime(row.askedAt),
                        row.effectiveAt.map(words.shortDateTime) ?? "–",
                    ],
                    row.state == .waiting
                        ? TagView(.plain, words("accounts.worklist.waits_for_day"))
                        : TagView(
                            .warn,
                            words("accounts.worklist.\(row.askedByID == reader ? "own" : "second_person")")
                        )
                )
            },
            after: after
        )
    }

    func incidents(_ rows: [IncidentLine], all: Bool, after: String?) -> WorkListPage {
        page(
            all ? "all_incidents" : "incidents",
            columns: ["reason", "done", "opened_by", "opened_at"],
            rows: rows.compactMap { row in
                self.row(
                    row.portalID,
                    row.accountID,
                    row.personName,
                    row.clientName,
                    [
                        words("accounts.reason.\(row.reason)"),
                        words(
                            "accounts.worklist.ended",
                            ["sessions": .number(row.sessionsEnded), "codes": .number(row.codesVoided)]
                        ), row.openedBy, words.shortDateTime(row.openedAt),
                    ],
                    row.outcome.map { TagView(.plain, words("accounts.outcome.\($0)")) }
                        ?? TagView(.bad, words("accounts.worklist.open"))
                )
            },
            after: after
        )
    }

    private func page(
        _ name: String,
        columns: [String],
        rows: [WorkListPage.Row],
        after: String?
    ) -> WorkListPage {
        let lists = [
            ("changes", "/accounts/changes"), ("incidents", "/accounts/incidents"),
            ("all_incidents", "/accounts/incidents?view=all"),
        ]
        return WorkListPage(
            heading: words("accounts.worklist.\(name)"),
            chips: lists.map { list in
                .init(text: words("accounts.worklist.\(list.0)"), href: list.1, isCurrent: list.0 == name)
            },
            columns: columns.map { words("accounts.worklist.column.\($0)") },
            rows: rows,
            hasRows: !rows.isEmpty,
            empty: rows.isEmpty
                ? EmptyView(title: words("accounts.worklist.none"), text: words("accounts.worklist.none_\(name)"))
                : nil,
            after: after
        )
    }

    private func row(
        _ portal: PortalID,
        _ account: AccountID,
        _ person: String,
        _ client: String?,
        _ cells: [String],
        _ state: TagView
    ) -> WorkListPage.Row? {
        guard let portal = portals.first(where: { $0.id == portal }) else { return nil }
        return .init(
            href: "/accounts/\(portal.key)/\(account)",
            person: person,
            client: client ?? "",
            portal: portal.name,
            cells: cells,
            state: state
        )
    }
}
