import Access
import DeskKit
import DeskWeb
import Portals
import Postgres

/// What the erasure's page and its certificate are made of, read at one moment.
struct ErasureContent: Sendable {
    let subject: ErasureSubject
    let erasure: Erasure?
    let lines: [ErasureLine]
    let holds: [ErasureHold]
    let restriction: ClientRestriction?
    /// The stored plan is no longer what would be done now.
    let isStale: Bool

    /// Nil when the portal has no such client.
    init?(_ desk: ErasureDesk, in session: Session) throws {
        guard let subject = try session.first(ErasureQueries.subjectOfErasure, desk.place) else { return nil }
        self.subject = subject
        erasure = try desk.find(in: session)
        lines = try erasure.map { try session.all(ErasureQueries.linesOfErasure, desk.place($0.id)) } ?? []
        holds = try session.all(ErasureQueries.holdsOfClient, desk.place)
        restriction = try session.first(ErasureQueries.restrictionOfClient, desk.place)
        if let erasure, erasure.state == .planned || erasure.state == .approved {
            isStale = try session.one(ErasureQueries.liveHash, desk.place) != erasure.planHash
        } else {
            isStale = false
        }
    }
}

/// One client's erasure: the plan in words, who may do what next, holds, and the proof.
struct ErasurePage: Page {
    static let template = "requests/erasure"

    struct Hold: Sendable {
        let id: String
        let reason: String
        let detail: String
    }

    let name: String
    let client: String
    let action: String
    let state: TagView?
    let restriction: String?
    let facts: [ErasureFact]
    let problems: ProblemsView?
    let isStale: Bool
    let erased: [ErasurePlanRow]
    let hasErased: Bool
    let kept: [ErasurePlanRow]
    let hasKept: Bool
    let hasPlan: Bool
    let holds: [Hold]
    let hasHolds: Bool
    let mayPlan: Bool
    let mayDrop: Bool
    let mayHold: Bool
    let planButton: String
    let mayApprove: Bool
    let hash: String
    let number: FieldView
    let mayExecute: Bool
    let waitsFor: String?
    let holdReason: FieldView
    let holdReview: FieldView
    let certificate: String?

    init(
        _ content: ErasureContent,
        _ desk: ErasureDesk,
        _ portal: PortalProfile,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        _ words: Words
    ) {
        let said = ErasureWords(words)
        let fields = Fields(words, form: form, errors: errors)
        let erasure = content.erasure
        let state = erasure?.state
        func may(_ right: Right) -> Bool { desk.staff.may(right, desk.portal) }
        name = content.subject.name
        client = "/clients/\(portal.key)/\(desk.client)"
        action = "/requests/\(portal.key)/erasures/\(desk.client)"
        self.state = state.map(said.tag)
        restriction = content.restriction.map(said.restriction)
        facts = ErasureFact.list(content, words)
        problems = fields.problems
        isStale = content.isStale
        erased = said.rows(content.lines.filter { $0.action != .keep })
        hasErased = !erased.isEmpty
        kept = said.rows(content.lines.filter { $0.action == .keep })
        hasKept = !kept.isEmpty
        hasPlan = erasure != nil
        holds = content.holds.map { hold in
            Hold(
                id: "\(hold.id)",
                reason: words("erasure.hold_reason.\(hold.reason.rawValue)"),
                detail: words(
                    "erasure.hold_detail",
                    ["person": .text(hold.placedByName), "date": .text(words.date(hold.reviewOn))]
                )
            )
        }
        hasHolds = !holds.isEmpty
        let isOpen = state == nil || state == .planned
        mayPlan = isOpen && may(.requestsErase)
        mayDrop = (state == .planned || state == .approved) && may(.requestsErase)
        mayHold = state != .done && may(.requestsErase)
        planButton = words(state == nil ? "erasure.make_plan" : "erasure.renew_plan")
        let isOwn = erasure?.madeBy == desk.staff.id
        mayApprove = state == .planned && !content.isStale && may(.requestsApproveErasure) && !isOwn
        hash = erasure?.planHash ?? ""
        number = fields.text("number", "erasure.field.number", hint: "erasure.hint.number", max: 60)
        mayExecute = state == .approved && may(.requestsErase) && erasure?.approvedBy != desk.staff.id
        waitsFor =
            switch state {
            case .planned where isOwn: words("erasure.waits.approval")
            case .approved where erasure?.approvedBy == desk.staff.id: words("erasure.waits.execution")
            default: nil
            }
        holdReason = fields.options(
            "reason",
            "erasure.field.hold",
            ErasureHold.Reason.allCases.map { ($0.rawValue, words("erasure.hold_reason.\($0.rawValue)")) }
        )
        holdReview = fields.date("review", "erasure.field.review", hint: "erasure.hint.review")
        certificate = state == .partial || state == .done ? action + "/certificate" : nil
    }
}

/// A label and its value at the head of the page.
struct ErasureFact: Sendable {
    let label: String
    let value: String

    static func list(_ content: ErasureContent, _ words: Words) -> [ErasureFact] {
        var facts: [ErasureFact] = []
        func add(_ key: String, _ name: String?, _ at: CivilDateTime?) {
            guard let name, let at else { return }
            facts.append(ErasureFact(label: words(key), value: "\(name), \(words.shortDateTime(at))"))
        }
        if let number = content.subject.customerNumber {
            facts.append(ErasureFact(label: words("erasure.fact.number"), value: number))
        }
        guard let erasure = content.erasure else { return facts }
        add("erasure.fact.made", erasure.madeByName, erasure.madeAt)
        add("erasure.fact.approved", erasure.approvedByName, erasure.approvedAt)
        add("erasure.fact.executed", erasure.executedByName, erasure.executedAt)
        if let day = erasure.finishedOn {
            facts.append(ErasureFact(label: words("erasure.fact.finished"), value: words.date(day)))
        }
        facts.append(ErasureFact(label: words("erasure.fact.hash"), value: String(erasure.planHash.prefix(12))))
        return facts
    }
}

/// What the client is told and what stays as proof: what was erased, what is kept, by which rule and until when.
struct ErasureCertificatePage: Page {
    static let template = "requests/erasure-certificate"

    let back: String
    let portal: String
    let name: String
    let facts: [ErasureFact]
    let erased: [ErasurePlanRow]
    let kept: [ErasurePlanRow]
    let hasKept: Bool
    let pseudonym: String
    let hash: String

    /// Nil while nothing was carried out.
    init?(_ content: ErasureContent, _ desk: ErasureDesk, _ portal: PortalProfile, _ words: Words) {
        guard let erasure = content.erasure, erasure.executedAt != nil else { return nil }
        let said = ErasureWords(words)
        back = "/requests/\(portal.key)/erasures/\(desk.client)"
        self.portal = portal.name
        name = content.subject.name
        facts = ErasureFact.list(content, words)
        erased = said.rows(content.lines.filter { $0.remaining == 0 })
        kept = said.rows(content.lines.filter { $0.action == .keep })
        hasKept = !kept.isEmpty
        pseudonym = erasure.pseudonym
        hash = erasure.planHash
    }
}
