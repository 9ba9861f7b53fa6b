import Audit
import DeskKit
import Portals
import Postgres

/// The steps of an open case. One wrong answer closes it: nobody is partly who they say, and which answer was wrong is
/// not told.
struct TakeStep: Sendable {
    let audit: AuditTrail
    let portal: PortalProfile
    let staff: StaffID
    let actor: Actor

    /// Compares the typed answers with the record, all at once. Throws `StepRefusal`, `PostgresError`.
    func answer(_ id: VerificationID, _ answers: [Int: String], in session: Session) throws -> CaseState {
        let (row, steps) = try hold(id, in: session)
        let open = steps.filter { $0.kind == "question" && $0.result == nil }
        let missing = open.map(\.position).filter { answers[$0]?.isEmpty ?? true }
        guard missing.isEmpty else { throw StepRefusal.answersMissing(missing) }
        var allRight = true
        for step in open {
            let question = step.question.flatMap(Question.init)
            let isRight = try session.one(
                IdentityQueries.isRight,
                [
                    "portal": portal.id, "client": row.clientID, "question": step.question ?? "",
                    "answer": question?.answer(answers[step.position] ?? "") ?? "",
                ]
            )
            try decide(row, step.position, isRight ? .right : .wrong, in: session)
            allRight = allRight && isRight
        }
        return try settle(row, isRight: allRight, in: session)
    }

    /// A step that staff see or hear for themselves: the call to the number on file, the document. Throws
    /// `StepRefusal`, `PostgresError`.
    func tick(_ id: VerificationID, _ position: Int, _ result: StepResult, in session: Session) throws -> CaseState {
        let (row, steps) = try hold(id, in: session)
        guard let step = steps.first(where: { $0.position == position }), step.kind != "question" else {
            throw StepRefusal.notThere
        }
        guard step.result == nil else { throw StepRefusal.closed }
        try decide(row, position, result, in: session)
        return try settle(row, isRight: result == .right, in: session)
    }

    /// The number to call back, in clear, once the look is in the trail. Throws `StepRefusal`, `PostgresError`.
    func showNumber(_ id: VerificationID, in session: Session) throws -> String {
        let (row, steps) = try hold(id, in: session)
        let subject = try session.first(
            IdentityQueries.subject,
            ["portal": portal.id, "client": row.clientID, "account": row.accountID?.rawValue]
        )
        guard steps.contains(where: { $0.kind == "call_back" && $0.result == nil }), let phone = subject?.phone else {
            throw StepRefusal.notThere
        }
        try record("verification.number_shown", row, in: session)
        return phone
    }

    /// The caller hung up, or wants nothing any more. It counts as no failure. Throws `StepRefusal`, `PostgresError`.
    func withdraw(_ id: VerificationID, in session: Session) throws {
        let (row, _) = try hold(id, in: session)
        try close(row, .withdrawn, in: session)
        try record("verification.withdrawn", row, in: session)
    }

    private func hold(_ id: VerificationID, in session: Session) throws -> (CaseRow, [StepRow]) {
        let place: Parameters = ["portal": portal.id, "verification": id]
        guard try session.first(IdentityQueries.hold, place) != nil,
            let row = try CaseRow.find(id, portal: portal.id, in: session)
        else { throw StepRefusal.notThere }
        guard row.state == .open, !row.isLate else { throw StepRefusal.closed }
        return (row, try session.all(IdentityQueries.steps, place))
    }

    private func decide(_ row: CaseRow, _ position: Int, _ result: StepResult, in session: Session) throws {
        let changed = try session.run(
            IdentityQueries.decideStep,
            ["portal": portal.id, "verification": row.id, "position": position, "result": result, "staff": staff]
        )
        guard changed == 1 else { throw StepRefusal.closed }
    }

    private func settle(_ row: CaseRow, isRight: Bool, in session: Session) throws -> CaseState {
        guard isRight else {
            try close(row, .failed, in: session)
            try record("verification.failed", row, in: session)
            return .failed
        }
        let steps = try session.all(IdentityQueries.steps, ["portal": portal.id, "verification": row.id])
        guard steps.allSatisfy({ $0.result == .right }) else { return .open }
        try close(row, .passed, in: session)
        try record("verification.passed", row, in: session)
        return .passed
    }

    private func close(_ row: CaseRow, _ state: CaseState, in session: Session) throws {
        let closed = try session.run(
            IdentityQueries.close,
            ["portal": portal.id, "verification": row.id, "state": state, "staff": staff]
        )
        guard closed == 1 else { throw StepRefusal.closed }
    }

    private func record(_ action: String, _ row: CaseRow, in session: Session) throws {
        try audit.record(
            AuditEvent(
                action,
                portal: portal.id,
                by: actor,
                on: row.accountID.map(Subject.account) ?? .client(row.clientID),
                client: row.clientID,
                facts: ["channel": row.channel, "strength": row.strength]
            ),
            in: session
        )
    }
}
