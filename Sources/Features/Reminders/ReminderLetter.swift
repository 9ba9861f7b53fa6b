import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import JobRunner
import Messaging
import Portals

/// A planned reminder, held by the transaction that writes its letter.
struct HeldReminder: Decodable, Sendable {
    let id: ReminderID
    let ruleID: RuleID
    let consolidates: Bool
    let clientID: ClientID
    let accountID: AccountID
    let subjectKind: RuleSubject
    let dueDate: CivilDate
    let templateKind: String
    let obstacle: String?
    let remindBy: String
    let phone: String
    let email: String
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
    let notAfter: Date
}

/// What a reminder says, in the account's language; in the portal's where the console does not speak it. Several of one
/// account become a list.
struct ReminderLetter: Sendable {
    static let list = Name(kind: "reminders.list")

    /// The name of a template.
    struct Name: Sendable {
        let kind: String
    }

    private let row: HeldReminder
    private let others: [HeldReminder]
    private let words: Words
    private let channel: Channel

    init(_ row: HeldReminder, others: [HeldReminder] = [], _ catalog: Catalog) {
        self.row = row
        self.others = others
        let language = Language(rawValue: row.language) ?? row.portalLanguage.flatMap { Language(rawValue: $0) }
        words = Words(catalog, language ?? .english)
        channel = row.remindBy == "email" ? .email : .sms
    }

    func message(portal: PortalID, run: RunID) -> OutgoingMessage {
        OutgoingMessage(
            kind: others.isEmpty ? row.templateKind : Self.list.kind,
            channel: channel,
            portal: portal,
            client: row.clientID,
            account: row.accountID,
            subject: Subject("reminder", row.id.rawValue),
            recipient: channel == .email ? row.email : row.phone,
            language: row.language,
            values: values,
            notAfter: row.notAfter,
            run: run
        )
    }

    var values: [String: String] {
        var values = others.isEmpty ? single(row) : ["items": ([row] + others).map(line).joined(separator: "\n")]
        values["portal"] = row.portalName
        // A no-break space is no letter of GSM 03.38: it would double the price of a text message.
        return channel == .sms ? values.mapValues { $0.replacing("\u{A0}", with: " ") } : values
    }

    private func single(_ row: HeldReminder) -> [String: String] {
        var values = ["due_date": date(row)]
        switch row.subjectKind {
        case .instalment:
            values["contract"] = row.contract ?? ""
            values["amount"] = amount(row)
        case .invoice, .newInvoice:
            values["invoice"] = row.invoice ?? ""
            values["amount"] = amount(row)
        case .policy:
            values["policy"] = row.policy ?? ""
            values["cover"] = joined([row.policyKind, row.policyVariant])
            let asset = joined([row.assetName, row.registration])
            values["asset"] = asset.isEmpty ? row.contract ?? row.insurer ?? "" : asset
        case .accessEnd: break
        }
        return values
    }

    /// One line of a list: the day, the number, what is open.
    private func line(_ row: HeldReminder) -> String {
        switch row.subjectKind {
        case .instalment, .invoice, .newInvoice:
            "\(date(row)): \(row.invoice ?? row.contract ?? ""), \(amount(row))"
        case .policy: "\(date(row)): \(row.policy ?? "") \(joined([row.policyKind, row.registration]))"
        case .accessEnd: date(row)
        }
    }

    private func amount(_ row: HeldReminder) -> String {
        words.money(Money(minor: row.openMinor ?? 0, currency: row.currency ?? ""))
    }

    private func date(_ row: HeldReminder) -> String {
        channel == .sms ? words.shortDate(row.dueDate) : words.date(row.dueDate)
    }

    private func joined(_ parts: [String?]) -> String {
        parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
