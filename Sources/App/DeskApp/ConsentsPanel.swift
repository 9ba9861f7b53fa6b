import Access
import Accounts
import Clients
import DeskKit
import DeskWeb
import Portals
import Postgres
import Texts

/// What a client agreed to, on its page.
struct ConsentsPanel: ClientPanel {
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView? {
        guard client.staff.may(.textsConsents, client.portal.id) else { return nil }
        let words = client.words
        let lines = try ConsentsOfClient().lines(client.id, client.portal.id, words, in: session)
        return ClientPanelView(
            id: "consents",
            title: words("texts.panel.title"),
            columns: ["purpose", "standing", "how"].map { .init(words("texts.panel.\($0)")) },
            rows: lines.map { [.init($0.purpose), .init($0.standing), .init($0.detail ?? "–")] },
            empty: words("texts.panel.empty"),
            href: lines.isEmpty ? nil : "/texts/\(client.portal.key)/clients/\(client.id)",
            action: lines.isEmpty ? nil : words("texts.panel.action")
        )
    }
}

/// Whose session at the portal API a token is, as Accounts knows it.
struct SignedInAccounts: FindsSignedInAccount {
    let accounts: AccountsFeature

    func account(of token: String, portal: PortalID, in session: Session) throws -> AccountID? {
        try accounts.signedIn(token, portal: portal, in: session)
    }
}
