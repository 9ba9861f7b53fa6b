package import Access
import Audit
import DeskKit
package import Portals
package import Postgres

/// Three people without HTTP: one takes in and proposes, one decides, one carries out. For the demo; each act is the
/// command behind the page.
package struct RequestClerk: Sendable {
    /// What clients ask and staff answer, by the kind of request or of letter.
    package typealias Words = [String: String]

    /// One request for each state that staff meet.
    private enum Story: CaseIterable {
        case identity, waiting, assessment, overdue, erasure, decision, executing, verifying, answered, refused
        case withdrawn, duplicate, lapsed, laidAside, blocked, coolingOff

        var kind: RequestKind {
            switch self {
            case .identity, .executing, .verifying: .dataChange
            case .waiting, .lapsed: .contact
            case .assessment, .duplicate, .laidAside: .complaint
            case .overdue, .answered: .faultReport
            case .erasure: .erasure
            case .decision, .withdrawn: .instalmentChange
            case .refused: .accessCopy
            case .blocked, .coolingOff: .accountDeletion
            }
        }

        /// How many days ago it came.
        var age: Int {
            switch self {
            case .overdue: 45
            case .decision, .executing, .blocked: 27
            case .erasure, .verifying, .refused, .lapsed: 12
            case .answered, .withdrawn, .coolingOff: 5
            case .identity, .waiting, .assessment, .duplicate, .laidAside: 0
            }
        }
    }

    private let portal: PortalProfile
    private let helper: Office
    private let decider: Office
    private let executor: Office

    package init(
        _ feature: RequestsFeature,
        portal: PortalProfile,
        helper: StaffContext,
        decider: StaffContext,
        executor: StaffContext
    ) {
        func office(_ staff: StaffContext) -> Office {
            Office(
                portal: portal,
                staff: staff,
                book: feature.book,
                documents: feature.documents,
                reference: nil
            )
        }
        self.portal = portal
        self.helper = office(helper)
        self.decider = office(decider)
        self.executor = office(executor)
    }

    package func hasRequests(in session: Session) throws -> Bool {
        let asked: Parameters = ["portals": [portal.id], "staff": helper.staff.id]
        return try session.one(QueueQueries.countViews, asked).everything > 0
    }

    /// Answers how many requests there are then. `words` by language. Throws what the commands throw.
    package func file(_ words: [String: Words], in session: Session) throws -> Int {
        var clients = try session.all(QueueQueries.clientsWithEmail, ["portal": portal.id])
        var count = 0
        for story in Story.allCases {
            guard let index = try clients.firstIndex(where: { try suits(story, $0, in: session) }) else { continue }
            let client = clients.remove(at: index)
            let spoken = words[language(of: client)] ?? [:]
            try tell(story, of: client, spoken, in: session)
            count += story == .duplicate ? 2 : 1
        }
        return count
    }

    private func language(of client: ClientCard) -> String {
        portal.languages.contains(client.language) ? client.language : portal.defaultLanguage
    }

    /// Closing an account takes a client to whom nothing is owed, or one to whom something is.
    private func suits(_ story: Story, _ client: ClientCard, in session: Session) throws -> Bool {
        guard story.kind == .accountDeletion else { return true }
        let place: Parameters = ["portal": portal.id, "client": client.id]
        let open =
            try session.all(RequestsQueries.unfinished, place.merging(["request": 0]) { $1 }).count
            + session.all(RequestsQueries.openItems, place.merging(["only_due": false]) { $1 }).count
        return (open == 0) == (story == .coolingOff)
    }

    private func takeIn(
        _ story: Story,
        _ client: ClientCard,
        _ words: Words,
        in session: Session
    ) throws
        -> ClientRequestID
    {
        let today = try session.one(RequestsQueries.today, ["portal": portal.id])
        let draft = RequestDraft(
            kind: story.kind,
            lane: story.kind == .dataChange ? .record : nil,
            client: client.id,
            channel: story.age == 0 ? .phone : .email,
            requesterName: client.name,
            language: language(of: client),
            statement: words[story.kind.rawValue] ?? "",
            receivedOn: today.adding(days: -story.age) ?? today,
            changes: story.kind == .dataChange
                ? [ChangeDraft(field: .address, newValue: words["address"] ?? client.name)] : []
        )
        return try TakeIn(draft: draft).run(helper, in: session)
    }

    private func tell(_ story: Story, of client: ClientCard, _ words: Words, in session: Session) throws {
        let id = try takeIn(story, client, words, in: session)
        switch story {
        case .identity, .assessment, .overdue: try release(id, in: session)
        case .waiting: try ask(id, words, in: session)
        case .erasure: try prove(id, in: session)
        case .decision: try propose(id, .granted, .goodwill, in: session)
        case .executing: try grant(id, .proven, in: session)
        case .verifying:
            try grant(id, .proven, in: session)
            try ExecuteRequest(request: id).run(executor, in: session)
        case .answered: try AnswerRequest(request: id, answer: words["answer"] ?? "–").run(helper, in: session)
        case .refused:
            try ProposeRequest(request: id, outcome: .refused, reason: .identityUnproven, note: "")
                .run(helper, in: session)
            try decide(id, .refused, .identityUnproven, in: session)
        case .withdrawn: try WithdrawRequest(request: id).run(helper, in: session)
        case .duplicate:
            let again = try takeIn(story, client, words, in: session)
            try MarkDuplicate(request: again, original: id).run(helper, in: session)
        case .lapsed:
            try ask(id, words, in: session)
            let waiting = try helper.lock(id, in: session)
            try session.run(RequestsQueries.lapsePause, helper.place(waiting))
            let act = RequestAct(
                portal: portal,
                actor: .job(name: NightlyRequests.kind),
                book: helper.book,
                reference: nil
            )
            try helper.book.lapse(waiting, act, in: session)
        case .laidAside:
            let found = try helper.lock(id, in: session)
            let tomorrow = found.today.adding(days: 1) ?? found.today
            guard tomorrow <= found.effectiveDue else { return }
            try SnoozeRequest(request: id, until: tomorrow, reason: words["reason"] ?? "–").run(helper, in: session)
        case .blocked:
            try prove(id, in: session)
            try BlockRequest(request: id).run(helper, in: session)
        case .coolingOff: try grant(id, .requirementsMet, in: session)
        }
    }

    private func release(_ id: ClientRequestID, in session: Session) throws {
        try ReleaseRequest(request: id).run(helper, in: session)
    }

    private func ask(_ id: ClientRequestID, _ words: Words, in session: Session) throws {
        let question = words["question"] ?? "–"
        try PauseRequest(request: id, reason: .clarification, question: question).run(helper, in: session)
    }

    private func prove(_ id: ClientRequestID, in session: Session) throws {
        try ConfirmIdentity(request: id, method: .callBack).run(helper, in: session)
    }

    private func propose(
        _ id: ClientRequestID,
        _ outcome: RequestOutcome,
        _ reason: DecisionReason,
        in session: Session
    ) throws {
        try prove(id, in: session)
        try ProposeRequest(request: id, outcome: outcome, reason: reason, note: "").run(helper, in: session)
    }

    private func decide(
        _ id: ClientRequestID,
        _ outcome: RequestOutcome,
        _ reason: DecisionReason,
        in session: Session
    ) throws {
        _ = try DecideRequest(request: id, outcome: outcome, reason: reason, text: "").run(decider, in: session)
    }

    private func grant(_ id: ClientRequestID, _ reason: DecisionReason, in session: Session) throws {
        try propose(id, .granted, reason, in: session)
        try decide(id, .granted, reason, in: session)
    }
}
