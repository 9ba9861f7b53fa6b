import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import JobRunner
import Messaging
import Portals
import Postgres

/// What is written to a client about a request; its template is `admin-web/letters/requests.<raw value>.*`.
package enum LetterKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    case receipt, question, refusal, answer, withdrawn, blocked, changed, closed, lapsed
    case extended, granted
    case coolingOff = "cooling_off"

    /// The name of its template and of its messages.
    var template: String { ["requests", rawValue].joined(separator: ".") }
}

/// One letter before it is written.
struct LetterDraft: Sendable, Equatable {
    var kind: LetterKind
    /// What staff add, in the client's language.
    var text: String
    var article: String?
    var until: CivilDate?
    var obstacles: [Obstacle]
    /// Further lines, already in the client's language.
    var lines: [String]
    /// What was decided, where the letter says it in a word.
    var outcome: RequestOutcome?

    init(
        _ kind: LetterKind,
        text: String = "",
        article: String? = nil,
        until: CivilDate? = nil,
        obstacles: [Obstacle] = [],
        lines: [String] = [],
        outcome: RequestOutcome? = nil
    ) {
        self.kind = kind
        self.text = text
        self.article = article
        self.until = until
        self.obstacles = obstacles
        self.lines = lines
        self.outcome = outcome
    }
}

/// A letter as it is read: e-mail and print alike.
struct LetterBody: Codable, Equatable, Sendable {
    let subject: String
    let body: String
}

/// Writes letters about requests, keeps each as it was sent, has it printed, and sends it with its print by e-mail
/// where there is an address.
struct RequestLetters: Sendable {
    /// Letters are proof of what was decided, and are kept as such.
    static let retention = RetentionClass.letter

    let audit: AuditTrail
    let outbox: Outbox
    let queue: JobQueue
    let catalog: Catalog

    /// The language that the portal has letters in: the client's, or else the portal's first.
    func language(of request: ClientRequest, _ portal: PortalProfile) -> String {
        portal.languages.contains(request.language) ? request.language : portal.defaultLanguage
    }

    /// The words of that language.
    func words(_ request: ClientRequest, _ portal: PortalProfile) -> Words {
        Words(catalog, Language(rawValue: language(of: request, portal)) ?? .english)
    }

    /// The letter as it would go out now. Throws `Outbox.Refusal` where the portal has no template.
    func text(
        _ draft: LetterDraft,
        about request: ClientRequest,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> LetterBody {
        let written = try outbox.text(of: message(draft, about: request, portal, to: ""), in: session)
        return LetterBody(subject: written.subject, body: written.body)
    }

    /// Writes and sends a letter to the client's own address, or to those named; answers the key of the kept one, and
    /// whether it goes out as a message. One that does not is printed and posted.
    @discardableResult
    func send(
        _ draft: LetterDraft,
        about request: ClientRequest,
        _ portal: PortalProfile,
        by staff: StaffID?,
        to addresses: [String]? = nil,
        in session: Session
    ) throws -> (id: Int64, isSent: Bool) {
        let content = try text(draft, about: request, portal, in: session)
        let sealed = try audit.keys.seal(
            Array(JSONEncoder().encode(content)),
            portal: portal.id,
            owner: request.owner,
            class: Self.retention,
            in: session
        )
        var messages: [MessageID] = []
        for address in try addresses ?? self.address(of: request, in: session).map({ [$0] }) ?? [] {
            var message = self.message(draft, about: request, portal, to: address)
            message.fileName = fileName(draft.kind, request, portal)
            if let sent = try enqueue(message, in: session) { messages.append(sent) }
        }
        let letter = try session.one(
            RequestsQueries.addLetter,
            [
                "portal": portal.id, "request": request.id, "kind": draft.kind.rawValue,
                "language": language(of: request, portal), "key_kind": request.owner.kind,
                "key_subject": request.owner.id, "content": sealed, "message": messages.first, "staff": staff,
            ]
        )
        try queue.enqueue(
            PrintLetter.self,
            portal: portal.id,
            payload: PrintLetter.Order(letter: letter, messages: messages),
            uniqueKey: "\(letter)",
            in: session
        )
        return (letter, !messages.isEmpty)
    }

    /// "Ответ 2247.pdf": what the recipient saves it as.
    private func fileName(_ kind: LetterKind, _ request: ClientRequest, _ portal: PortalProfile) -> String {
        "\(words(request, portal)("requests.letter.\(kind.rawValue)")) \(request.id).pdf"
    }

    /// Where the client is written to: what the request says, else what a decided change says, else the book.
    func address(of request: ClientRequest, in session: Session) throws -> String? {
        try request.replyTo ?? bookAddress(of: request, in: session)
    }

    /// The client's own, as a decided change or the book says.
    func bookAddress(of request: ClientRequest, in session: Session) throws -> String? {
        guard let client = request.clientID else { return nil }
        return try session.first(
            RequestsQueries.emailOfClient,
            ["portal": request.portalID, "client": client]
        )
    }

    /// Nil for an address that no gateway takes: the letter goes by post.
    func enqueue(_ message: OutgoingMessage, in session: Session) throws -> MessageID? {
        do {
            return try outbox.enqueue(message, in: session)
        } catch Outbox.Refusal.badRecipient {
            return nil
        }
    }

    func message(
        _ draft: LetterDraft,
        about request: ClientRequest,
        _ portal: PortalProfile,
        to address: String,
        by channel: Channel = .email
    ) -> OutgoingMessage {
        OutgoingMessage(
            kind: draft.kind.template,
            channel: channel,
            portal: portal.id,
            client: request.clientID,
            account: nil,
            subject: .clientRequest(request.id),
            recipient: address,
            language: language(of: request, portal),
            values: draft.values(request, portal, words(request, portal))
        )
    }
}

extension LetterDraft {
    /// What a letter's tags are filled with, in the client's language.
    func values(_ request: ClientRequest, _ portal: PortalProfile, _ words: Words) -> [String: String] {
        let list = obstacles.map { $0.sentence(words) } + lines
        return [
            "portal": portal.name,
            "name": request.requesterName,
            "number": "\(request.id)",
            "kind": words("requests.kind.\(request.kind.rawValue)"),
            "received": words.date(request.receivedOn),
            "due": words.date(request.effectiveDue),
            "until": words.date(until ?? request.effectiveDue),
            "text": text,
            "article": article ?? "",
            "outcome": outcome.map { words("requests.outcome.\($0.rawValue)") } ?? "",
            "list": list.map { "– \($0)" }.joined(separator: "\n"),
        ]
    }
}

extension Obstacle {
    /// "Contract U-77", "Invoice FV 3/2026: 1 845,00 PLN, due 10 December 2026".
    func sentence(_ words: Words) -> String {
        let head = words("requests.obstacle.\(kind.rawValue)", ["number": .text(number)])
        guard let amountMinor, let currency else { return head }
        let amount = words.money(Money(minor: amountMinor, currency: currency))
        guard let dueOn else { return "\(head): \(amount)" }
        return "\(head): \(amount), \(words("requests.obstacle.due", ["date": .text(words.date(dueOn))]))"
    }
}
