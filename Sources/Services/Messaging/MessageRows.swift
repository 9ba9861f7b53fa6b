import DeskKit
import FoundationEssentials
import Portals

/// One line of a list of messages; times are the portal's.
struct MessageRow: Decodable, Sendable {
    let portalID: PortalID
    let id: MessageID
    let kind: String
    let channel: Channel
    let recipientHint: String
    let state: MessageState
    let reason: String?
    let attempts: Int
    let clientID: ClientID?
    let client: String?
    let planned: CivilDateTime
    let today: CivilDate
}

struct MessageDetail: Decodable, Sendable {
    let id: MessageID
    let kind: String
    let channel: Channel
    let state: MessageState
    let reason: String?
    let clientID: ClientID?
    let client: String?
    let language: String
    let templateVersion: Int
    let keySubjectKind: String
    let keySubjectID: Int64
    let recipient: [UInt8]
    let recipientHint: String
    let content: [UInt8]?
    let secret: Bool
    let provider: String?
    let providerReference: String?
    let reference: UUID
    let decidedBy: String?
    let planned: CivilDateTime
    let handed: CivilDateTime?
    let settled: CivilDateTime?
    let wiped: CivilDateTime?
    let notAfter: CivilDateTime?
    /// What the phone's network said: "delivered", "undelivered".
    let delivery: String?
    let receiptAt: CivilDateTime?
    /// The PDF that goes with it; its time is nil while it is still made.
    let fileName: String?
    let fileBytes: Int?
    let fileBrought: CivilDateTime?
    let today: CivilDate
}

struct AttemptRow: Decodable, Sendable {
    let attempt: Int
    let provider: String
    let at: CivilDateTime
    /// Nil while the gateway is being asked, or when nobody lived to note the answer.
    let outcome: String?
    let code: String?
}

struct InboxRow: Decodable, Sendable {
    let portalID: PortalID
    let id: Int64
    let channel: Channel
    let recipient: String
    let subject: String
    let body: String
    let fileName: String?
    let received: CivilDateTime
    let today: CivilDate
}

struct NewestTemplate: Decodable, Sendable {
    let portalID: PortalID
    let kind: String
    let channel: Channel
    let language: String
    let version: Int
    let subject: String
    let body: String
    let made: CivilDateTime
}
