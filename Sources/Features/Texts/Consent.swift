package import DeskKit
import FoundationEssentials
import Postgres

/// What consent is asked for.
package enum PurposeKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// A category of what a portal's pages keep in a browser.
    case cookies
    /// Kinds of messages that nobody is sent without it (K17, A11).
    case messages
    /// Accepts that documents arrive on the portal (L1).
    case declaration
}

package enum ConsentAction: String, Codable, CaseIterable, Sendable, PostgresValue {
    case grant, refuse, withdraw
}

/// How somebody decided.
package enum ConsentMethod: String, Codable, CaseIterable, Sendable, PostgresValue {
    case acceptAll = "accept_all"
    case rejectAll = "reject_all"
    case save
    /// The browser's own signal, Sec-GPC.
    case gpc
    /// Signed in at the portal.
    case portal
    /// Told to a member of staff.
    case phone
    /// Signed on paper, typed in by a member of staff.
    case paper
    /// By the link in a message.
    case unsubscribe
    /// Taken over from the system before this one.
    case `import`

    /// What a browser may say of itself.
    static let ofBrowsers: Set<ConsentMethod> = [.acceptAll, .rejectAll, .save, .gpc]
}

/// Who decided.
package enum ConsentSubject: Sendable, Hashable {
    /// A browser, by the keyed hash of its random id.
    case visitor([UInt8])
    case account(AccountID)
    case client(ClientID)

    var parameters: Parameters {
        var visitor: [UInt8]?
        var account: AccountID?
        var client: ClientID?
        switch self {
        case .visitor(let hash): visitor = hash
        case .account(let id): account = id
        case .client(let id): client = id
        }
        return ["visitor": visitor, "account": account, "client": client]
    }
}

/// What a decision on a purpose is worth now.
package enum ConsentStanding: String, Codable, CaseIterable, Sendable {
    /// Nothing was decided.
    case none
    case grant, refuse, withdraw
    /// Granted, and a version in force since then asks again.
    case askedAgain = "asked_again"
}

/// One purpose decided, with the hash of the words that were shown.
struct Decision: Codable, Sendable, Hashable {
    var purpose: String
    var action: ConsentAction
    /// SHA-256 in hexadecimal; of a withdrawal it may be absent.
    var text: String?
}

/// Why a decision is not recorded; programs get the raw value, people its sentence.
enum ConsentRefusal: String, Error, CaseIterable {
    case nothingDecided = "nothing_decided"
    case decidedTwice = "decided_twice"
    case unknownPurpose = "unknown_purpose"
    /// The hash is of no text that this purpose ever had.
    case unknownText = "unknown_text"
    /// The words have changed since they were shown.
    case textChanged = "text_changed"
    /// The key was used for another request.
    case keyReused = "key_reused"
    case unknownVisitor = "unknown_visitor"
    /// Agreeing to nothing with a grant among it, and the like.
    case wrongMethod = "wrong_method"
    case dayAhead = "day_ahead"
    case tooMany = "too_many"
}

struct PurposeRow: Decodable, Sendable {
    let id: PurposeID
    let key: String
    let kind: PurposeKind
    let category: CookieCategory?
    let covers: [String]
    let textID: TextID
    let textKey: String
}

struct PurposeCount: Decodable, Sendable {
    let purposeID: PurposeID
    let action: ConsentAction
    let number: Int
}

struct ShownWords: Decodable, Sendable {
    let purposeID: PurposeID
    let key: String
    let kind: PurposeKind
    let versionID: TextVersionID?
    let number: Int?
    let locale: String?
    let isCurrent: Bool?
    let textKey: String
}

struct ReceiptRow: Decodable, Sendable {
    let id: UUID
    let request: [UInt8]
    let at: Date
}

struct ConsentRow: Decodable, Sendable {
    let id: ConsentID
    let purpose: String
    let action: ConsentAction
    let method: ConsentMethod
    let textKey: String?
    let number: Int?
    let locale: String?
    let textHash: [UInt8]?
    let decidedAt: Date
    let at: Date
    let previous: [UInt8]?
    let hash: [UInt8]
}

struct StandingRow: Decodable, Sendable {
    let key: String
    let kind: PurposeKind
    let category: CookieCategory?
    let standing: ConsentStanding
}

struct ClientStandingRow: Decodable, Sendable {
    let key: String
    let kind: PurposeKind
    /// Absent for the client itself.
    let accountID: AccountID?
    let person: String?
    let standing: ConsentStanding
}

struct ConsentsClientRow: Decodable, Sendable {
    let today: CivilDate
    let isRestricted: Bool
}

struct ClientConsentRow: Decodable, Sendable {
    let id: ConsentID
    let purpose: String
    let accountID: AccountID?
    let action: ConsentAction
    let method: ConsentMethod
    let textKey: String?
    let number: Int?
    let locale: String?
    let receiptID: UUID
    let decided: CivilDateTime
    let staffName: String?
}

struct PublicTextRow: Decodable, Sendable {
    let key: String
    let kind: TextKind
    let number: Int
    let locale: String
    let title: String
    let html: String
    let hash: [UInt8]
    let since: Date?
    let until: Date?
    let now: Date
}

struct ManifestRow: Decodable, Sendable {
    let key: String
    let kind: TextKind
    let number: Int
    let locale: String
    let title: String
    let hash: [UInt8]
    let since: Date?
    let until: Date?
    let now: Date
}
