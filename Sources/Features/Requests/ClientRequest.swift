package import DeskKit
import Postgres

/// A row of `client_request` with the names of those who acted; days and times are the portal's.
package struct ClientRequest: Decodable, Sendable {
    package let id: ClientRequestID
    package let portalID: PortalID
    package let kind: RequestKind
    package let lane: ChangeLane?
    package let state: RequestState
    package let clientID: ClientID?
    package let clientName: String?
    package let accountID: AccountID?
    let channel: IntakeChannel
    package let requesterName: String
    package let replyTo: String?
    /// BCP 47 tag of the language in which the client is written to.
    package let language: String
    let statement: String
    package let receivedOn: CivilDate
    let openedBy: StaffID?
    let openedByName: String?
    let openedAt: CivilDateTime
    let clockCountry: String?
    let clockVersion: Int?
    let clockSource: String?
    let clockNumber: Int
    let clockUnit: ClockUnit
    let extensionNumber: Int?
    let extensionUnit: ClockUnit?
    package let statutoryDue: CivilDate
    package let effectiveDue: CivilDate
    let internalDue: CivilDate
    let isExtended: Bool
    package let heldBy: StaffID?
    let heldByName: String?
    let identityMethod: IdentityMethod?
    let identityByName: String?
    let identityAt: CivilDateTime?
    package let proposal: RequestOutcome?
    let proposalReason: DecisionReason?
    let proposalNote: String
    package let proposedBy: StaffID?
    let proposedByName: String?
    package let decision: RequestOutcome?
    let decisionReason: DecisionReason?
    let decisionArticle: String?
    let decisionNote: String
    package let decidedBy: StaffID?
    let decidedByName: String?
    let decidedAt: CivilDateTime?
    let pausedFrom: RequestState?
    let blockedSince: CivilDate?
    let lookedAt: CivilDate?
    let coolingUntil: CivilDate?
    package let executedBy: StaffID?
    let executedByName: String?
    let executedAt: CivilDateTime?
    let duplicateOf: ClientRequestID?
    let closedAt: CivilDateTime?
    /// Laid aside until then by whoever looked last; it is awake on the day itself.
    let snoozedUntil: CivilDate?
    let snoozeReason: String?
    let version: Int
    package let today: CivilDate
    let hereAndNow: CivilDateTime

    /// Whether it is laid aside today.
    var isSnoozed: Bool { snoozedUntil.map { $0 > today } ?? false }

    /// Where it is seen: `/requests/<portal>/<id>`.
    package func path(_ portal: String) -> String { "/requests/\(portal)/\(id)" }
}

/// In what a deadline is counted.
package enum ClockUnit: String, Codable, CaseIterable, Sendable, PostgresValue {
    case month, calendar, working
}
