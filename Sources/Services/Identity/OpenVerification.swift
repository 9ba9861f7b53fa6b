import Audit
import DeskKit
import Portals
import Postgres

/// Opens a case: draws its questions, or refuses in a way that teaches the caller nothing.
struct OpenVerification: Sendable {
    /// How long a case stays open, in minutes.
    static let minutes = 30
    static let minutesAtCounter = 240

    let audit: AuditTrail

    /// Everything that the decision rests on.
    struct Facts {
        var failures: Int
        var questions: Int
        var hasNumber: Bool
        var numberIsNew: Bool
    }

    /// The method to go by. Failures of others count: whoever called three times talks to a fourth colleague now.
    static func decide(
        _ method: VerificationMethod?,
        _ facts: Facts,
        _ rules: CallerRules
    ) throws(OpenRefusal) -> VerificationMethod {
        guard let method else { throw .methodNotOffered }
        if method.channel != .counter, facts.failures >= rules.attemptsADay {
            throw .tooManyFailures(facts.failures)
        }
        if method.steps.contains(.question), facts.questions < method.questions { throw .tooFewFacts }
        if method.steps.contains(.callBack) {
            guard facts.hasNumber else { throw .noNumber }
            if facts.numberIsNew { throw .numberTooNew }
        }
        return method
    }

    /// Throws `OpenRefusal`, `PostgresError`.
    func callAsFunction(
        _ channel: VerificationMethod.Channel,
        client: ClientID,
        account: AccountID?,
        portal: PortalProfile,
        by staff: StaffID,
        named actor: Actor,
        in session: Session
    ) throws -> VerificationID {
        let rules = portal.rules.callerRules
        let place: Parameters = ["portal": portal.id, "client": client, "account": account?.rawValue]
        guard let subject = try session.first(IdentityQueries.subject, place),
            !subject.isRestricted, account == nil || subject.personName != nil
        else { throw OpenRefusal.nobody }
        try session.run(IdentityQueries.lapse, place)
        let known = try session.all(IdentityQueries.questions, ["portal": portal.id, "client": client])
            .compactMap(Question.init)
        let isNew = try session.one(
            IdentityQueries.changedLately,
            place.merging(["hours": rules.contactChangeHours]) { $1 }
        )
        let method = try Self.decide(
            rules.method(channel),
            Facts(
                failures: try session.one(IdentityQueries.failuresLately, place),
                questions: known.count,
                hasNumber: subject.phone != nil,
                numberIsNew: isNew
            ),
            rules
        )
        let id = try session.first(
            IdentityQueries.open,
            place.merging([
                "channel": channel.rawValue, "strength": method.strength.rawValue,
                "valid_minutes": method.validMinutes, "staff": staff,
                "minutes": channel == .counter ? Self.minutesAtCounter : Self.minutes,
            ]) { $1 }
        )
        guard let id else {
            guard let other = try session.first(IdentityQueries.openOf, place) else { throw OpenRefusal.nobody }
            throw OpenRefusal.alreadyOpen(other.id, by: other.openedBy)
        }
        try addSteps(method, known, to: id, portal: portal.id, in: session)
        try audit.record(
            AuditEvent(
                "verification.opened",
                portal: portal.id,
                by: actor,
                on: account.map(Subject.account) ?? .client(client),
                client: client,
                facts: ["channel": channel.rawValue, "strength": method.strength.rawValue]
            ),
            in: session
        )
        return id
    }

    private func addSteps(
        _ method: VerificationMethod,
        _ known: [Question],
        to id: VerificationID,
        portal: PortalID,
        in session: Session
    ) throws {
        var steps: [(VerificationMethod.Step, Question?)] = []
        for step in method.steps {
            if step == .question {
                steps += known.shuffled().prefix(method.questions).map { (step, $0) }
            } else {
                steps.append((step, nil))
            }
        }
        for (position, step) in steps.enumerated() {
            try session.run(
                IdentityQueries.addStep,
                [
                    "portal": portal, "verification": id, "position": position + 1, "kind": step.0.rawValue,
                    "question": step.1?.rawValue,
                ]
            )
        }
    }
}
