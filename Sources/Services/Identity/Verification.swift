package import DeskKit
import DeskWeb
package import Portals
import Postgres

/// Where a case stands. `passed` holds until its time; what changed meanwhile may void it.
enum CaseState: String, Codable, CaseIterable, Sendable, PostgresValue {
    case open, passed, failed, lapsed, withdrawn, voided
}

enum StepResult: String, Codable, CaseIterable, Sendable, PostgresValue {
    case right, wrong
}

/// A fact of the record that may be asked for.
enum Question: String, CaseIterable, Sendable {
    case contractNumber = "contract_number"
    case registration
    case contractEnd = "contract_end"
    case invoiceNumber = "invoice_number"
    case invoiceAmount = "invoice_amount"
    case insurer

    /// What was typed as the record is compared with it; empty for what can be no answer.
    func answer(_ typed: String) -> String {
        switch self {
        case .contractNumber, .registration, .invoiceNumber, .insurer: typed
        case .contractEnd: CivilDate(typed: typed)?.iso ?? ""
        case .invoiceAmount: AmountText(typed)?.minor.description ?? ""
        }
    }
}

/// A proof that stands: whose page shows it, and what actions ask for.
package struct Standing: Decodable, Sendable {
    package let id: VerificationID
    package let strength: VerificationStrength
    /// By the portal's clock.
    package let until: CivilDateTime
    let channel: String
}

/// Nobody proved enough: the action says what it needs.
package struct NotVerified: Error, Hashable, Sendable {
    package let needs: VerificationStrength

    package init(needs: VerificationStrength) {
        self.needs = needs
    }
}

/// Why a case cannot be opened.
package enum OpenRefusal: Error, Hashable, Sendable {
    /// No such client at this portal, or no such account of it.
    case nobody
    case methodNotOffered
    /// So many failures in 24 hours; the counter is left.
    case tooManyFailures(Int)
    /// The record knows too little to ask so many questions.
    case tooFewFacts
    case noNumber
    /// The number on file is younger than the portal's waiting time for changes.
    case numberTooNew
    /// Somebody's case of this person is open already.
    case alreadyOpen(VerificationID, by: String)
}

/// Why a step of a case cannot be taken.
package enum StepRefusal: Error, Hashable, Sendable {
    case notThere
    /// Decided, withdrawn or out of time.
    case closed
    /// The positions of questions without an answer.
    case answersMissing([Int])
}

/// An amount as people type it: blanks and a currency are dropped, a comma or a point stands before one or two digits.
struct AmountText {
    let minor: Int64

    init?(_ typed: String) {
        let signs = typed.filter { $0.isASCII && ($0.isNumber || $0 == "," || $0 == ".") }
        guard signs.contains(where: \.isNumber), signs.count <= 20 else { return nil }
        let parts = signs.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
        let last = parts.last ?? ""
        let hasCents = parts.count > 1 && (1...2).contains(last.count)
        let whole = (hasCents ? parts.dropLast() : parts[...]).joined()
        let cents = hasCents ? (last.count == 1 ? "\(last)0" : String(last)) : "00"
        guard let value = Int64(whole + cents) else { return nil }
        minor = value
    }
}
