import DeskKit
import Portals
import Postgres

/// What a rule reminds of.
package enum RuleSubject: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// Instalments, extra fees and insurance charges that fall due (M9, A6).
    case instalment
    /// Insurance that ends (M8, K11).
    case policy
    /// Invoices that fall due.
    case invoice
    /// Invoices that were issued (K11, M9).
    case newInvoice = "new_invoice"
    /// Access that ends some time after the last contract (K12).
    case accessEnd = "access_end"

    /// The job that plans its days.
    var handler: String {
        switch self {
        case .instalment: RemindPayments.kind
        case .policy: RemindInsurance.kind
        case .invoice: RemindInvoices.kind
        case .newInvoice: RemindNewInvoices.kind
        case .accessEnd: RemindAccessEnds.kind
        }
    }

    /// How many days before the date a reminder may go.
    var before: ClosedRange<Int> {
        switch self {
        case .instalment, .invoice, .accessEnd: 0...60
        case .policy: 0...365
        case .newInvoice: 0...0
        }
    }

    /// How many days after it.
    static let after = 1...90

    /// The kind of the letter it writes.
    var letter: String {
        switch self {
        case .instalment: ReminderLetter.Name(kind: "reminders.payment").kind
        case .policy: ReminderLetter.Name(kind: "reminders.insurance").kind
        case .invoice: ReminderLetter.Name(kind: "reminders.invoice").kind
        case .newInvoice: ReminderLetter.Name(kind: "reminders.new_invoice").kind
        case .accessEnd: ReminderLetter.Name(kind: "reminders.access_end").kind
        }
    }

    /// Those for which a portal gets a rule at once; the others are added by whoever wants them.
    static let usual: [RuleSubject] = [.instalment, .policy]
}

/// By which days a ladder counts.
enum DayKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    case calendar, working
}

/// A portal's rule as it stands in its table.
struct Rule: Decodable, Sendable, Hashable {
    let portalID: PortalID
    let id: RuleID
    let subject: RuleSubject
    let name: String
    /// Largest first; below 0 after the date.
    let daysBefore: [Int]
    /// The number of each of those days in the natural key of reminders.
    let steps: [Int]
    let dayKind: DayKind
    /// "company", "sole_trader", "person".
    let clientKinds: [String]
    /// Nil: since ever.
    let startsOn: CivilDate?
    /// Nil: for good. The day itself still counts.
    let endsOn: CivilDate?
    /// One message lists everything that a run finds for an account.
    let consolidates: Bool
    let active: Bool
    let version: Int
}
