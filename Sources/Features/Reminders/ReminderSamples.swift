package import DeskKit
package import DeskWeb
import FoundationEssentials
package import Messaging
package import Portals
package import Postgres

/// The values of the newest reminders of a kind, masked, for the preview of its letter.
package struct ReminderSamples: SamplesLetters {
    private let catalog: Catalog

    package init(catalog: Catalog) {
        self.catalog = catalog
    }

    package var kindPrefix: String { "reminders." }

    package func samples(
        _ kind: String,
        channel: Channel,
        language: String,
        portal: PortalID,
        in session: Session
    ) throws -> [LetterSample] {
        let isList = kind == ReminderLetter.list.kind
        let rows = try session.all(
            RemindersQueries.letterSamples,
            ["portal": portal, "kind": isList ? nil : kind, "channel": channel, "language": language]
        ).map { $0.masked }
        guard isList else {
            return rows.map { LetterSample(client: $0.clientHint, values: ReminderLetter($0.row, catalog).values) }
        }
        guard let first = rows.first else { return [] }
        let letter = ReminderLetter(first.row, others: rows.dropFirst().map(\.row), catalog)
        return [LetterSample(client: first.clientHint, values: letter.values)]
    }
}

/// A reminder of late with its client's name.
struct SampledReminder: Decodable, Sendable {
    let clientName: String
    let id: ReminderID
    let ruleID: RuleID
    let clientID: ClientID
    let accountID: AccountID
    let subjectKind: RuleSubject
    let dueDate: CivilDate
    let templateKind: String
    let remindBy: String
    let language: String
    let portalName: String
    let portalLanguage: String?
    let contract: String?
    let invoice: String?
    let openMinor: Int64?
    let currency: String?
    let policy: String?
    let policyKind: String?
    let policyVariant: String?
    let insurer: String?
    let assetName: String?
    let registration: String?

    /// Numbers by their last two letters, the name by its first ones. What hides a number is as long and of the default
    /// alphabet, so that a preview counts the parts of the real text.
    var masked: (clientHint: String, row: HeldReminder) {
        let hidden = { (number: String?) in
            number.map { String(repeating: "*", count: max(0, $0.count - 2)) + $0.suffix(2) }
        }
        let hint = clientName.split(separator: " ").prefix(3).map { $0.prefix(1) + "•••" }.joined(separator: " ")
        let row = HeldReminder(
            id: id,
            ruleID: ruleID,
            consolidates: false,
            clientID: clientID,
            accountID: accountID,
            subjectKind: subjectKind,
            dueDate: dueDate,
            templateKind: templateKind,
            obstacle: nil,
            remindBy: remindBy,
            phone: "",
            email: "",
            language: language,
            portalName: portalName,
            portalLanguage: portalLanguage,
            contract: hidden(contract),
            invoice: hidden(invoice),
            openMinor: openMinor,
            currency: currency,
            policy: hidden(policy),
            policyKind: policyKind,
            policyVariant: policyVariant,
            insurer: insurer,
            assetName: assetName,
            registration: hidden(registration),
            notAfter: .distantFuture
        )
        return (hint, row)
    }
}
