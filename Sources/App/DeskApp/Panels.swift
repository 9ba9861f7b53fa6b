import Access
import Accounts
import Clients
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Accounts on the client's page.
struct AccountsPanel: ClientPanel {
    let accounts: ClientAccounts

    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.accountsView, client.portal.id) else { return nil }
        let words = client.words
        let lines = try accounts.lines(of: client.id, portal: client.portal.id, words: words, in: session)
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
            action: client.staff.may(.onboardingPrepare, client.portal.id) ? words("accounts.from_application") : nil
        )
    }
}
