import Access
import DeskKit
import Portals
import Postgres

/// Asks the client for something: the letter goes out, and the clock stands still until the answer.
struct PauseRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID
    let reason: PauseReason
    /// What is asked for, in the client's language.
    let question: String
    /// When staff posted the letter, where it cannot go by e-mail.
    var postedOn: CivilDate?

    static func decide(
        _ request: ClientRequest,
        _ question: String,
        postedOn: CivilDate?
    ) throws(RequestRefusal) {
        guard [.received, .identity, .assessment].contains(request.state) else { throw .notThere(request.state) }
        guard !question.isEmpty else { throw .noteMissing }
        if let day = postedOn, day > request.today || day < request.receivedOn { throw .postedDay }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, question, postedOn: postedOn)
        let letter = try office.book.letters.send(
            LetterDraft(.question, text: question),
            about: found,
            office.portal,
            by: office.staff.id,
            in: session
        )
        // A clock stands still only for a letter that left.
        guard letter.isSent || postedOn != nil else { throw RequestRefusal.letterNotSent }
        let place = office.place(found)
        try session.run(
            RequestsQueries.addPause,
            place.merging([
                "reason": reason.rawValue, "letter": letter.id, "staff": office.staff.id, "posted_on": postedOn,
            ]) { $1 }
        )
        try session.run(RequestsQueries.pauseRequest, place)
        try office.record(
            "request.paused",
            on: found,
            facts: ["reason": reason.rawValue, "posted": postedOn?.iso ?? "–"],
            in: session
        )
    }
}

/// The client has answered: the clock goes on, later by the days it stood still.
struct ResumeRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID

    static func decide(_ request: ClientRequest) throws(RequestRefusal) {
        guard request.state == .waitingClient else { throw .notThere(request.state) }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found)
        let pause = try session.one(
            RequestsQueries.endPause,
            office.place(found).merging(["staff": office.staff.id]) { $1 }
        )
        try office.book.move(found, to: found.pausedFrom ?? .assessment, in: session)
        let days = found.clockUnit == .working ? pause.workingDays : pause.days
        if days > 0 {
            let due = try office.book.clocks.end(
                of: days,
                found.clockUnit == .working ? .working : .calendar,
                after: found.effectiveDue,
                portal: office.portal.id,
                in: session
            )
            try session.run(
                RequestsQueries.setDue,
                office.place(found).merging(
                    [
                        "effective_due": due,
                        "internal_due": RequestClock.internalDue(from: found.receivedOn, to: due),
                    ]
                ) { $1 }
            )
        }
        try office.record("request.resumed", on: found, facts: ["days": "\(days)"], in: session)
    }
}

/// Makes the term longer, once, with the reason told to the client before the legal date.
struct ExtendRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID
    let reason: ExtensionReason
    let text: String

    static func decide(_ request: ClientRequest) throws(RequestRefusal) {
        guard request.state.isBeforeDecision, request.state != .waitingClient else {
            throw .notThere(request.state)
        }
        guard request.extensionNumber != nil else { throw .noExtension }
        guard !request.isExtended else { throw .extendedBefore }
        guard request.today <= request.statutoryDue else { throw .tooLate }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found)
        guard let due = try office.book.extendedDue(of: found, in: session) else {
            throw RequestRefusal.noExtension
        }
        let draft = try office.book.draft(.extended, about: found, office.portal, text: text, in: session)
        try session.run(
            RequestsQueries.extendRequest,
            office.place(found).merging(
                [
                    "effective_due": due, "reason": reason.rawValue,
                    "internal_due": RequestClock.internalDue(from: found.receivedOn, to: due),
                ]
            ) { $1 }
        )
        try office.send(draft, about: found, in: session)
        try office.record(
            "request.extended",
            on: found,
            facts: ["reason": reason.rawValue, "due": due.iso],
            in: session
        )
    }
}

/// The client takes a request back.
struct WithdrawRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID

    static func decide(_ request: ClientRequest) throws(RequestRefusal) {
        guard request.state.isBeforeDecision || request.state == .coolingOff else { throw .notThere(request.state) }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found)
        try office.endPause(of: found, in: session)
        try office.book.move(found, to: .withdrawn, in: session)
        try office.send(LetterDraft(.withdrawn), about: found, in: session)
        try office.record("request.withdrawn", on: found, in: session)
    }
}

/// The same request came twice; the other one goes on.
struct MarkDuplicate: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID
    let original: ClientRequestID

    static func decide(_ request: ClientRequest, of original: ClientRequest?) throws(RequestRefusal) {
        guard request.state.isBeforeDecision, request.state != .decision else { throw .notThere(request.state) }
        guard let original, original.id != request.id, original.state != .duplicate,
            original.clientID == request.clientID
        else { throw .noSuchOriginal }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found, of: try office.find(original, in: session))
        try office.endPause(of: found, in: session)
        try session.run(
            RequestsQueries.markDuplicate,
            office.place(found).merging(["original": original]) { $1 }
        )
        try office.record("request.duplicate", on: found, facts: ["original": "\(original)"], in: session)
    }
}

extension Office {
    /// A request that ends while it waits leaves no open question behind.
    fileprivate func endPause(of request: ClientRequest, in session: Session) throws {
        guard request.state == .waitingClient else { return }
        _ = try session.one(RequestsQueries.endPause, place(request).merging(["staff": staff.id]) { $1 })
    }
}
