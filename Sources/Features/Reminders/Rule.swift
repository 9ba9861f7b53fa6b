import DeskKit
import Postgres

/// What a rule reminds of.
package enum RuleSubject: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// Instalments, extra fees and insurance charges that fall due (M9, A6).
    case instalment
    /// Insurance that ends (M8, K11).
    case policy

    /// The job that plans its days.
    var handler: String {
        switch self {
        case .instalment: RemindPayments.kind
        case .policy: RemindInsurance.kind
        }
    }

    /// How many days before the date a reminder may go.
    var range: ClosedRange<Int> {
        switch self {
        case .instalment: 0...60
        case .policy: 0...365
        }
    }
}

/// A portal's rule as it stands in its table.
struct Rule: Decodable, Sendable, Hashable {
    let portalID: PortalID
    let id: RuleID
    let subject: RuleSubject
    let name: String
    /// Largest first; a single number for payments.
    let daysBefore: [Int]
    /// The number of each of those days in the natural key of reminders.
    let steps: [Int]
    let active: Bool
    let version: Int
}
