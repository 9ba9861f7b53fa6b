import DeskKit
import Postgres

/// What a data change can change.
package enum ChangeField: String, Codable, CaseIterable, Sendable, PostgresValue {
    case name, address, phone, email
    /// Type and number of the identity paper.
    case identityDocument = "identity_document"
    case lessee
    case garageAddress = "garage_address"
    /// Any other term, as an annex.
    case annex

    package var lane: ChangeLane {
        switch self {
        case .name, .address, .phone, .email, .identityDocument: .record
        case .lessee, .garageAddress, .annex: .contract
        }
    }

    /// Whether an import can show that the main system has the new value.
    var isImported: Bool {
        switch self {
        case .name, .address, .phone, .email: true
        case .identityDocument, .lessee, .garageAddress, .annex: false
        }
    }
}
