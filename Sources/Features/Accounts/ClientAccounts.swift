package import Access
package import DeskKit
package import DeskWeb
package import Portals
package import Postgres

/// The accounts that act for a client, as the client's page lists them.
package struct ClientAccounts: Sendable {
    package struct Line: Sendable {
        package let id: AccountID
        /// Masked where it is a phone or an address.
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
    package func lines(
        of client: ClientID,
        portal: PortalProfile,
        words: Words,
        in session: Session
    ) throws -> [Line] {
        try session.all(AccountsQueries.accountsOfClient, ["portal": portal.id, "client": client]).map { row in
            Line(
                id: row.id,
                login: portal.rules.loginKind.masked(row.login),
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

    /// Why somebody cannot sign in, and what helps.
    package struct Explanation: Sendable {
        package let account: AccountID
        package let person: String
        package let sentence: String
        package let help: String
        package let href: String
        /// For the identity bar; nil where nothing blocks.
        package let tag: TagView?
    }

    /// At most four, those that are blocked first. Throws `PostgresError`.
    package func explanations(
        of client: ClientID,
        portal: PortalProfile,
        staff: StaffContext,
        words: Words,
        in session: Session
    ) throws -> [Explanation] {
        try StandingRow.all(of: client, portal: portal.id, in: session).map { row in
            let diagnosis = SignInDiagnosis(row)
            let path = "/accounts/\(portal.key)/\(row.id)"
            let action = diagnosis.action.flatMap { staff.may($0.right, portal.id) ? $0 : nil }
            var help = (text: words("accounts.why.see_account"), href: path)
            if let action {
                help = (words("accounts.action.\(action.rawValue).title"), "\(path)/\(action.rawValue)")
            } else if diagnosis == .messageFailed, let message = row.messageID {
                help = (words("accounts.why.see_message"), "/messaging/\(portal.key)/\(message)")
            }
            return Explanation(
                account: row.id,
                person: row.personName,
                sentence: diagnosis.sentence(row, words),
                help: help.text,
                href: help.href,
                tag: diagnosis.tag(words)
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
