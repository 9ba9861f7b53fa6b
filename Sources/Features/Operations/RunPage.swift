import DeskKit
import DeskWeb
import JobRunner

/// One run: what came of it, to whom, and what failed.
struct RunPage: Page {
    static let template = "operations/run"
    let back: String
    let title: String
    let portal: String
    let state: TagView
    let at: String
    let date: String
    let trigger: String
    let duration: String?
    let reason: String?
    let isWorking: Bool
    let progress: ProgressView?
    let funnel: [FunnelRow]
    let hasFunnel: Bool
    let filters: [OutcomeFilter]
    let recipients: [RecipientRow]
    let hasRecipients: Bool
    let pager: PagerView?
    let failed: [FailedJob]
    let hasFailed: Bool
    let mayAct: Bool
    let cancel: ConfirmView?

    /// What the page is made of.
    struct Content: Sendable {
        let run: RunLine
        let portalKey: String
        let portalName: String
        let counts: [String: Int]
        let outcome: String?
        let recipients: PageSlice<RunRecipient>?
        let failed: [QuarantinedLine]
        let mayAct: Bool
        let seesWhy: Bool
    }

    init(_ content: Content, _ words: JobWords, pager: PagerView?) {
        let run = content.run
        let path = "/operations/runs/\(content.portalKey)/\(run.id)"
        back = "/operations/jobs/\(content.portalKey)/\(run.schedule)"
        title = words.title(run.schedule)
        portal = content.portalName
        state = words.state(run.state)
        at = words.words.dateTime(run.localAt)
        date = words.words.fullDate(run.forDate)
        trigger = words.trigger(run)
        duration = run.seconds.map { words.words.duration(seconds: $0) }
        reason = words.reason(run.reason)
        isWorking = run.isWorking
        progress = run.progressTotal.map {
            ProgressView(
                label: words.words("operations.progress"),
                done: run.progress,
                total: $0,
                words: words.words
            )
        }
        funnel = Funnel.rows(content.counts, words)
        hasFunnel = !content.counts.isEmpty
        filters = OutcomeFilter.all(content.counts.keys.sorted(), chosen: content.outcome, path: path, words)
        recipients =
            content.recipients?.rows.map {
                RecipientRow($0, portalKey: content.portalKey, seesWhy: content.seesWhy, words)
            } ?? []
        hasRecipients = !recipients.isEmpty
        self.pager = pager
        failed = content.failed.map { FailedJob($0, words) }
        hasFailed = !content.failed.isEmpty
        mayAct = content.mayAct
        cancel =
            content.mayAct && !run.state.isOver
            ? ConfirmView(
                id: "cancel",
                action: path + "/cancel",
                question: words.words("operations.cancel.question"),
                consequence: words.words("operations.cancel.consequence"),
                button: words.words("operations.cancel.button")
            ) : nil
    }
}

/// A link that shows the recipients of one outcome.
struct OutcomeFilter: Sendable {
    let href: String
    let text: String
    let isChosen: Bool

    static func all(_ outcomes: [String], chosen: String?, path: String, _ words: JobWords) -> [OutcomeFilter] {
        let names = outcomes.filter { !$0.contains(".") }
        guard !names.isEmpty else { return [] }
        let everything = OutcomeFilter(href: path, text: words.words("operations.everybody"), isChosen: chosen == nil)
        return [everything]
            + names.map {
                OutcomeFilter(href: "\(path)?outcome=\($0)", text: words.outcome($0).text, isChosen: chosen == $0)
            }
    }
}
