import DeskKit
package import Postgres

/// The statements of `sql/queries/audit.sql`.
package enum AuditQueries {
    static let findSubjectKey = Query<SubjectKeyRow>("audit.find_subject_key")
    static let addSubjectKey = Statement("audit.add_subject_key")
    static let keyIDsInUse = Query<String>("audit.key_ids_in_use")
    static let recordEvent = Statement("audit.record_event")
    static let recordForClients = Statement("audit.record_for_clients")
    static let historyOfSubject = Query<AuditRow>("audit.history_of_subject")
    static let historyOfClient = Query<AuditRow>("audit.history_of_client")
    static let lookedLately = Query<Bool>("audit.looked_lately")
    static let findEvents = Query<AuditRow>("audit.find_events")

    package static let all: [any QueryDescribing] = [
        findSubjectKey, addSubjectKey, keyIDsInUse, recordEvent, recordForClients, historyOfSubject, historyOfClient,
        lookedLately, findEvents,
    ]
}

struct SubjectKeyRow: Decodable, Sendable {
    let keyID: String
    let wrapped: [UInt8]?
}

struct AuditRow: Decodable, Sendable {
    let id: AuditEntryID
    let portalID: PortalID
    let localAt: CivilDateTime
    let action: String
    let actorKind: String
    let actorID: Int64?
    let actorName: String
    let subjectKind: String
    let subjectID: Int64
    let clientID: ClientID?
    let facts: String
    let personal: [UInt8]?
    let personalClass: String?
    let keySubjectKind: String?
    let keySubjectID: Int64?
}
