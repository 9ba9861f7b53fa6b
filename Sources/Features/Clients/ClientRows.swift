import DeskKit

/// A client that a search found, and by what.
struct FoundClient: Decodable, Sendable {
    let portalID: PortalID
    let id: ClientID
    let name: String
    let kind: ClientKindWord
    let country: String
    let customerNumber: String?
    let taxNumber: String?
    let foundBy: String
    let accountName: String?
    let accounts: Int
    let locked: Bool
}

/// What kind of a client somebody is, as the table says it.
enum ClientKindWord: String, Codable, CaseIterable, Sendable {
    case person
    case soleTrader = "sole_trader"
    case company
}

struct ClientRow: Decodable, Sendable {
    let id: ClientID
    let name: String
    let kind: ClientKindWord
    let country: String
    let language: String
    let customerNumber: String?
    let taxNumber: String?
    let registerNumber: String?
    let personalNumber: String?
    let birthDate: CivilDate?
    let address: String?
    let version: Int
    let provisional: Bool
    let today: CivilDate
    /// The data were erased but for what the law keeps.
    let isRestricted: Bool
    let retainedUntil: CivilDate?
    let contracts: Int
    let arrearsMinor: Int64
}

struct ContactRow: Decodable, Sendable {
    let id: ContactID
    let kind: ContactKind
    let value: String
    let trusted: Bool
}

enum ContactKind: String, Codable, CaseIterable, Sendable {
    case phone, email
}

/// Derived from a contract's dates.
enum ContractState: String, Codable, CaseIterable, Sendable {
    case signed, active, ended
}

struct ContractRow: Decodable, Sendable {
    let id: ContractID
    let number: String
    let kind: String
    let assetKind: String?
    let assetName: String?
    let registration: String?
    let currency: String
    let netValueMinor: Int64
    let startsOn: CivilDate?
    let endsOn: CivilDate?
    let state: ContractState
    let leftMinor: Int64
    let nextOn: CivilDate?
    let nextMinor: Int64?
    let insuredUntil: CivilDate?
}

/// An instalment that is overdue or still to come; `openMinor` is what is left of it.
struct InstalmentRow: Decodable, Sendable {
    let id: InstalmentID
    let contract: String
    let kind: String
    let number: Int?
    let dueOn: CivilDate
    let amountMinor: Int64
    let openMinor: Int64
    let currency: String
    let state: InvoiceState
}

/// Derived from the payments and due date of an invoice or an instalment.
enum InvoiceState: String, Codable, CaseIterable, Sendable {
    case paid, partly, unpaid, overdue
}

struct InvoiceRow: Decodable, Sendable {
    let id: InvoiceID
    let number: String
    let issuedOn: CivilDate
    let dueOn: CivilDate
    let amountMinor: Int64
    let currency: String
    let paidMinor: Int64
    let state: InvoiceState
}

/// Derived from a policy's last day.
enum PolicyState: String, Codable, CaseIterable, Sendable {
    case active, expiring, expired
}

struct PolicyRow: Decodable, Sendable {
    let id: PolicyID
    let number: String
    let kind: String
    let variant: String?
    let insurer: String
    let startsOn: CivilDate
    let expiresOn: CivilDate
    let registration: String?
    let state: PolicyState
}
