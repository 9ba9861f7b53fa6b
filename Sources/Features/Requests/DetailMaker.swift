import Access
import Audit
import DeskKit
import DeskWeb
import Documents
import Portals

/// Makes the page of a request for one reader.
struct DetailMaker {
    let seen: ViewRequest.Seen
    let office: Office
    let words: Words
    let site: DeskSite
    var form: Form?
    var problem: String?
    /// Which form was posted, and stays open with what was typed.
    var posted: String?

    var request: ClientRequest { seen.request }
    var base: String { request.path(office.portal.key) }

    func may(_ right: Right) -> Bool { office.staff.may(right, office.portal.id) }

    var page: DetailPage {
        let steps = StepMaker(maker: self).steps
        return DetailPage(
            title: words("requests.title", ["number": .text("\(request.id)")]),
            kind: kindText,
            state: request.state.tag(words),
            urgency: urgency,
            client: request.clientName ?? request.requesterName,
            clientHref: request.clientID.map { "/clients/\(office.portal.key)/\($0)" },
            portal: office.portal.name,
            holder: request.heldByName.map { words("requests.held_by", ["who": .text($0)]) }
                ?? words("requests.held_by_nobody"),
            problem: problem,
            facts: facts,
            statement: request.statement.isEmpty ? nil : request.statement,
            table: table,
            letters: seen.letters.map(letter),
            hasLetters: !seen.letters.isEmpty,
            evidence: evidence,
            hasEvidence: !evidence.isEmpty,
            upload: mayUpload ? upload : nil,
            uploadAction: "\(base)/scans",
            plan: plan,
            steps: steps,
            hasSteps: !steps.isEmpty,
            history: history
        )
    }

    private var kindText: String {
        let kind = words("requests.kind.\(request.kind.rawValue)")
        guard let lane = request.lane else { return kind }
        let way = words("requests.lane.\(lane.rawValue)")
        return "\(kind): \(way)"
    }

    private var urgency: TagView? {
        guard !request.state.isOver else { return nil }
        if request.effectiveDue < request.today { return TagView(.bad, words("requests.severity.overdue")) }
        if request.internalDue < request.today { return TagView(.warn, words("requests.internal_passed")) }
        return nil
    }

    private var facts: [DetailPage.Fact] {
        var facts: [DetailPage.Fact] = []
        func add(_ name: String, _ value: String, _ detail: String? = nil) {
            facts.append(.init(label: words("requests.fact.\(name)"), value: value, detail: detail))
        }
        func day(_ date: CivilDate) -> String { words.shortDate(date) }
        add("received", day(request.receivedOn), words("requests.channel.\(request.channel.rawValue)"))
        add("due", day(request.effectiveDue), words.relative(request.effectiveDue, to: request.today))
        add("statutory", day(request.statutoryDue), clockText)
        add("internal", day(request.internalDue))
        if request.isExtended { add("extended", words("requests.fact.once")) }
        if let pause = seen.pause {
            add("paused", words("requests.pause.\(pause.reason.rawValue)"), day(pause.startedOn))
        }
        add("requester", request.requesterName, request.replyTo.map(MaskedText.email))
        if let method = request.identityMethod {
            add("identity", words("requests.method.\(method.rawValue)"), request.identityByName)
        }
        if let proposal = request.proposal, request.decision == nil {
            add("proposal", outcome(proposal, request.proposalReason), request.proposedByName)
            if !request.proposalNote.isEmpty { add("note", request.proposalNote) }
        }
        if let decision = request.decision {
            add("decision", outcome(decision, request.decisionReason), request.decidedByName)
            if let article = request.decisionArticle { add("article", article) }
        }
        if let until = request.coolingUntil, request.state == .coolingOff { add("cooling", day(until)) }
        if let executor = request.executedByName { add("executed", executor) }
        if let since = request.blockedSince {
            add("blocked", day(since), request.lookedAt.map { words("requests.fact.looked", ["date": .text(day($0))]) })
        }
        if request.isSnoozed, let until = request.snoozedUntil { add("snoozed", day(until), request.snoozeReason) }
        if let original = request.duplicateOf {
            add("duplicate", words("requests.title", ["number": .text("\(original)")]))
        }
        return facts
    }

