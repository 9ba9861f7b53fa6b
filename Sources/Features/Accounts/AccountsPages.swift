import Audit
import DeskKit
import DeskWeb
import Identifiers
import Portals

/// One account: whom it acts for, how it stands, what happened to it.
struct AccountDetailPage: Page {
    static let template = "accounts/detail"

    struct Fact: Sendable {
        let label: String
        let value: String
    }

    struct Client: Sendable {
        let href: String
        let name: String
        let rights: String
    }

    let heading: String
    let state: TagView
    let facts: [Fact]
    let application: String?
    let actions: AccountActionsView?
    let clients: [Client]
    let hasClients: Bool
    let entries: [TimelineEntry]
    let hasEntries: Bool

    init(
        _ row: AccountDetailRow,
        accesses: [AccessRow],
        actions: AccountActionsView?,
        history: [AuditLine],
        _ auditWords: AuditWords,
        _ portal: PortalProfile,
        _ words: Words
    ) {
        self.actions = actions
        heading = words("accounts.title", ["login": .text(portal.rules.loginKind.masked(row.login))])
        state = words.tag(row.state)
        application = row.applicationID.map { "/onboarding/\(portal.key)/\($0)" }
        let none = words("accounts.never")
        let candidates: [(String, String?)] = [
            ("person", row.personName), ("phone", masked(row.phone)), ("email", masked(email: row.email)),
            ("language", row.language.uppercased()), ("last_sign_in", row.lastSignIn.map(words.shortDateTime) ?? none),
            ("wrong_sign_ins", words.number(row.wrongSignIns)), ("reminders", words.reminders(row)),
            ("opened", words.shortDateTime(row.created)),
        ]
        facts = candidates.compactMap { key, value in
            value.map { Fact(label: words("accounts.\(key)"), value: $0) }
        }
        clients = accesses.map { access in
            Client(
                href: "/clients/\(portal.key)/\(access.clientID)",
                name: access.name,
                rights: access.rights.map { words.right($0) }.joined(separator: ", ")
            )
        }
        hasClients = !clients.isEmpty
        let today = history.first?.at.date ?? row.created.date
        entries = history.map { line in
            // Of what is sealed the note alone is for everybody who may see the account.
            let details = [line.actorName, line.personal["note"] ?? ""].filter { !$0.isEmpty }
            return TimelineEntry(
                line.at,
                today: today,
                text: auditWords.text(of: line, in: words.language),
                detail: details.isEmpty ? nil : details.joined(separator: ": "),
                words: words
            )
        }
        hasEntries = !entries.isEmpty
    }
}

/// The keys of one portal's API, and once the one just made.
struct PortalKeysPage: Page {
    static let template = "accounts/keys"

    struct Row: Sendable {
        let name: String
        let made: String
        let state: TagView
        let revoke: String?
    }

    let portal: String
    let action: String
    let made: String?
    let name: FieldView
    let problems: ProblemsView?
    let rows: [Row]
    let hasRows: Bool

    init(_ rows: [PortalKeyRow], _ portal: PortalProfile, made: String?, _ fields: Fields, _ words: Words) {
        self.portal = portal.name
        self.made = made
        action = "/accounts/\(portal.key)/keys"
        name = fields.text("name", "accounts.keys.name", "", hint: "accounts.keys.name_hint", isRequired: true, max: 80)
        problems = fields.problems
        self.rows = rows.map { row in
            Row(
                name: row.name,
                made: words.shortDateTime(row.created),
                state: row.revoked == nil
                    ? TagView(.good, words("accounts.keys.live")) : TagView(.plain, words("accounts.keys.revoked")),
                revoke: row.revoked == nil ? "/accounts/\(portal.key)/keys/\(row.id)/revocation" : nil
            )
        }
        hasRows = !rows.isEmpty
    }
}

extension Words {
    func reminders(_ row: AccountDetailRow) -> String {
        guard row.remindBy != "none" else { return self("accounts.reminders_none") }
        let channel = self("accounts.channel.\(row.remindBy)")
        guard let days = row.remindDaysBefore else {
            return self("accounts.reminders_rule", ["channel": .text(channel)])
        }
        return self("accounts.reminders_days", ["channel": .text(channel), "n": .number(days)])
    }
}

/// A phone as pages show it.
func masked(_ phone: String?) -> String? {
    phone.map { IdentifierKind.e164.masked($0) }
}

/// An address as pages show it.
func masked(email: String?) -> String? {
    email.map { IdentifierKind.email.masked($0) }
}
