package import DeskKit
package import DeskWeb
package import Postgres

/// The accounts that act for a client, as the client's page lists them.
package struct ClientAccounts: Sendable {
    package struct Line: Sendable {
        package let id: AccountID
        package let login: String
        package let personName: String
        package let rights: String
        /// Masked.
        package let phone: String?
        package let lastSignIn: CivilDateTime?
        package let state: TagView
        /// Says until when the first code is good, or why the account is locked.
        package let detail: String?
    }

    /// At most 50 lines, by name. Throws `PostgresError`.
    package func lines(of client: ClientID, portal: PortalID, words: Words, in session: Session) throws -> [Line] {
        try session.all(AccountsQueries.accountsOfClient, ["portal": portal, "client": client]).map { row in
            Line(
                id: row.id,
                login: row.login,
                personName: row.personName,
                rights: row.rights.map { words.right($0) }.joined(separator: ", "),
                phone: masked(row.phone),
                lastSignIn: row.lastSignIn,
                state: words.tag(row.state),
                detail: row.lockReason.map { words("accounts.lock_reason.\($0)") }
                    ?? row.codeUntil.map { words("accounts.code_until", ["when": .text(words.shortDateTime($0))]) }
            )
        }
    }
}

extension Words {
    /// A right's name; one that a profile made up shows as it is.
    func right(_ name: String) -> String {
        has("accounts.right.\(name)") ? self("accounts.right.\(name)") : name
    }

    /// The state of an account with its colour.
    func tag(_ state: AccountState) -> TagView {
        let tone: TagView.Tone =
            switch state {
            case .active: .good
            case .invited: .warn
            case .locked: .bad
            case .closed: .plain
            }
        return TagView(tone, self("accounts.state.\(state.rawValue)"))
    }
}