    private func outcome(_ outcome: RequestOutcome, _ reason: DecisionReason?) -> String {
        let text = words("requests.outcome.\(outcome.rawValue)")
        guard let reason else { return text }
        let ground = words("requests.reason.\(reason.rawValue)")
        return "\(text): \(ground)"
    }

    private var clockText: String {
        let length = words("requests.unit.\(request.clockUnit.rawValue)", ["n": .number(request.clockNumber)])
        let source = request.clockSource ?? words("requests.own_deadline")
        return "\(length), \(source)"
    }

    private var table: DetailPage.Table? {
        if request.kind == .dataChange { return changes }
        guard request.kind == .accountDeletion, !request.state.isOver else { return nil }
        return remains(words("requests.table.remains"), note: nil)
    }

    private var changes: DetailPage.Table {
        DetailPage.Table(
            title: words("requests.table.changes"),
            note: request.lane == .contract && !seen.obstacles.isEmpty
                ? words("requests.table.arrears_block") : nil,
            columns: ["field", "old", "new", "standing"].map { words("requests.table.\($0)") },
            rows: seen.changes.map { change in
                let field = words("requests.field.\(change.field.rawValue)")
                return [
                    change.contractNumber.map { "\(field), \($0)" } ?? field, change.oldText(words), change.newValue,
                    words("requests.standing.\(change.standing)"),
                ]
            },
            hasRows: !seen.changes.isEmpty,
            empty: ""
        )
    }

    private func remains(_ title: String, note: String?) -> DetailPage.Table {
        DetailPage.Table(
            title: title,
            note: note,
            columns: [words("requests.table.thing")],
            rows: seen.obstacles.map { [$0.sentence(words)] },
            hasRows: !seen.obstacles.isEmpty,
            empty: words("requests.table.nothing_remains")
        )
    }

    private func letter(_ line: LetterLine) -> DetailPage.Letter {
        let by =
            line.recipientHint.map { words("requests.letter.by_email", ["to": .text($0)]) }
            ?? words("requests.letter.by_post")
        return DetailPage.Letter(
            text: words("requests.letter.\(line.kind.rawValue)"),
            href: "\(base)/letters/\(line.id)",
            detail: "\(words.recent(line.madeAt, today: request.today)), \(by)",
            print: line.isPrinted ? "\(base)/letters/\(line.id)/print" : nil
        )
    }

    private var evidence: [DetailPage.Evidence] {
        seen.scans.enumerated().map { index, scan in
            DetailPage.Evidence(
                label: words(
                    "requests.scan.file",
                    [
                        "n": .number(index + 1), "who": .text(scan.uploadedBy),
                        "when": .text(words.recent(scan.uploadedAt, today: request.today)),
                    ]
                ),
                pages: (1...max(1, scan.pageCount)).map { page in
                    .init(
                        label: words("requests.scan.page", ["n": .number(page)]),
                        href: "\(base)/scans/\(scan.id)/\(page)"
                    )
                }
            )
        }
    }

    private var plan: String? {
        guard request.kind == .erasure, let client = request.clientID else { return nil }
        guard may(.requestsErase) || may(.requestsApproveErasure) else { return nil }
        return "/requests/\(office.portal.key)/erasures/\(client)"
    }

    private var mayUpload: Bool { may(.requestsHandle) && request.takesEvidence }

    private var upload: FieldView {
        Fields(words, prefix: "scan").upload(
            "file",
            "requests.scan.add_label",
            accept: "application/pdf,image/jpeg,image/png,message/rfc822,.eml",
            hint: "requests.scan.hint"
        )
    }

    private var history: [TimelineEntry] {
        AuditWords(catalog: site.catalog).entries(seen.history, today: request.today, words)
    }
}

extension ChangeRow {
    /// The word for how far it is: asked for, in force over the book, confirmed by the main system.
    var standing: String {
        if isConfirmed { return "confirmed" }
        return isInForce ? "in_force" : "asked"
    }
}
