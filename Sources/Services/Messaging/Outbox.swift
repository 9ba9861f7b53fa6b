package import Audit
package import DeskKit
import FoundationEssentials
package import JobRunner
import Portals
package import Postgres
import Transport

/// Where every message begins: written, sealed and planned in the transaction that causes it, together with the
/// job that sends it. Nothing is sent that was not committed.
package struct Outbox: Sendable {
    /// What keeps a message from being written.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case noTemplate(kind: String, channel: String)
        /// Not E.164 or an address; a line break in it, for instance.
        case badRecipient
        /// Whoever it is for did not agree to such messages; the code of `MaySend`.
        case mayNot(reason: String)
        /// No mail server would take it.
        case fileTooLarge

        package var description: String {
            switch self {
            case .noTemplate(let kind, let channel): "no template for \(kind) by \(channel)"
            case .badRecipient: "the recipient is no phone number or address"
            case .mayNot(let reason): "may not be sent: \(reason)"
            case .fileTooLarge: "the file is too large for an e-mail"
            }
        }
    }

    let audit: AuditTrail
    let queue: JobQueue
    let maySend: any MaySend

    package init(audit: AuditTrail, queue: JobQueue, maySend: any MaySend = SendsEverything()) {
        self.audit = audit
        self.queue = queue
        self.maySend = maySend
    }

    /// Plans one message and answers its key. Throws `Refusal`, `LetterText.MissingValue`, `PostgresError`.
    @discardableResult
    package func enqueue(_ message: OutgoingMessage, in session: Session) throws -> MessageID {
        guard MaskedRecipient.isSound(message.recipient, message.channel) else { throw Refusal.badRecipient }
        let obstacle = try maySend.reasonNotToSend(
            message.kind,
            portal: message.portal,
            client: message.client,
            account: message.account,
            in: session
        )
        if let obstacle { throw Refusal.mayNot(reason: obstacle) }
        let (template, content) = try write(message, in: session)
        let id = try session.one(
            MessagingQueries.planMessage,
            [
                "portal": message.portal, "kind": message.kind, "channel": message.channel,
                "client": message.client, "account": message.account, "subject_kind": message.subject.kind,
                "subject": message.subject.id, "language": template.language, "template_version": template.version,
                "key_kind": message.owner.kind, "key_subject": message.owner.id,
                "recipient": try seal(Array(message.recipient.utf8), message, in: session),
                "hint": MaskedRecipient.text(message.recipient, message.channel),
                "content": try seal(try content.bytes(), message, in: session), "secret": message.secret,
                "not_after": message.notAfter, "run": message.run,
                "parts": message.channel == .sms ? SMSParts(content.body).count : 1,
            ]
        )
        if message.channel == .email, let name = message.fileName {
            try session.run(
                MessagingQueries.expectFile,
                ["portal": message.portal, "message": id, "file_name": name]
            )
        } else {
            let urgency = Urgency(message.kind, secret: message.secret)
            try send(id, urgency, portal: message.portal, run: message.run, in: session)
        }
        return id
    }

    /// Brings the PDF that messages wait for, each under its own key, and has them sent. What has its file already, or
    /// waits for none, is left alone. Throws `Refusal.fileTooLarge`, `PostgresError`.
    package func attach(_ pdf: [UInt8], to messages: [MessageID], portal: PortalID, in session: Session) throws {
        guard pdf.count <= AttachedFile.largest else { throw Refusal.fileTooLarge }
        for id in messages {
            let place: Parameters = ["portal": portal, "message": id]
            guard let held = try session.first(MessagingQueries.holdExpected, place) else { continue }
            let owner = Subject(held.keySubjectKind, held.keySubjectID)
            let sealed = try audit.keys.seal(pdf, portal: portal, owner: owner, class: .message, in: session)
            try session.run(
                MessagingQueries.bringFile,
                place.merging(["content": sealed, "bytes": pdf.count]) { $1 }
            )
            try send(id, .asked, portal: portal, run: held.runID, in: session)
        }
    }

    private func send(
        _ id: MessageID,
        _ urgency: Urgency,
        portal: PortalID,
        run: RunID?,
        in session: Session
    ) throws {
        try queue.enqueue(
            SendMessage.self,
            portal: portal,
            payload: SendMessage.Order(message: id),
            uniqueKey: id.description,
            priority: urgency.rawValue,
            run: run,
            in: session
        )
    }

    /// What a message would say now, as its recipient reads it. Throws as `enqueue` does, but asks for no recipient.
    package func text(of message: OutgoingMessage, in session: Session) throws -> (subject: String, body: String) {
        let content = try write(message, in: session).content
        return (content.subject, content.body)
    }

    private func write(
        _ message: OutgoingMessage,
        in session: Session
    ) throws -> (template: TemplateRow, content: MessageContent) {
        let template = try session.first(
            MessagingQueries.findTemplate,
            [
                "portal": message.portal, "kind": message.kind, "channel": message.channel,
                "language": message.language,
            ]
        )
        guard let template else {
            throw Refusal.noTemplate(kind: message.kind, channel: message.channel.rawValue)
        }
        let body = try LetterText(template.body).render(message.values)
        let content = MessageContent(
            subject: try LetterText(template.subject).render(message.values),
            body: template.transliterates && message.channel == .sms ? GSMFolding.text(body) : body
        )
        return (template, content)
    }

    private func seal(_ bytes: [UInt8], _ message: OutgoingMessage, in session: Session) throws -> [UInt8] {
        try audit.keys.seal(bytes, portal: message.portal, owner: message.owner, class: .message, in: session)
    }
}

/// What a message says.
struct MessageContent: Codable, Sendable {
    /// Empty for SMS.
    let subject: String
    let body: String

    func bytes() throws -> [UInt8] {
        Array(try JSONEncoder().encode(self))
    }

    init(subject: String, body: String) {
        self.subject = subject
        self.body = body
    }

    init(bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(bytes))
    }
}
