import Access
import Accounts
import Clients
import DeskKit
import DeskWeb
import Messaging
import Portals
import Postgres
import Reminders
import Requests

/// Accounts on the client's page.
struct AccountsPanel: ClientPanel {
    let accounts: ClientAccounts

    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.accountsView, client.portal.id) else { return nil }
        let words = client.words
        let lines = try accounts.lines(of: client.id, portal: client.portal, words: words, in: session)
        return ClientPanelView(
            id: "accounts",
            title: words("accounts.panel"),
            columns: ["login", "person", "rights", "phone", "last_sign_in", "state_label"].map {
                .init(words("accounts.\($0)"))
            },
            rows: lines.map { line in
                [
                    .init(line.login, href: "/accounts/\(client.portal.key)/\(line.id)"), .init(line.personName),
                    .init(line.rights), .init(line.phone ?? "–", keep: true),
                    .init(
                        line.lastSignIn.map { words.recent($0, today: client.today) } ?? words("accounts.never"),
                        keep: true
                    ),
                    .init(line.state, detail: line.detail),
                ]
            },
            empty: words("accounts.panel_empty"),
            href: client.staff.may(.onboardingPrepare, client.portal.id) ? "/onboarding" : nil,
            action: client.staff.may(.onboardingPrepare, client.portal.id) ? words("accounts.from_application") : nil,
            isLeading: true
        )
    }
}

/// Why the client's users cannot sign in, each in one sentence with the fitting action beside it.
struct WhyPanel: ClientPanel {
    let accounts: ClientAccounts

    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.accountsView, client.portal.id) else { return nil }
        let words = client.words
        let lines = try accounts.explanations(
            of: client.id,
            portal: client.portal,
            staff: client.staff,
            words: words,
            in: session
        )
        return ClientPanelView(
            id: "why",
            title: words("accounts.why.title"),
            columns: ["account", "sentence", "help"].map { .init(words("accounts.why.\($0)")) },
            rows: lines.map { line in
                [
                    .init(line.person, href: "/accounts/\(client.portal.key)/\(line.account)"), .init(line.sentence),
                    .init(line.help, href: line.href),
                ]
            },
            empty: words("accounts.why.empty"),
            isLeading: true,
            tags: lines.compactMap(\.tag)
        )
    }
}

/// What was written to the client, and whether it arrived.
struct MessagesPanel: ClientPanel {
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.messagingView, client.portal.id) else { return nil }
        let words = MessageWords(client.words)
        let rows = try MessagesOfClient().rows(
            client: client.id,
            portal: client.portal.id,
            limit: 10,
            in: session
        )
        return ClientPanelView(
            id: "messages",
            title: client.words("messaging.panel"),
            columns: ["time", "kind", "to", "state"].map { .init(client.words("messaging.column.\($0)")) },
            rows: rows.map { row in
                [
                    .init(
                        client.words.recent(row.time, today: client.today),
                        href: "/messaging/\(client.portal.key)/\(row.id)",
                        keep: true
                    ),
                    .init(words.kind(row.kind)), .init(row.hint, detail: words.channel(row.channel), keep: true),
                    .init(words.state(row.state), detail: words.reason(row.reason, of: row.kind)),
                ]
            },
            empty: client.words("messaging.panel_empty")
        )
    }
}

/// What the client was reminded of, and why not.
struct RemindersPanel: ClientPanel {
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.remindersView, client.portal.id) else { return nil }
        let words = client.words
        let lines = try RemindersOfClient(most: 10).rows(client.id, client.portal.id, in: session)
        return ClientPanelView(
            id: "reminders",
            title: words("reminders.panel"),
            columns: ["subject", "due", "planned", "outcome"].map { .init(words("reminders.panel_column.\($0)")) },
            rows: lines.map { line in
                [
                    .init(line.subject(words), href: line.why(client.id, portal: client.portal.key)),
                    .init(words.shortDate(line.dueDate), keep: true),
                    .init(words.recent(line.plannedAt, today: client.today), keep: true),
                    .init(line.tag(words), detail: line.reasonText(words)),
                ]
            },
            empty: words("reminders.panel_empty"),
            href: "/reminders/\(client.portal.key)/why/\(client.id)",
            action: words("reminders.why.title")
        )
    }
}

/// The way to a client's erasure, for those who plan or approve one, and what became of it.
struct ErasurePanel: ClientPanel {
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        let rights: [Right] = [.requestsErase, .requestsApproveErasure]
        guard rights.contains(where: { client.staff.may($0, client.portal.id) }) else { return nil }
        let words = client.words
        let restriction = try ErasureFeature.restriction(of: client.id, portal: client.portal.id, in: session)
        let sentence = restriction.map { ErasureWords(words).restriction($0) }
        return ClientPanelView(
            id: "erasure",
            title: words("erasure.panel"),
            columns: [.init(words("erasure.column.state"))],
            rows: sentence.map { [[.init($0)]] } ?? [],
            empty: words("erasure.panel_empty"),
            href: "/requests/\(client.portal.key)/erasures/\(client.id)",
            action: words("erasure.open")
        )
    }
}
