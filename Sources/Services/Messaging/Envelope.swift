import DeskKit
import FoundationEssentials
import Portals
import Transport

/// An opened message on its way to a gateway; lives in memory for the length of one call.
struct Envelope: Sendable {
    let portal: PortalID
    let message: MessageID
    let client: ClientID?
    let attempt: Int
    let reference: UUID
    let channel: Channel
    let kind: String
    let recipient: String
    let content: MessageContent
    let provider: ProviderRow
    /// What goes with it.
    var file: AttachedFile?
    /// Its line of the journal; nil where none is kept.
    var entry: JournalEntry?
    /// It says how to take back the consent that it needs.
    var needsConsent = false
}

/// What came of a call, in the ledger's words. Codes are ours or a protocol's, never free text that could quote the
/// message.
enum GatewayAnswer: Sendable, Hashable {
    case accepted(reference: String?)
    /// Certainly not taken; another try may succeed.
    case temporary(code: String)
    /// Certainly not taken, and never will be.
    case permanent(code: String)
    /// The same, since there is no such mailbox.
    case noMailbox(code: String)
    case uncertain(code: String)

    init(_ outcome: SendOutcome) {
        switch outcome {
        case .accepted(let reference, _): self = .accepted(reference: reference)
        case .temporary(let reply): self = .temporary(code: Self.code(reply))
        case .permanent(let reply):
            self = Self.isUnknown(reply) ? .noMailbox(code: Self.code(reply)) : .permanent(code: Self.code(reply))
        case .uncertain(let reply): self = .uncertain(code: Self.code(reply))
        }
    }

    /// Replies 550, 551 and 553 to the recipient (RFC 5321 §4.2.3), unless the enhanced code says that it is for some
    /// other reason, such as policy (RFC 3463, 5.7).
    private static func isUnknown(_ reply: Reply) -> Bool {
        guard reply.stage == .recipient, [550, 551, 553].contains(reply.code) else { return false }
        return MailStatus(reply.text)?.isNoMailbox ?? true
    }

    /// The problem of the line, else the stage with its reply code ("recipient_550").
    private static func code(_ reply: Reply) -> String {
        if let problem = reply.problem { return problem.rawValue }
        return reply.code.map { "\(reply.stage.rawValue)_\($0)" } ?? reply.stage.rawValue
    }

    var word: String {
        switch self {
        case .accepted: "accepted"
        case .temporary: "temporary"
        case .permanent, .noMailbox: "permanent"
        case .uncertain: "uncertain"
        }
    }

    var isTemporary: Bool {
        if case .temporary = self { true } else { false }
    }

    /// A failure for now that says nothing of this message or its recipient.
    var isOfChannel: Bool {
        if case .temporary(let code) = self { !code.hasPrefix("recipient") } else { false }
    }

    var code: String? {
        switch self {
        case .accepted: nil
        case .temporary(let code), .permanent(let code), .noMailbox(let code), .uncertain(let code): code
        }
    }

    var reference: String? {
        if case .accepted(let reference) = self { reference } else { nil }
    }

    /// Where it leaves the message when no further try follows.
    var state: MessageState {
        switch self {
        case .accepted: .confirmed
        case .temporary, .permanent, .noMailbox: .refused
        case .uncertain: .uncertain
        }
    }
}
