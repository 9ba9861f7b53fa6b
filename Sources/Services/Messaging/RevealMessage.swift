import Audit
import DeskKit
import Postgres

/// Opens what a message says and to whom, once the look is in the trail. Codes and passwords are never shown.
struct RevealMessage: Sendable {
    enum Purpose: String, CaseIterable, Sendable {
        case caller, complaint, checking
    }

    enum Refusal: String, Error, Sendable {
        case notThere = "not_there"
        case secret
    }

    let audit: AuditTrail

    /// Nil when the key is destroyed: whoever it was for has been erased. The row of the trail is committed with the
    /// transaction, before anything is shown. Throws `Refusal`, `PostgresError`.
    func run(
        _ id: MessageID,
        portal: PortalID,
        purpose: Purpose,
        by actor: Actor,
        in session: Session
    ) throws -> RevealedMessage? {
        let place: Parameters = ["portal": portal, "message": id]
        guard let message = try session.first(MessagingQueries.messageDetail, place) else { throw Refusal.notThere }
        guard !message.secret, let content = message.content else { throw Refusal.secret }
        try audit.record(
            AuditEvent(
                "message.revealed",
                portal: portal,
                by: actor,
                on: Subject("message", id.rawValue),
                client: message.clientID,
                facts: ["purpose": purpose.rawValue, "kind": message.kind]
            ),
            in: session
        )
        let owner = Subject(message.keySubjectKind, message.keySubjectID)
        let open = { try audit.keys.open($0, portal: portal, owner: owner, class: .message, in: session) }
        guard let recipient = try open(message.recipient), let bytes = try open(content) else { return nil }
        return RevealedMessage(
            recipient: String(decoding: recipient, as: UTF8.self),
            content: try MessageContent(bytes: bytes)
        )
    }
}

/// A message in clear, for one answer.
struct RevealedMessage: Sendable {
    let recipient: String
    let content: MessageContent
}
