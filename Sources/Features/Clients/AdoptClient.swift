package import Audit
package import DeskKit
package import Postgres

/// A client as a signed form gives it, normalised and checked.
package struct NewClient: Sendable {
    package var portal: PortalID
    package var application: ApplicationID
    package var kind: String
    package var name: String
    package var country: String
    package var language: String
    package var taxNumber: String?
    package var registerNumber: String?
    package var personalNumber: String?
    package var address: String?
    /// Kind ("phone", "email") and value.
    package var contacts: [(kind: String, value: String)]

    package init(
        portal: PortalID,
        application: ApplicationID,
        kind: String,
        name: String,
        country: String,
        language: String,
        taxNumber: String?,
        registerNumber: String?,
        personalNumber: String?,
        address: String?,
        contacts: [(kind: String, value: String)]
    ) {
        self.portal = portal
        self.application = application
        self.kind = kind
        self.name = name
        self.country = country
        self.language = language
        self.taxNumber = taxNumber
        self.registerNumber = registerNumber
        self.personalNumber = personalNumber
        self.address = address
        self.contacts = contacts
    }
}

/// Finds the client whom a signed form means, or opens a provisional one, which the import later adopts by its number.
/// The book of business stays as the main system has it; only trust in contacts is added.
package struct AdoptClient: Sendable {
    let audit: AuditTrail

    package init(audit: AuditTrail) {
        self.audit = audit
    }

    /// Throws `PostgresError`.
    package func callAsFunction(_ client: NewClient, by actor: Actor, in session: Session) throws -> ClientID {
        let known = try session.all(
            ClientsQueries.clientByNumbers,
            [
                "portal": client.portal, "tax_number": client.taxNumber, "register_number": client.registerNumber,
                "personal_number": client.personalNumber,
            ]
        )
        let id = try known.first ?? open(client, in: session)
        for contact in client.contacts { try trust(contact, of: id, client.portal, in: session) }
        let place: Parameters = ["portal": client.portal, "client": id]
        try session.run(ClientsQueries.forgetTerms, place)
        try session.run(ClientsQueries.addTerms, place)
        try audit.record(
            AuditEvent(
                known.isEmpty ? "client.opened" : "client.adopted",
                portal: client.portal,
                by: actor,
                on: .client(id),
                client: id,
                facts: ["application": client.application.description],
                personal: ["name": client.name]
            ),
            in: session
        )
        return id
    }

    /// The client that these numbers mean, nil when the book has none. Locks nothing.
    package func find(
        portal: PortalID,
        taxNumber: String?,
        registerNumber: String?,
        personalNumber: String?,
        in session: Session
    ) throws -> ClientID? {
        try session.all(
            ClientsQueries.clientByNumbers,
            [
                "portal": portal, "tax_number": taxNumber, "register_number": registerNumber,
                "personal_number": personalNumber,
            ]
        ).first
    }

    private func open(_ client: NewClient, in session: Session) throws -> ClientID {
        try session.one(
            ClientsQueries.addProvisional,
            [
                "portal": client.portal, "kind": client.kind, "name": client.name, "country": client.country,
                "language": client.language, "tax_number": client.taxNumber,
                "register_number": client.registerNumber, "personal_number": client.personalNumber,
                "address": client.address,
            ]
        )
    }

    private func trust(
        _ contact: (kind: String, value: String),
        of client: ClientID,
        _ portal: PortalID,
        in session: Session
    ) throws {
        let given: Parameters = ["portal": portal, "client": client, "kind": contact.kind, "value": contact.value]
        if try session.run(ClientsQueries.trustContact, given) == 0 {
            try session.run(ClientsQueries.addContact, given)
        }
    }
}
