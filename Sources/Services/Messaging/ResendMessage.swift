import Audit
import DeskKit
import DeskWeb
import JobRunner
import Portals
import Postgres

/// Sends what a message said once more, by the same channel or by another one of the same person (L12). It is a message
/// of its own, with its own receipt.
struct ResendMessage: Sendable {
    enum Refusal: String, Error, Sendable {
        case notThere = "not_there"
        /// Codes are made anew on the account's page; an old one is never sent twice.
        case secret = "resend_secret"
        /// It may still arrive, or a person has to decide first.
        case notSettled = "not_settled"
        case erased
        /// The record has no contact of this person for this channel.
        case noContact = "no_contact"
        /// Somebody sent it again a moment ago, or a copy is still on its way.
        case justSent = "just_sent"
        /// It was to go with a print, which was never made.
        case noFile = "no_file"
    }

    /// Why it is sent once more, as codes of the trail.
    enum Reason: String, CaseIterable, Sendable {
        case notArrived = "not_arrived"
        case deleted
        case otherWay = "other_way"
    }

    let audit: AuditTrail
    let queue: JobQueue
    let site: DeskSite

    /// What stands in the way, before anything is opened.
    static func decide(_ message: MessageDetail?) throws(Refusal) -> (MessageDetail, content: [UInt8]) {
        guard let message else { throw .notThere }
        guard !message.secret, let content = message.content else { throw .secret }
        guard message.state == .confirmed || message.state == .refused else { throw .notSettled }
        return (message, content)
    }

    /// Answers the new message's key. Throws `Refusal`, `PostgresError`.
    func run(
        _ id: MessageID,
        by channel: Channel,
        reason: Reason,
        portal: PortalID,
        actor: Actor,
        in session: Session
    ) throws -> MessageID {
        let place: Parameters = ["portal": portal, "message": id]
        guard let original = try session.first(MessagingQueries.holdOriginal, place) else { throw Refusal.notThere }
        let (message, content) = try Self.decide(try session.first(MessagingQueries.messageDetail, place))
        guard try !session.one(MessagingQueries.hasFreshCopy, ["portal": portal, "original": original]) else {
            throw Refusal.justSent
        }
        if channel == .email, message.fileName != nil, message.fileBytes == nil { throw Refusal.noFile }
        let owner = Subject(message.keySubjectKind, message.keySubjectID)
        let open = { try audit.keys.open($0, portal: portal, owner: owner, class: .message, in: session) }
        guard let bytes = try open(content), let known = try open(message.recipient) else { throw Refusal.erased }
        let recipient =
            channel == message.channel
            ? String(decoding: known, as: UTF8.self)
            : try session.first(
                MessagingQueries.otherContact,
                place.merging(["kind": channel == .sms ? "phone" : "email"]) { $1 }
            )
        guard let recipient, MaskedRecipient.isSound(recipient, channel) else { throw Refusal.noContact }
        let seal = { try audit.keys.seal($0, portal: portal, owner: owner, class: .message, in: session) }
        let written = try fitting(try MessageContent(bytes: bytes), message, channel)
        let copy = try session.one(
            MessagingQueries.planCopy,
            place.merging([
                "channel": channel, "recipient": try seal(Array(recipient.utf8)),
                "hint": MaskedRecipient.text(recipient, channel), "content": try seal(try written.bytes()),
            ]) { $1 }
        )
        if channel == .email { try session.run(MessagingQueries.copyFile, place.merging(["copy": copy]) { $1 }) }
        try queue.enqueue(
            SendMessage.self,
            portal: portal,
            payload: SendMessage.Order(message: copy),
            uniqueKey: copy.description,
            priority: Urgency.asked.rawValue,
            in: session
        )
        try audit.record(
            AuditEvent(
                "message.resent",
                portal: portal,
                by: actor,
                on: Subject("message", id.rawValue),
                client: message.clientID,
                facts: [
                    "kind": message.kind, "channel": channel.rawValue, "copy": copy.description,
                    "reason": reason.rawValue,
                ]
            ),
            in: session
        )
        return copy
    }

    /// A text has no subject, and an e-mail needs one.
    private func fitting(
        _ content: MessageContent,
        _ message: MessageDetail,
        _ channel: Channel
    ) throws -> MessageContent {
        guard channel != message.channel else { return content }
        let words = MessageWords(site.words(Language(rawValue: message.language) ?? .english))
        return MessageContent(
            subject: channel == .email ? words.kind(message.kind) : "",
            body: content.body
        )
    }
}
