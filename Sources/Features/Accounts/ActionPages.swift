import DeskKit
import DeskWeb
import Identifiers
import Identity
import Portals

/// The page of one action: what it does, what it needs, why it is done.
struct ActionPage: Page {
    static let template = "accounts/action"

    let heading: String
    let person: String
    let text: String
    let back: String
    let action: String
    let version: Int
    let problems: ProblemsView?
    /// What the caller must prove first, with where.
    let needs: String?
    let verify: String?
    let verified: String?
    let choices: [FieldView]
    let fields: [FieldView]
    let selects: [FieldView]
    let reason: FieldView
    let note: FieldView
    let button: String
    let isDangerous: Bool

    struct Content: Sendable {
        let row: StandingRow
        let portal: PortalProfile
        /// The word in the URL and the texts: "unlock", "contact", "access".
        let word: String
        let needs: VerificationStrength?
        let proof: Standing?
        let verify: String?
        var version: Int?
        var choices: [FieldView] = []
        var fields: [FieldView] = []
        var selects: [FieldView] = []
        var isDangerous = false
    }

    init(_ content: Content, _ form: Fields, _ words: Words) {
        let row = content.row
        let base = "/accounts/\(content.portal.key)/\(row.id)"
        heading = words("accounts.action.\(content.word).title")
        person = "\(row.personName) (\(content.portal.rules.loginKind.masked(row.login)))"
        text = words("accounts.action.\(content.word).text")
        back = base
        action = "\(base)/\(content.word)"
        version = content.version ?? row.version
        problems = form.problems
        let isEnough = content.needs.map { needed in content.proof.map { $0.strength >= needed } ?? false } ?? true
        needs =
            isEnough
            ? nil
            : content.needs.map {
                words("accounts.needs", ["strength": .text(words("accounts.strength.\($0.rawValue)"))])
            }
        verify = isEnough ? nil : content.verify
        verified =
            content.needs == nil || !isEnough
            ? nil
            : content.proof.map {
                words("accounts.verified", ["until": .text(words.recent($0.until, today: row.today))])
            }
        choices = content.choices
        fields = content.fields
        selects = content.selects
        reason = form.options(
            "reason",
            "accounts.reason_label",
            ActionReason.allCases.map { ($0.rawValue, words("accounts.reason.\($0.rawValue)")) }
        )
        note = form.text("note", "accounts.note", hint: "accounts.note_hint", isRequired: false, max: 300)
        button = words("accounts.action.\(content.word).button")
        isDangerous = content.isDangerous
    }
}

/// What of an account's page is about actions.
struct AccountActionsView: Sendable {
    struct Link: Sendable {
        let href: String
        let text: String
        let isFirst: Bool
    }

    struct Change: Sendable {
        let text: String
        let detail: String
        let approve: String?
        let decline: String?
        let stop: String?
        let own: String?
    }

    struct Incident: Sendable {
        let text: String
        let action: String?
        let outcome: FieldView
    }

    let why: String
    let links: [Link]
    let verified: String?
    let verify: String?
    let changes: [Change]
    let incident: Incident?
}
