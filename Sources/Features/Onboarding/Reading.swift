import Access
import Audit
import DeskKit
import DeskWeb
import Documents
import Portals
import Postgres

/// Everything that the pages of one application show. Opening it is a look at personal data, recorded before it is
/// shown: once in ten minutes per person, so that turning the steps of a form is one visit.
struct ViewApplication: OnboardingCommand {
    static let right = Right.onboardingView

    struct Outcome: Sendable {
        let application: PaperApplication
        let scans: [ScanSummary]
        let remarks: [Remark]
        let call: CallRow?
        let attempts: [CallAttempt]
        let history: [AuditLine]
    }

    let application: ApplicationID
    /// The history costs a statement and stands on the overview alone.
    let withHistory: Bool

    func run(_ office: Office, in session: Session) throws -> Outcome {
        guard let found = try office.find(application, in: session) else { throw NoSuchApplication() }
        let place: Parameters = ["portal": office.portal.id, "id": application]
        try office.recordLook("application.viewed", at: application, in: session)
        let call = found.state == .approved ? try office.findCall(application, in: session) : nil
        let attempts = try call.map { call in
            try session.all(OnboardingQueries.callAttempts, ["portal": office.portal.id, "call": call.id])
        }
        let history =
            withHistory
            ? try office.neighbours.audit.history(
                of: .application(application),
                portal: office.portal.id,
                limit: 40,
                opening: false,
                in: session
            ) : []
        return Outcome(
            application: found,
            scans: try office.neighbours.documents.scans(of: office.owner(application), in: session),
            remarks: try session.all(OnboardingQueries.remarksOfApplication, place),
            call: call,
            attempts: attempts ?? [],
            history: history
        )
    }
}

/// What a number or a phone that was just typed means: wrong, or known already.
struct CheckValue: OnboardingCommand {
    static let right = Right.onboardingPrepare

    struct Outcome: Sendable {
        let problem: FieldProblem?
        let duplicates: [Duplicate]
    }

    let application: ApplicationID
    let field: String
    let value: String

    func run(_ office: Office, in session: Session) throws -> Outcome {
        guard let found = try office.find(application, in: session) else { throw NoSuchApplication() }
        var answers = found.answers
        answers[field] = value
        let typed = found.with(answers)
        guard let spec = typed.plan.field(field) else { return Outcome(problem: nil, duplicates: []) }
        let problem = typed.check.problem(spec)
        guard problem == nil, let read = typed.check.read(field) else {
            return Outcome(problem: problem, duplicates: [])
        }
        return Outcome(problem: nil, duplicates: try office.duplicates(of: spec, read, in: session))
    }
}

extension Office {
    /// Records a look unless the same person had the same one in the last ten minutes.
    func recordLook(
        _ action: String,
        at application: ApplicationID,
        facts: [String: String] = [:],
        in session: Session
    ) throws {
        let looked = try neighbours.audit.hasLook(
            action,
            on: .application(application),
            portal: portal.id,
            by: staff.id,
            facts: facts,
            in: session
        )
        if !looked { try record(action, on: application, facts: facts, in: session) }
    }

    /// Clients with the same tax number, accounts with the same phone.
    func duplicates(of field: FieldSpec, _ value: String, in session: Session) throws -> [Duplicate] {
        guard case .identifier(let kind, _) = field.check else { return [] }
        let isPhone = kind == "phone" || kind == "phone_sms"
        let isTax = NumberColumn.of(kind) == .tax
        guard isPhone || isTax else { return [] }
        return try session.all(
            OnboardingQueries.findDuplicates,
            ["portal": portal.id, "number": isTax ? value : nil, "phone": isPhone ? value : nil]
        )
    }
}
