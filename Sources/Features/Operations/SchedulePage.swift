import DeskKit
import DeskWeb
import JobRunner

/// One schedule: what it is, what may be done to it, and its runs.
struct SchedulePage: Page {
    static let template = "operations/schedule"
    let path: String
    let title: String
    let portal: String
    let state: TagView
    let when: String
    let next: String
    let zone: String
    let missed: String
    let owner: String
    let runbook: String
    let changed: String?
    let problems: ProblemsView?
    let mayAct: Bool
    let mayPreview: Bool
    let isPaused: Bool
    let mayReset: Bool
    let version: Int
    let reason: FieldView
    let cron: FieldView
    let runDate: FieldView
    let previewDate: FieldView
    let runs: [RunRow]
    let hasRuns: Bool
    let pager: PagerView

    /// What the page is made of.
    struct Content: Sendable {
        let line: ScheduleLine
        let runs: PageSlice<RunLine>
        let mayAct: Bool
        let mayPreview: Bool
    }

    init(_ content: Content, _ words: JobWords, fields: Fields, pager: PagerView) {
        let line = content.line
        path = ScheduleCard.href(line)
        title = words.title(line.name)
        portal = line.portalName
        state = words.scheduleState(line)
        when = words.when(line.cron)
        next = words.next(line)
        zone = line.timeZone
        missed = words.words("jobs.missed.\(line.missed.rawValue)", ["n": .number(line.latestMinutes)])
        owner = line.owner
        runbook = line.runbook
        changed =
            line.changedInConsole
            ? words.words("operations.changed", ["file": .text(words.when(line.fileCron))]) : nil
        problems = fields.problems
        mayAct = content.mayAct
        mayPreview = content.mayPreview
        isPaused = line.pausedReason != nil
        mayReset = line.changedInConsole || line.pausedReason != nil
        version = line.version
        reason = fields.text("reason", "operations.field.reason", hint: "operations.hint.reason", max: 300)
        cron = fields.text("cron", "operations.field.cron", line.cron, hint: "operations.hint.cron", max: 100)
        runDate = fields.date("date", "operations.field.date", line.today)
        previewDate = fields.date("on", "operations.field.preview_date", line.today)
        runs = content.runs.rows.map { RunRow($0, portalKey: line.portalKey, words) }
        hasRuns = !content.runs.rows.isEmpty
        self.pager = pager
    }
}

/// One run in a list.
struct RunRow: Sendable {
    let href: String
    let at: String
    let date: String
    let state: TagView
    let trigger: String
    let detail: String

    init(_ run: RunLine, portalKey: String, _ words: JobWords) {
        href = "/operations/runs/\(portalKey)/\(run.id)"
        at = words.words.shortDateTime(run.localAt)
        date = words.words.shortDate(run.forDate)
        state = words.state(run.state)
        trigger = words.trigger(run)
        detail = words.reason(run.reason) ?? run.seconds.map { words.words.duration(seconds: $0) } ?? ""
    }
}
