import Access
import Audit
import DeskKit
import DeskWeb
import Postgres

/// What can be wrong with the jobs as a whole; pages and letters say it as `operations.alarm.<raw value>`.
enum AlarmKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// A schedule that should have fired and did not.
    case scheduleLate = "schedule_late"
    /// A queue whose oldest due job is too old.
    case queueLate = "queue_late"
    /// A session whose old snapshot keeps dead rows of the queue.
    case vacuumBlocked = "vacuum_blocked"
    /// The journal of what was sent knows more than the database.
    case sendingStopped = "sending_stopped"
    /// A worker that cannot write its journal, and therefore does not send.
    case journalFailed = "journal_failed"
}

struct UntoldAlarm: Decodable, Sendable {
    let portalID: PortalID
    let kind: AlarmKind
    let subject: String
    let owner: String
    let since: CivilDateTime
}

struct AlarmReader: Decodable, Sendable {
    let email: String?
    let language: String
}

struct AlarmLine: Decodable, Sendable {
    let portalID: PortalID
    let kind: AlarmKind
    let subject: String
    let portalName: String
    let portalKey: String
}

/// One figure of `/metrics`; the label is a portal's key, a queue, a kind.
package struct Metric: Decodable, Sendable {
    package let name: String
    package let label: String
    package let value: Double
}

extension JobWords {
    /// An alarm as a sentence.
    func alarm(_ kind: AlarmKind, _ subject: String) -> String {
        let name =
            switch kind {
            case .scheduleLate: title(subject)
            case .queueLate: queue(subject)
            case .vacuumBlocked, .journalFailed: subject
            case .sendingStopped: ""
            }
        return words("operations.alarm.\(kind.rawValue)", ["name": .text(name)])
    }
}

/// One alarm at the top of the jobs.
struct AlarmRow: Sendable {
    let text: String
    let portal: String
    let href: String?

    init(_ line: AlarmLine, _ words: JobWords) {
        text = words.alarm(line.kind, line.subject)
        portal = line.portalName.isEmpty ? words.words("operations.installation") : line.portalName
        href =
            switch line.kind {
            case .scheduleLate: "/operations/jobs/\(line.portalKey)/\(line.subject)"
            case .queueLate: QueueRow.href(line.portalKey, line.subject)
            case .vacuumBlocked: nil
            case .sendingStopped, .journalFailed: SendingPage.href(line.portalKey)
            }
    }
}
