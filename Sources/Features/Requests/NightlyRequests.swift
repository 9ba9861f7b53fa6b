import Access
import Audit
import DeskKit
import JobRunner
import Portals
import Postgres

/// Lays a deletion aside, and tells the client what remains.
struct BlockRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID

    static func decide(_ request: ClientRequest, _ obstacles: [Obstacle]) throws(RequestRefusal) {
        guard request.state == .assessment, request.kind == .accountDeletion, !obstacles.isEmpty else {
            throw .notThere(request.state)
        }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        let obstacles = try office.book.rules(of: found).obstacles(to: found, in: session)
        try Self.decide(found, obstacles)
        try office.book.block(found, obstacles, office.portal, by: office.actor, in: session)
    }
}

/// Looks again at what stands against a blocked request; answers how much is left, and lets it go on when nothing is.
struct LookAgain: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID

    func run(_ office: Office, in session: Session) throws -> Int {
        let found = try office.lock(request, in: session)
        guard found.state == .blocked else { throw RequestRefusal.notThere(found.state) }
        let remain = try office.book.lookAgain(found, office.act, in: session)
        if remain > 0 { try office.record("request.looked", on: found, facts: ["n": "\(remain)"], in: session) }
        return remain
    }
}

extension RequestBook {
    /// For so many days a blocked request is looked at before it lapses.
    static let blockedDays = 90

    /// Answers how much is left.
    func lookAgain(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws -> Int {
        let obstacles = try rules(of: request).obstacles(to: request, in: session)
        if obstacles.isEmpty {
            try move(request, to: .assessment, in: session)
            try record("request.unblocked", on: request, by: act.actor, reference: act.reference, in: session)
        } else if let since = request.blockedSince, since.days(to: request.today) >= Self.blockedDays {
            try lapse(request, act, in: session)
        } else {
            try move(request, to: .blocked, in: session)
        }
        return obstacles.count
    }

    func lapse(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws {
        try move(request, to: .lapsed, in: session)
        try letters.send(LetterDraft(.lapsed), about: request, act.portal, by: nil, in: session)
        try record("request.lapsed", on: request, by: act.actor, reference: act.reference, in: session)
    }
}

/// What the night does with requests: looks again at what is blocked, closes what has cooled off, confirms what an
/// import brought, and lets lapse what nobody answered. One transaction each, so that one failure holds up no other.
/// By `jobs/requests.nightly.yml`.
struct NightlyRequests: JobHandler {
    static let kind = "requests.nightly"
    static let queue = "requests"
    static let timeout = Duration.seconds(900)

    let queue: JobQueue

    func run(_ job: JobContext) async throws -> JobOutcome {
        let portal = job.portal
        let ids = try await job.transaction { session in
            try session.all(RequestsQueries.dueTonight, ["portal": portal])
        }
        try await job.transaction { session in
            try queue.enqueue(
                LookAtRequest.self,
                portal: portal,
                payloads: ids.map(LookAtRequest.Order.init),
                run: job.run,
                in: session
            )
        }
        return .done
    }
}

/// One request of the night.
struct LookAtRequest: JobHandler {
    static let kind = "requests.look"
    static let queue = "requests"

    struct Order: Codable, Sendable {
        let request: ClientRequestID
    }

    let book: RequestBook
    let portals: PortalDirectory

    func run(_ job: JobContext) async throws -> JobOutcome {
        let id = try job.decode(Order.self).request
        let key = job.portal
        try await job.transaction { session in
            guard let portal = try portals.find(key, in: session) else { return }
            let act = RequestAct(portal: portal, actor: .job(name: NightlyRequests.kind), book: book, reference: nil)
            try book.atNight(id, act, in: session)
        }
        return .done
    }
}

extension RequestBook {
    /// Does with one request what its state asks for; one that moved on meanwhile is left alone.
    func atNight(_ id: ClientRequestID, _ act: RequestAct, in session: Session) throws {
        let request = try lock(id, portal: act.portal.id, in: session)
        switch request.state {
        case .blocked: _ = try lookAgain(request, act, in: session)
        case .coolingOff:
            guard let until = request.coolingUntil, until < request.today else { return }
            try finish(request, act, in: session)
        case .verifying where request.kind == .dataChange: try confirmChanges(request, act, in: session)
        case .waitingClient:
            guard let pause = try session.first(RequestsQueries.openPause, place(request)), pause.hasLeft,
                pause.startedOn.days(to: request.today) >= Self.waitingDays
            else { return }
            _ = try session.run(RequestsQueries.lapsePause, place(request))
            try lapse(request, act, in: session)
        default: return
        }
    }

    /// For so many days a question waits for its answer.
    static let waitingDays = 30

    func place(_ request: ClientRequest) -> Parameters { ["portal": request.portalID, "id": request.id] }

    /// Closes what has cooled off, or blocks it where something has come up since.
    private func finish(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws {
        let obstacles = try rules(of: request).obstacles(to: request, in: session)
        guard obstacles.isEmpty else {
            return try block(request, obstacles, act.portal, by: act.actor, in: session)
        }
        try execute(request, act, by: nil, in: session)
    }
}
