import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import Portals

/// One message and what became of it.
struct MessagePage: Page {
    static let template = "messaging/message"

    /// Whether its text is on the page.
    enum Opened: Sendable {
        case closed, erased
        case open(RevealedMessage)
    }

    struct Content: Sendable {
        let message: MessageDetail
        let attempts: [AttemptRow]
        let history: [AuditLine]
        let portal: PortalProfile
        let opened: Opened
        let mayDecide: Bool
        let mayReveal: Bool
        var mayResend = false
    }

    let path: String
    let again: String?
    let kind: String
    let state: TagView
    let reason: String?
    let portal: String
    let by: String
    let to: String
    let client: String?
    let clientHref: String?
    let language: String
    let version: String
    let provider: String?
    let reference: String
    let theirs: String?
    let file: String?
    let story: [TimelineEntry]
    let attempts: [AttemptView]
    let hasAttempts: Bool
    let history: [TimelineEntry]
    let hasHistory: Bool
    let isSecret: Bool
    let isErased: Bool
    let text: TextView?
    let problems: ProblemsView?
    let purpose: FieldView?
    let verdict: FieldView?
    let grounds: FieldView
    let note: FieldView
    let suppress: FieldView?

    init(_ content: Content, _ words: MessageWords, _ audit: AuditWords, _ fields: Fields) {
        let message = content.message
        path = "/messaging/\(content.portal.key)/\(message.id)"
        again = content.mayResend && !message.secret ? "\(path)/again" : nil
        kind = words.kind(message.kind)
        state = words.state(message.state)
        reason = words.reason(message.reason, of: message.state == .cancelled ? message.kind : "")
        portal = content.portal.name
        by = words.channel(message.channel)
        to = message.recipientHint
        client = message.client
        clientHref = message.clientID.map { "/clients/\(content.portal.key)/\($0)" }
        language = words.language(message.language)
        version = words.words.number(message.templateVersion)
        provider = message.provider
        reference = message.reference.uuidString.lowercased()
        theirs = message.providerReference
        file = message.fileName
        story = MessageStory(message, words).entries
        attempts = content.attempts.map { AttemptView($0, today: message.today, words) }
        hasAttempts = !content.attempts.isEmpty
        history = audit.entries(content.history, today: message.today, words.words)
        hasHistory = !content.history.isEmpty
        isSecret = message.secret
        problems = fields.problems
        let form = MessageForms(content, words, fields)
        (purpose, verdict, grounds, note) = (form.purpose, form.verdict, form.grounds, form.note)
        suppress = form.suppress
        switch content.opened {
        case .closed: (text, isErased) = (nil, false)
        case .erased: (text, isErased) = (nil, true)
        case .open(let shown): (text, isErased) = (TextView(shown), false)
        }
    }
}

/// What the message says, after the look was recorded.
struct TextView: Sendable {
    let recipient: String
    let subject: String?
    let body: String

    init(_ shown: RevealedMessage) {
        recipient = shown.recipient
        subject = shown.content.subject.isEmpty ? nil : shown.content.subject
        body = shown.content.body
    }
}

/// The fields of the page's two forms; nil where they do not apply.
struct MessageForms: Sendable {
    let purpose: FieldView?
    let verdict: FieldView?
    let grounds: FieldView
    let note: FieldView
    let suppress: FieldView?

    init(_ content: MessagePage.Content, _ words: MessageWords, _ fields: Fields) {
        let isReadable = !content.message.secret && content.message.content != nil
        var isClosed = false
        if case .closed = content.opened { isClosed = true }
        purpose =
            content.mayReveal && isReadable && isClosed
            ? fields.options(
                "purpose",
                "messaging.field.purpose",
                RevealMessage.Purpose.allCases.map {
                    (value: $0.rawValue, text: words.words("messaging.purpose.\($0.rawValue)"))
                }
            ) : nil
        verdict =
            content.mayDecide && content.message.state == .uncertain
            ? fields.options(
                "verdict",
                "messaging.field.verdict",
                DecideMessage.Verdict.allCases.map {
                    (value: $0.rawValue, text: words.words("messaging.verdict.\($0.rawValue)"))
                }
            ) : nil
        suppress =
            content.mayDecide
            ? fields.options(
                "suppress",
                "messaging.suppression.field",
                Suppressions.Reason.allCases.map {
                    (value: $0.rawValue, text: words.words("messaging.suppression.reason.\($0.rawValue)"))
                }
            ) : nil
        grounds = fields.options(
            "grounds",
            "messaging.field.grounds",
            DecideMessage.Grounds.allCases.map {
                (value: $0.rawValue, text: words.words("messaging.grounds.\($0.rawValue)"))
            }
        )
        note = fields.text("note", "messaging.field.note", hint: "messaging.hint.note", isRequired: false, max: 300)
    }
}

/// One try at the gateway.
struct AttemptView: Sendable {
    let number: String
    let time: String
    let provider: String
    let outcome: String
    let reason: String?

    init(_ row: AttemptRow, today: CivilDate, _ words: MessageWords) {
        number = words.words.number(row.attempt)
        time = "\(words.words.recent(row.at, today: today)):\(row.at.second < 10 ? "0" : "")\(row.at.second)"
        provider = row.provider
        outcome = words.outcome(row.outcome)
        reason = words.reason(row.code)
    }
}

/// The message's way in sentences.
struct MessageStory: Sendable {
    let entries: [TimelineEntry]

    init(_ message: MessageDetail, _ words: MessageWords) {
        var entries: [TimelineEntry] = []
        let add = { (entries: inout [TimelineEntry], time: CivilDateTime?, key: String, detail: String?) in
            guard let time else { return }
            let text = words.words("messaging.story.\(key)")
            entries.append(TimelineEntry(time, today: message.today, text: text, detail: detail, words: words.words))
        }
        add(&entries, message.planned, "planned", nil)
        add(&entries, message.fileBrought, "file", message.fileName)
        add(&entries, message.handed, "handed", message.provider)
        add(&entries, message.settled, message.state.rawValue, message.decidedBy)
        if let delivery = message.delivery {
            add(&entries, message.receiptAt, "\(message.channel == .sms ? "receipt" : "report")_\(delivery)", nil)
        }
        add(&entries, message.wiped, "wiped", nil)
        if message.state == .planned { add(&entries, message.notAfter, "not_after", nil) }
        self.entries = entries
    }
}
