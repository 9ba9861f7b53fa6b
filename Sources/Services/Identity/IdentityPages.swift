import DeskKit
import DeskWeb
import Identifiers
import Portals

/// Where a case begins: who is meant, by which way, and what was tried lately, by whomever.
struct BeginVerificationPage: Page {
    static let template = "identity/begin"

    let heading: String
    let back: String
    let action: String
    let problems: ProblemsView?
    let warning: String?
    let person: FieldView
    let channel: FieldView
    let hasEntries: Bool
    let entries: [TimelineEntry]

    struct Content: Sendable {
        let client: ClientID
        let account: AccountID?
        let portal: PortalProfile
        let subject: SubjectRow
        let people: [PersonRow]
        let cases: [CaseRow]
        let failures: Int
    }

    init(_ content: Content, _ fields: Fields, _ words: Words) {
        let portal = content.portal
        let rules = portal.rules.callerRules
        heading = words("identity.begin.title", ["name": .text(content.subject.clientName)])
        back = "/clients/\(portal.key)/\(content.client)"
        action = "/identity/\(portal.key)/clients/\(content.client)"
        problems = fields.problems
        warning = content.failures > 0 ? words("identity.begin.failures", ["n": .number(content.failures)]) : nil
        let itself = (value: "", text: words("identity.begin.client_itself"))
        let people = content.people.map {
            (value: $0.id.description, text: "\($0.personName) (\(portal.rules.loginKind.masked($0.login)))")
        }
        person = fields.options(
            "account",
            "identity.begin.person",
            [itself] + people,
            chosen: [content.account?.description ?? ""],
            isRequired: false
        )
        let channels = VerificationMethod.Channel.allCases.compactMap { rules.method($0) }.map { method in
            (
                value: method.channel.rawValue,
                text: words(
                    "identity.begin.method",
                    [
                        "channel": .text(words("identity.channel.\(method.channel.rawValue)")),
                        "strength": .text(words("identity.strength.\(method.strength.rawValue)")),
                        "minutes": .number(method.validMinutes),
                    ]
                )
            )
        }
        channel = fields.options("channel", "identity.begin.channel", channels)
        entries = content.cases.map { row in
            TimelineEntry(
                row.opened,
                today: row.today,
                text: words("identity.channel.\(row.channel)") + ": " + words("identity.state.\(row.state.rawValue)"),
                detail: row.openedBy,
                href: "/identity/\(portal.key)/\(row.id)",
                words: words
            )
        }
        hasEntries = !entries.isEmpty
    }
}

/// One case: its questions to be typed, what staff tick, and what came of it.
struct CasePage: Page {
    static let template = "identity/case"

    struct Tick: Sendable {
        let action: String
        let text: String
        let position: Int
        /// The number to call, for this answer alone.
        let number: String?
        let showAction: String?
        let masked: String?
    }

    let heading: String
    let state: TagView
    let facts: String
    let back: String
    let backText: String
    let base: String
    let problems: ProblemsView?
    let outcome: String?
    let isGood: Bool
    let questions: [FieldView]
    let hasQuestions: Bool
    let ticks: [Tick]
    let isOpen: Bool

    struct Content: Sendable {
        let row: CaseRow
        let steps: [StepRow]
        let subject: SubjectRow
        let portal: PortalProfile
        /// The number on file in clear, after the look was recorded.
        let number: String?
    }

    init(_ content: Content, _ fields: Fields, _ words: Words) {
        let row = content.row
        let key = content.portal.key
        let base = "/identity/\(key)/\(row.id)"
        self.base = base
        heading = words(
            "identity.case.title",
            ["name": .text(content.subject.personName ?? content.subject.clientName)]
        )
        isOpen = row.state == .open && !row.isLate
        let shown = row.state == .open && row.isLate ? CaseState.lapsed : row.state
        state = TagView(shown.tone, words("identity.state.\(shown.rawValue)"))
        facts = words(
            "identity.case.facts",
            [
                "channel": .text(words("identity.channel.\(row.channel)")),
                "strength": .text(words("identity.strength.\(row.strength)")), "who": .text(row.openedBy),
                "when": .text(words.recent(row.opened, today: row.today)),
            ]
        )
        if let account = row.accountID {
            back = "/accounts/\(key)/\(account)"
            backText = words("identity.case.to_account")
        } else {
            back = "/clients/\(key)/\(row.clientID)"
            backText = words("identity.case.to_client")
        }
        problems = fields.problems
        isGood = row.state == .passed
        outcome = isOpen ? nil : Self.outcome(row, shown, words)
        let open = isOpen ? content.steps.filter { $0.result == nil } : []
        questions = open.filter { $0.kind == "question" }.map { step in
            fields.text("answer-\(step.position)", "identity.question.\(step.question ?? "")", max: 100)
        }
        hasQuestions = !questions.isEmpty
        ticks = open.filter { $0.kind != "question" }.map { step in
            let isCall = step.kind == "call_back"
            return Tick(
                action: "\(base)/steps",
                text: words("identity.tick.\(step.kind)"),
                position: step.position,
                number: isCall ? content.number.map { IdentifierKind.e164.display($0) } : nil,
                showAction: isCall && content.number == nil ? "\(base)/number" : nil,
                masked: isCall ? content.subject.phone.map { IdentifierKind.e164.masked($0) } : nil
            )
        }
    }

    private static func outcome(_ row: CaseRow, _ state: CaseState, _ words: Words) -> String {
        guard state == .passed, let until = row.validUntil else {
            return words("identity.outcome.\(state.rawValue)")
        }
        return words("identity.outcome.passed", ["until": .text(words.recent(until, today: row.today))])
    }
}

extension CaseState {
    var tone: TagView.Tone {
        switch self {
        case .open: .warn
        case .passed: .good
        case .failed: .bad
        case .lapsed, .withdrawn, .voided: .plain
        }
    }
}
