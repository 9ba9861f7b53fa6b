import DeskKit
import DeskWeb
import JobRunner

/// One queue of a portal in the list.
struct QueueRow: Sendable {
    let href: String
    let name: String
    let portal: String
    let ready: String
    let working: String
    let waits: String
    let state: TagView
    let why: String?

    init(_ line: QueueLine, _ words: JobWords) {
        href = Self.href(line.portalKey, line.queue)
        name = words.queue(line.queue)
        portal = line.portalName
        ready = words.capped(line.ready)
        working = words.capped(line.working)
        waits = line.waits.map { words.words.duration(seconds: $0) } ?? "–"
        why = line.reason
        state =
            line.reason == nil
            ? TagView(.good, words.words("operations.queue.flows"))
            : TagView(.warn, words.words("operations.state.paused"))
    }

    static func href(_ portal: String, _ queue: String) -> String { "/operations/queues/\(portal)/\(queue)" }
}

/// Jobs of a kind that failed for one reason.
struct FailureGroup: Sendable {
    let title: String
    let portal: String
    let why: String
    let count: String
    let redrive: String
    let discard: String
    let kind: String
    let code: String

    init(_ line: FailureLine, _ words: JobWords) {
        let path = "/operations/quarantine/\(line.portalKey)"
        redrive = path + "/redrive"
        discard = path + "/discard"
        title = words.title(line.kind)
        portal = line.portalName
        why = words.failure(line.code.isEmpty ? nil : line.code)
        count = words.capped(line.number)
        kind = line.kind
        code = line.code
    }
}

/// One queue, and how it is paused and resumed.
struct QueuePage: Page {
    static let template = "operations/queue"
    let path: String
    let name: String
    let portal: String
    let state: TagView
    let why: String?
    let since: String?
    let ready: String
    let working: String
    let waits: String
    let isPaused: Bool
    let mayAct: Bool
    let problems: ProblemsView?
    let reason: FieldView

    init(_ line: QueueLine, mayAct: Bool, _ fields: Fields, _ words: JobWords) {
        let row = QueueRow(line, words)
        (path, name, portal, state) = (row.href, row.name, row.portal, row.state)
        (ready, working, waits, why) = (row.ready, row.working, row.waits, row.why)
        since = line.paused.map { words.words.recent($0, today: line.today) }
        isPaused = line.reason != nil
        self.mayAct = mayAct
        problems = fields.problems
        reason = fields.text("reason", "operations.field.reason", hint: "operations.hint.reason", max: 300)
    }
}

extension JobWords {
    /// A queue's name in words where it has some.
    func queue(_ name: String) -> String { said("jobs.queue.\(name)", else: name) }

    /// A count that stops at a thousand.
    func capped(_ number: Int) -> String {
        number > 1_000 ? words.number(1_000) + "+" : words.number(number)
    }
}
