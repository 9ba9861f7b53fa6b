import Audit
import DeskKit
import Documents
import FoundationEssentials
import JobRunner
import Messaging
import Portals
import Postgres

/// Prints a letter and keeps the print beside it, sealed under the same key; its messages go out with these very bytes.
struct PrintLetter: JobHandler {
    static let kind = "requests.print"
    static let queue = "requests"
    static let maxAttempts = 5
    static let timeout = Duration.seconds(120)

    struct Order: Codable, Sendable {
        let letter: Int64
        /// The e-mails that wait for the print.
        var messages: [MessageID]?
    }

    let audit: AuditTrail
    let documents: DocumentsService
    let outbox: Outbox

    func run(_ job: JobContext) async throws -> JobOutcome {
        let order = try job.decode(Order.self)
        let id = order.letter
        let portal = job.portal
        let place: Parameters = ["portal": portal, "letter": id]
        let wanted: Parameters = ["portal": portal, "letter": id, "request": nil]
        let found = try await job.transaction { session -> KeptLetter? in
            guard let row = try session.first(RequestsQueries.findLetter, wanted), !row.isPrinted else { return nil }
            return try row.open(audit, portal: portal, in: session)
        }
        guard let found else { return .done }
        let messages = order.messages ?? []
        let pdf: [UInt8]
        do {
            pdf = try await documents.print(found.sheet)
        } catch {
            throw JobFailure("not_printed")
        }
        try await job.transaction { session in
            let sealed = try audit.keys.seal(
                pdf,
                portal: portal,
                owner: found.owner,
                class: RequestLetters.retention,
                in: session
            )
            // Of two workers with one job the first one's bytes are the letter.
            if try session.run(RequestsQueries.keepPrint, place.merging(["printed": sealed]) { $1 }) == 1 {
                try outbox.attach(pdf, to: messages, portal: portal, in: session)
            }
        }
        return .done
    }
}

/// A letter that was sent, opened.
struct KeptLetter: Sendable {
    let id: Int64
    let owner: Subject
    let language: String
    let content: LetterBody
    let portalName: String
    let madeOn: CivilDate

    var sheet: PrintedSheet {
        PrintedSheet(
            language: language,
            head: portalName,
            title: content.subject,
            paragraphs: content.body.split(separator: "\n\n").map(String.init),
            foot: madeOn.iso
        )
    }
}

struct LetterRow: Decodable, Sendable {
    let id: Int64
    let kind: LetterKind
    let language: String
    let keySubjectKind: String
    let keySubjectID: Int64
    let content: [UInt8]
    let isPrinted: Bool
    let portalName: String
    let madeAt: CivilDateTime

    /// Nil when the key was destroyed: whoever it was written to has been erased.
    func open(_ audit: AuditTrail, portal: PortalID, in session: Session) throws -> KeptLetter? {
        let owner = Subject(keySubjectKind, keySubjectID)
        guard
            let bytes = try audit.keys.open(
                content,
                portal: portal,
                owner: owner,
                class: RequestLetters.retention,
                in: session
            )
        else { return nil }
        return KeptLetter(
            id: id,
            owner: owner,
            language: language,
            content: try JSONDecoder().decode(LetterBody.self, from: Data(bytes)),
            portalName: portalName,
            madeOn: madeAt.date
        )
    }
}
