import DeskKit
import DeskWeb
import JobRunner

/// All schedules of the reader's portals, and what failed for good.
struct JobsPage: Page {
    static let template = "operations/jobs"
    let alarms: [AlarmRow]
    let hasAlarms: Bool
    let schedules: [ScheduleCard]
    let nothing: EmptyView?
    let hasFailed: Bool
    let failed: [FailedJob]
    let failures: [FailureGroup]
    let hasFailures: Bool
    let queues: [QueueRow]
    let hasQueues: Bool
    let calendar: String
    let mayAct: Bool
}

/// One schedule in the list.
struct ScheduleCard: Sendable {
    let href: String
    let title: String
    let portal: String
    let when: String
    let next: String
    let state: TagView
    let runs: [RunMark]
    let hasRuns: Bool

    init(_ line: ScheduleLine, runs: [RunMarkRow], _ words: JobWords) {
        href = Self.href(line)
        title = words.title(line.name)
        portal = line.portalName
        when = words.when(line.cron)
        next = words.next(line)
        state = words.scheduleState(line)
        self.runs = runs.map { RunMark($0, portalKey: line.portalKey, words) }
        hasRuns = !runs.isEmpty
    }

    static func href(_ line: ScheduleLine) -> String { "/operations/jobs/\(line.portalKey)/\(line.name)" }
}

/// One run in the strip of the last ten: a colour with its words.
struct RunMark: Sendable {
    let href: String
    let tone: TagView.Tone
    let text: String

    init(_ row: RunMarkRow, portalKey: String, _ words: JobWords) {
        href = "/operations/runs/\(portalKey)/\(row.id)"
        let state = words.state(row.state)
        tone = state.tone
        let detail = words.reason(row.reason).map { ", \($0)" } ?? ""
        text = "\(words.words.shortDateTime(row.localAt)): \(state.text)\(detail)"
    }
}

/// A job in quarantine.
struct FailedJob: Sendable {
    let redrive: String
    let discard: String
    let title: String
    let portal: String
    let tried: String
    let last: String
    let why: String
    let runHref: String?

    init(_ line: QuarantinedLine, _ words: JobWords) {
        let path = "/operations/quarantine/\(line.portalKey)/\(line.id)"
        redrive = path + "/redrive"
        discard = path + "/discard"
        title = words.title(line.kind)
        portal = line.portalName
        tried = words.words("operations.tried", ["n": .number(line.attempt)])
        last = words.words.shortDateTime(line.lastAt)
        why = words.failure(line.errorCode)
        runHref = line.runID.map { "/operations/runs/\(line.portalKey)/\($0)" }
    }
}
