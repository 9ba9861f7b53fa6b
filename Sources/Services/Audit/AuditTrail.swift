package import DeskKit
package import Postgres
package import Secrets

/// The trail: what happened, who did it, to what. Rows are written in the change's own transaction and never altered;
/// the database refuses it to everybody. Tables: `audit_event`, `subject_key`.
package struct AuditTrail: Sendable {
    package let keys: SubjectKeys

    package init(keyRing: KeyRing) {
        keys = SubjectKeys(keyRing: keyRing)
    }

    /// Writes one line. Throws `PostgresError`; the caller's transaction then fails as a whole.
    package func record(_ event: AuditEvent, in session: Session) throws {
        var personal: [UInt8]?
        if !event.personal.isEmpty {
            let text = try event.personal.json()
            personal = try keys.seal(
                Array(text.utf8),
                portal: event.portal,
                owner: event.owner,
                class: .audit,
                in: session
            )
        }
        try session.run(
            AuditQueries.recordEvent,
            [
                "portal": event.portal ?? .installation, "action": event.action, "actor_kind": event.actor.kind,
                "actor": event.actor.id, "actor_name": event.actor.name, "subject_kind": event.subject.kind,
                "subject": event.subject.id, "client": event.client?.rawValue, "facts": try event.facts.json(),
                "personal": personal, "class": personal.map { _ in RetentionClass.audit.rawValue },
                "key_kind": personal.map { _ in event.owner.kind },
                "key_subject": personal.map { _ in event.owner.id }, "reference": event.reference,
            ]
        )
    }

    /// Writes the same line, without facts, for each of these clients in one statement.
    package func record(
        _ action: String,
        portal: PortalID,
        by actor: Actor,
        clients: [ClientID],
        in session: Session
    ) throws {
        guard !clients.isEmpty else { return }
        try session.run(
            AuditQueries.recordForClients,
            [
                "portal": portal, "action": action, "actor_kind": actor.kind, "actor": actor.id,
                "actor_name": actor.name, "clients": clients,
            ]
        )
    }

    /// The newest lines about one thing. `opening` says whether personal values are shown: only to whoever may see
    /// them.
    package func history(
        of subject: Subject,
        portal: PortalID,
        before: AuditEntryID? = nil,
        limit: Int = 50,
        opening: Bool,
        in session: Session
    ) throws -> [AuditLine] {
        let rows = try session.all(
            AuditQueries.historyOfSubject,
            [
                "portal": portal, "kind": subject.kind, "id": subject.id, "before": before?.rawValue,
                "limit": limit,
            ]
        )
        var keys = OpenedKeys()
        return try rows.map { try line($0, opening: opening, &keys, in: session) }
    }

    /// The newest lines about a client, from every room.
    package func history(
        ofClient client: ClientID,
        portal: PortalID,
        before: AuditEntryID? = nil,
        limit: Int = 50,
        opening: Bool,
        in session: Session
    ) throws -> [AuditLine] {
        let rows = try session.all(
            AuditQueries.historyOfClient,
            ["portal": portal, "client": client.rawValue, "before": before?.rawValue, "limit": limit]
        )
        var keys = OpenedKeys()
        return try rows.map { try line($0, opening: opening, &keys, in: session) }
    }

    /// Whether the same person had this look in the last ten minutes: one visit is one line of the trail.
    package func hasLook(
        _ action: String,
        on subject: Subject,
        portal: PortalID,
        by staff: StaffID,
        facts: [String: String],
        in session: Session
    ) throws -> Bool {
        try session.one(
            AuditQueries.lookedLately,
            [
                "portal": portal, "kind": subject.kind, "id": subject.id, "action": action, "staff": staff,
                "facts": try facts.json(),
            ]
        )
    }

    /// The viewer's page of lines in descending order (ascending when it goes backwards), one more than fits.
    package func events(_ filter: AuditFilter, _ page: PageRequest, in session: Session) throws -> [AuditLine] {
        let edge = page.key.flatMap { $0.parts.first }.flatMap { Int64($0) }
        let rows = try session.all(
            AuditQueries.findEvents,
            [
                "portals": filter.portals, "action": filter.action, "actor_name": filter.actorName,
                "client": filter.client?.rawValue, "on": filter.on, "zone": filter.zone,
                "before": page.isBackward ? nil : edge, "after": page.isBackward ? edge ?? 0 : nil,
                "limit": page.limit,
            ]
        )
        var keys = OpenedKeys()
        return try rows.map { try line($0, opening: false, &keys, in: session) }
    }

    private func line(
        _ row: AuditRow,
        opening: Bool,
        _ opened: inout OpenedKeys,
        in session: Session
    ) throws -> AuditLine {
        var personal: [String: String] = [:]
        if opening, let sealed = row.personal, let kind = row.keySubjectKind, let id = row.keySubjectID {
            let place = Place(portal: row.portalID, owner: Subject(kind, id), retention: .audit)
            // A destroyed key is erasure's doing: the line stays, its personal values are gone.
            if let bytes = try opened.open(sealed, place, by: keys, in: session) {
                personal = try [String: String](json: String(decoding: bytes, as: UTF8.self))
            }
        }
        return AuditLine(row: row, facts: try [String: String](json: row.facts), personal: personal)
    }
}

/// What the audit viewer asks for; nil filters are void.
package struct AuditFilter: Sendable {
    /// With `.installation` among them the installation's own lines are shown too.
    package var portals: [PortalID]
    package var action: String?
    package var actorName: String?
    package var client: ClientID?
    /// A day of the zone below.
    package var on: CivilDate?
    package var zone: String

    package init(
        portals: [PortalID],
        action: String? = nil,
        actorName: String? = nil,
        client: ClientID? = nil,
        on: CivilDate? = nil,
        zone: String = "UTC"
    ) {
        self.portals = portals
        self.action = action
        self.actorName = actorName
        self.client = client
        self.on = on
        self.zone = zone
    }
}

extension PortalID {
    /// Rows of no portal: the installation's own.
    package static let installation = PortalID(0)
}
