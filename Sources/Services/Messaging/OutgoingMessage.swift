package import Audit
package import DeskKit
package import FoundationEssentials
package import Portals
package import Postgres

/// One thing to send to one recipient.
package struct OutgoingMessage: Sendable {
    /// `module.word`, which names the template too: "accounts.first_code".
    package var kind: String
    package var channel: Channel
    package var portal: PortalID
    package var client: ClientID?
    package var account: AccountID?
    /// What it is about; its kind's owner is asked once more just before the wire (`ChecksBeforeSending`).
    package var subject: Subject
    /// E.164 with its plus, or an address.
    package var recipient: String
    /// BCP 47; a template in the portal's first language stands in where there is none.
    package var language: String
    /// What the template's tags are filled with.
    package var values: [String: String]
    /// Holds a code or a password: its text is wiped as soon as the gateway has it.
    package var secret: Bool
    /// Later than this nobody wants it any more.
    package var notAfter: Date?
    package var run: RunID?
    /// The name of a PDF that goes with an e-mail. The message waits until `Outbox.attach` brings the file.
    package var fileName: String?

    package init(
        kind: String,
        channel: Channel,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        subject: Subject,
        recipient: String,
        language: String,
        values: [String: String],
        secret: Bool = false,
        notAfter: Date? = nil,
        run: RunID? = nil,
        fileName: String? = nil
    ) {
        self.kind = kind
        self.channel = channel
        self.portal = portal
        self.client = client
        self.account = account
        self.subject = subject
        self.recipient = recipient
        self.language = language
        self.values = values
        self.secret = secret
        self.notAfter = notAfter
        self.run = run
        self.fileName = fileName
    }

    /// Whose key seals it: the client's where there is one.
    var owner: Subject { client.map(Subject.client) ?? subject }
}

/// Asked in the transaction that hands a message over: whether its reason still stands. The rooms that send answer for
/// their own kinds; DeskApp fits them in.
package protocol ChecksBeforeSending: Sendable {
    /// The kinds it answers for, by their beginning: "reminders.".
    var kindPrefix: String { get }

    /// The code of a reason to cancel ("paid"), nil when it may go.
    func reasonToCancel(_ message: CheckedMessage, in session: Session) throws -> String?

    /// Where the message should go by now, on its channel; nil where it was written to is still right.
    func newRecipient(_ message: CheckedMessage, in session: Session) throws -> String?

    /// Whether its kinds keep the portal's sending hours; what somebody asked for this minute does not.
    var keepsHours: Bool { get }
}

extension ChecksBeforeSending {
    package var keepsHours: Bool { false }
    package func newRecipient(_ message: CheckedMessage, in session: Session) throws -> String? { nil }
}

/// What a check is told about the message it decides on.
package struct CheckedMessage: Sendable {
    package let portal: PortalID
    package let id: MessageID
    package let kind: String
    package let subject: Subject
    package let account: AccountID?
    package let channel: Channel
    package let recipient: Redacted<String>
}

extension CheckedMessage {
    init(_ held: HeldMessage, portal: PortalID, recipient: String) {
        self.init(
            portal: portal,
            id: held.id,
            kind: held.kind,
            subject: Subject(held.subjectKind, held.subjectID),
            account: held.accountID,
            channel: held.channel,
            recipient: Redacted(recipient)
        )
    }
}
