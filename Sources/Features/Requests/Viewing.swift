import Access
import Audit
import DeskKit
import Documents
import Portals
import Postgres

/// Everything that a request's page shows, as of one moment; the look is recorded first, since it shows what is
/// sensitive.
struct ViewRequest: RequestCommand {
    static let right = Right.requestsView

    struct Seen: Sendable {
        let request: ClientRequest
        let rules: any KindRules
        let changes: [ChangeRow]
        let obstacles: [Obstacle]
        let letters: [LetterLine]
        let scans: [ScanSummary]
        let pause: PauseRow?
        let history: [AuditLine]
    }

    let request: ClientRequestID

    func run(_ office: Office, in session: Session) throws -> Seen {
        guard let found = try office.find(request, in: session) else { throw NoSuchRequest() }
        try office.recordLook("request.viewed", at: found, in: session)
        let rules = office.book.rules(of: found)
        let place = office.place(found)
        let isOpen = found.state.isBeforeDecision || found.state == .coolingOff
        return Seen(
            request: found,
            rules: rules,
            changes: found.kind == .dataChange ? try session.all(QueueQueries.changesOfRequest, place) : [],
            obstacles: isOpen ? try rules.obstacles(to: found, in: session) : [],
            letters: try session.all(QueueQueries.lettersOfRequest, place),
            scans: try office.documents.scans(of: found.documents, in: session),
            pause: try session.first(RequestsQueries.openPause, place),
            history: try office.book.audit.history(
                of: .clientRequest(found.id),
                portal: office.portal.id,
                opening: true,
                in: session
            )
        )
    }
}

/// A letter as it was sent; the look is recorded.
struct ViewLetter: RequestCommand {
    static let right = Right.requestsView

    struct Seen: Sendable {
        let request: ClientRequest
        let kind: LetterKind
        /// Nil when its key was destroyed.
        let content: LetterBody?
        let madeAt: CivilDateTime
        let isPrinted: Bool
    }

    let request: ClientRequestID
    let letter: Int64

    func run(_ office: Office, in session: Session) throws -> Seen {
        let place: Parameters = ["portal": office.portal.id, "request": request, "letter": letter]
        guard let found = try office.find(request, in: session),
            let row = try session.first(RequestsQueries.findLetter, place)
        else { throw NoSuchRequest() }
        try office.recordLook("request.letter_viewed", at: found, facts: ["letter": "\(letter)"], in: session)
        return Seen(
            request: found,
            kind: row.kind,
            content: try row.open(office.book.audit, portal: office.portal.id, in: session)?.content,
            madeAt: row.madeAt,
            isPrinted: row.isPrinted
        )
    }
}

/// The print of a letter that was sent.
struct ViewPrint: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID
    let letter: Int64

    func run(_ office: Office, in session: Session) throws -> [UInt8] {
        let place = office.place(request).merging(["letter": letter]) { $1 }
        guard let found = try office.find(request, in: session),
            let row = try session.first(QueueQueries.findPrint, place), let sealed = row.printed,
            let pdf = try office.book.audit.keys.open(
                sealed,
                portal: office.portal.id,
                owner: Subject(row.keySubjectKind, row.keySubjectID),
                class: RequestLetters.retention,
                in: session
            )
        else { throw NoSuchRequest() }
        try office.recordLook("request.letter_viewed", at: found, facts: ["letter": "\(letter)"], in: session)
        return pdf
    }
}

/// A letter as it would go out now, with what was typed.
struct PreviewLetter: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID
    let kind: PreviewKind
    let text: String
    /// What was chosen so far.
    let outcome: RequestOutcome?
    let reason: DecisionReason?

    struct Seen: Sendable {
        let request: ClientRequest
        let kind: LetterKind
        let content: LetterBody
    }

    func run(_ office: Office, in session: Session) throws -> Seen {
        guard let found = try office.find(request, in: session) else { throw NoSuchRequest() }
        let letter: LetterKind? =
            switch kind {
            case .letter(let letter): letter
            case .decision: outcome.flatMap { office.book.letter(of: $0, found, office.portal) }
            case .execution: found.decision.flatMap { office.book.letter(of: $0, found, office.portal) }
            }
        guard let letter else { throw RequestRefusal.noLetter }
        let draft = try office.book.draft(
            letter,
            about: found,
            office.portal,
            text: kind == .execution ? nil : text,
            outcome: outcome,
            reason: reason,
            in: session
        )
        return Seen(
            request: found,
            kind: letter,
            content: try office.book.letters.text(draft, about: found, office.portal, in: session)
        )
    }
}

/// What is read before it goes out: a letter, or the one that a decision or its execution leads to.
enum PreviewKind: Hashable, Sendable {
    case letter(LetterKind)
    case decision, execution

    /// As the URL says it.
    var word: String {
        switch self {
        case .letter(let kind): kind.rawValue
        case .decision: "decision"
        case .execution: "execution"
        }
    }

    init?(_ word: String) {
        switch word {
        case "decision": self = .decision
        case "execution": self = .execution
        default:
            guard let kind = LetterKind(rawValue: word) else { return nil }
            self = .letter(kind)
        }
    }
}

extension Office {
    /// One visit is one line of the trail.
    func recordLook(
        _ action: String,
        at request: ClientRequest,
        facts: [String: String] = [:],
        in session: Session
    ) throws {
        let looked = try book.audit.hasLook(
            action,
            on: .clientRequest(request.id),
            portal: portal.id,
            by: staff.id,
            facts: facts,
            in: session
        )
        if !looked { try record(action, on: request, facts: facts, in: session) }
    }

    func place(_ request: ClientRequestID) -> Parameters { ["portal": portal.id, "id": request] }
}
