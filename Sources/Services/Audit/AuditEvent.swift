package import DeskKit

/// Who did something.
package enum Actor: Sendable, Hashable {
    case staff(StaffID, name: String)
    case account(AccountID)
    case job(name: String)
    case system
    case commandLine

    var kind: String {
        switch self {
        case .staff: "staff"
        case .account: "account"
        case .job: "job"
        case .system: "system"
        case .commandLine: "command_line"
        }
    }

    var id: Int64? {
        switch self {
        case .staff(let id, _): id.rawValue
        case .account(let id): id.rawValue
        case .job, .system, .commandLine: nil
        }
    }

    var name: String {
        switch self {
        case .staff(_, let name), .job(let name): name
        case .account, .system, .commandLine: ""
        }
    }
}

/// What something was done to: a kind in the words of the house ("application", "account") and its row's key.
package struct Subject: Sendable, Hashable {
    package let kind: String
    package let id: Int64

    package init(_ kind: String, _ id: Int64) {
        self.kind = kind
        self.id = id
    }

    package static func client(_ id: ClientID) -> Subject { Subject("client", id.rawValue) }
    package static func account(_ id: AccountID) -> Subject { Subject("account", id.rawValue) }
    package static func application(_ id: ApplicationID) -> Subject { Subject("application", id.rawValue) }
    package static func staff(_ id: StaffID) -> Subject { Subject("staff", id.rawValue) }
}

/// How long personal values of a kind are kept; each client has one key per class, and erasure destroys it.
package enum RetentionClass: String, Sendable, CaseIterable {
    /// What the trail quotes: old and new contacts, names.
    case audit
    /// What was written to the client.
    case message
    /// What was decided about the client's requests, kept as proof that it was: letters and certificates.
    case letter
}

/// One line of the trail, written in the transaction of the change (or before the read is shown).
package struct AuditEvent: Sendable {
    /// Past tense, "account.locked"; its words are the catalogue's `audit.account.locked`.
    package var action: String
    /// Nil for what belongs to the installation: sign-ins of staff, providers of no portal.
    package var portal: PortalID?
    package var actor: Actor
    package var subject: Subject
    package var client: ClientID?
    /// Codes, names of fields, counts: never a personal value.
    package var facts: [String: String]
    /// Personal values; sealed under the key of `owner`.
    package var personal: [String: String]
    /// Whose key seals `personal`: the client's where there is one, else the subject's.
    package var owner: Subject { client.map(Subject.client) ?? subject }
    /// The reference number of the request, as error pages show it.
    package var reference: String?

    package init(
        _ action: String,
        portal: PortalID?,
        by actor: Actor,
        on subject: Subject,
        client: ClientID? = nil,
        facts: [String: String] = [:],
        personal: [String: String] = [:],
        reference: String? = nil
    ) {
        self.action = action
        self.portal = portal
        self.actor = actor
        self.subject = subject
        self.client = client
        self.facts = facts
        self.personal = personal
        self.reference = reference
    }
}
