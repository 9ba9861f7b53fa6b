package import DeskKit
import Postgres

extension Tag {
    package enum Erasure {}
}

package typealias ErasureID = Identifier<Tag.Erasure>

/// Where an erasure stands.
enum ErasureState: String, Codable, CaseIterable, Sendable, PostgresValue {
    case planned, approved
    /// Carried out but for what a law or a hold keeps.
    case partial
    case done, dropped
}

/// One client's erasure, with the names of those who acted; times are the portal's.
struct Erasure: Decodable, Sendable {
    let id: ErasureID
    let clientID: ClientID
    let requestID: ClientRequestID?
    let state: ErasureState
    /// Hexadecimal.
    let planHash: String
    let madeBy: StaffID
    let madeByName: String
    let madeAt: CivilDateTime
    let approvedBy: StaffID?
    let approvedByName: String?
    let approvedAt: CivilDateTime?
    let executedBy: StaffID?
    let executedByName: String?
    let executedAt: CivilDateTime?
    let finishedOn: CivilDate?
    let nextOn: CivilDate?
    let pseudonym: String
    let version: Int
    let today: CivilDate
}

/// What becomes of the cells of one column.
struct ErasureLine: Decodable, Sendable {
    enum Action: String, Codable, CaseIterable, Sendable, PostgresValue {
        case delete, erase, pseudonymise
        case destroyKey = "destroy_key"
        case keep
    }

    let tableName: String
    let columnName: String
    let `class`: String
    let meaning: RegisterColumn.Meaning
    let action: Action
    /// "law" or "hold" of what is kept.
    let reason: String?
    /// Nil where the end is not known.
    let until: CivilDate?
    let cells: Int
    /// Zero by proof, once it was carried out.
    let remaining: Int?
    let law: String?
    let doneOn: CivilDate?
}

extension RegisterColumn.Meaning: Codable, PostgresValue {}

/// What keeps a client's data beyond what the law says.
struct ErasureHold: Decodable, Sendable {
    enum Reason: String, Codable, CaseIterable, Sendable, PostgresValue {
        case claim, dispute, authority, accident
    }

    let id: Int64
    let `class`: String?
    let reason: Reason
    let reviewOn: CivilDate
    let placedByName: String
    let placedOn: CivilDate
}

/// A client whose data the law alone keeps, or of whom nothing is left.
package struct ClientRestriction: Decodable, Sendable {
    /// Nil when nothing is kept any more, or the end is not known.
    package let until: CivilDate?
    package let since: CivilDate
}

struct DueErasure: Decodable, Sendable {
    let id: ErasureID
    let clientID: ClientID
}

struct ErasureSubject: Decodable, Sendable {
    let name: String
    let kind: String
    let country: String
    let language: String
    let customerNumber: String?
}
