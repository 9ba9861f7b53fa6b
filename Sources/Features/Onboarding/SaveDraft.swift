import Access
import DeskKit
import Postgres

/// Keeps what was typed into an open form, right or wrong. Only changed fields travel, each with the value that the
/// typist saw before: edits of different fields merge, edits of the same field meet.
struct SaveDraft: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case notOpen(ApplicationState)
        case tooLong(field: String)
    }

    struct Change: Equatable, Sendable {
        let field: String
        /// What stood in the field when the page was made.
        let was: String
        let now: String
    }

    /// Somebody else changed the field meanwhile; their value stands, the typist decides.
    struct Conflict: Equatable, Sendable {
        let field: String
        let theirs: String
        let yours: String
    }

    struct Outcome: Sendable {
        let application: PaperApplication
        let version: Int
        let saved: [String]
        let conflicts: [Conflict]
    }

    static let longest = 4000

    let application: ApplicationID
    let changes: [Change]
    /// Saved by the page while somebody types: the trail then says that they began, and which fields they changed when
    /// they are done, or after some minutes.
    var isByItself = false

    /// What the form becomes, which fields changed and which conflict. Names that the form does not have are no fields.
    static func decide(
        _ application: PaperApplication,
        _ changes: [Change]
    ) throws(Refusal) -> (answers: Answers, saved: [String], conflicts: [Conflict]) {
        guard application.state.isOpen else { throw .notOpen(application.state) }
        var answers = application.answers
        var saved: [String] = []
        var conflicts: [Conflict] = []
        for change in changes where change.now != change.was {
            guard change.now.utf8.count <= longest else { throw .tooLong(field: change.field) }
            let isKnown =
                application.plan.field(change.field) != nil
                || application.with(answers).plan.field(change.field) != nil
            guard isKnown else { continue }
            let theirs = answers[change.field]
            if theirs == change.now { continue }
            if theirs == change.was {
                answers[change.field] = change.now
                saved.append(change.field)
            } else {
                conflicts.append(Conflict(field: change.field, theirs: theirs, yours: change.now))
            }
        }
        return (answers, saved, conflicts)
    }

    func run(_ office: Office, in session: Session) throws -> Outcome {
        let found = try office.lock(application, keepsTyping: isByItself, in: session)
        let (answers, saved, conflicts) = try Self.decide(found, changes)
        guard !saved.isEmpty else {
            return Outcome(application: found, version: found.row.version, saved: [], conflicts: conflicts)
        }
        let version = try office.save(answers, of: found, in: session)
        if isByItself {
            try office.noteTyping(saved, into: found, in: session)
        } else {
            try office.recordChange(saved, of: application, by: office.actor, in: session)
        }
        return Outcome(application: found.with(answers), version: version, saved: saved, conflicts: conflicts)
    }
}

/// Adds or takes away a signatory or a portal user.
struct ChangeParts: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case notOpen(ApplicationState)
        /// As many as a form may have, or the last one that it needs.
        case notPossible
    }

    enum Change: Equatable, Sendable {
        case add(RepeatedPart)
        case remove(RepeatedPart, Int)
    }

    let application: ApplicationID
    let change: Change

    static func decide(_ application: PaperApplication, _ change: Change) throws(Refusal) -> Answers {
        guard application.state.isOpen else { throw .notOpen(application.state) }
        var answers = application.answers
        switch change {
        case .add(let part):
            guard answers.add(part), let item = answers.items(part).last else { throw .notPossible }
            switch part {
            case .signatory: answers.presetSignatory(item)
            case .user: answers.presetUser(item, application.plan.portal)
            }
        case .remove(let part, let item):
            guard answers.remove(part, item) else { throw .notPossible }
        }
        return answers
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(application, in: session)
        let answers = try Self.decide(found, change)
        _ = try office.save(answers, of: found, in: session)
        switch change {
        case .add(let part):
            try office.record("application.part_added", on: application, facts: ["part": part.rawValue], in: session)
        case .remove(let part, _):
            try office.record("application.part_removed", on: application, facts: ["part": part.rawValue], in: session)
        }
    }
}
