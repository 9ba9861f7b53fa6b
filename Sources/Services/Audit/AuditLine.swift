package import DeskKit

/// A line of the trail as pages show it. Its words: the catalogue's `audit.<action>` with facts and personal values.
package struct AuditLine: Sendable {
    package let id: AuditEntryID
    package let portal: PortalID
    /// The portal's wall time (UTC for the installation's own lines).
    package let at: CivilDateTime
    package let action: String
    package let actorKind: String
    package let actorName: String
    package let subject: Subject
    package let client: ClientID?
    package let facts: [String: String]
    /// Empty unless opened, and after erasure.
    package let personal: [String: String]

    init(row: AuditRow, facts: [String: String], personal: [String: String]) {
        id = row.id
        portal = row.portalID
        at = row.localAt
        action = row.action
        actorKind = row.actorKind
        actorName = row.actorName
        subject = Subject(row.subjectKind, row.subjectID)
        client = row.clientID
        self.facts = facts
        self.personal = personal
    }
}
