import Access
import Audit
import DeskKit
import DeskWeb
import Messaging
import Portals
import Postgres

extension DataChangeRules {
    /// Lays the new values over the book and tells the old and the new contact.
    func execute(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws -> RequestState {
        let obstacles = try obstacles(to: request, in: session)
        guard obstacles.isEmpty else { throw ExecutionStopped(obstacles: obstacles) }
        let place = act.book.place(request)
        let changes = try session.all(QueueQueries.changesOfRequest, place)
        let mail = changes.first { $0.field == .email }
        // The book's own address is always told: who asked may be somebody else.
        let addresses = [
            try act.book.letters.address(of: request, in: session),
            try act.book.letters.bookAddress(of: request, in: session), mail?.oldValue, mail?.newValue,
        ].compactMap { $0 }
        let draft = try act.book.draft(.changed, about: request, act.portal, in: session)
        try session.run(RequestsQueries.putInForce, place)
        try act.book.letters.send(
            draft,
            about: request,
            act.portal,
            by: act.staff,
            to: addresses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            in: session
        )
        for change in changes where change.field == .phone {
            for phone in [change.oldValue, change.newValue].compactMap({ $0 }) {
                try act.book.letters.text(.changed, about: request, act.portal, to: phone, in: session)
            }
        }
        try act.book.record(
            "request.in_force",
            on: request,
            by: act.actor,
            facts: ["n": "\(changes.count)"],
            personal: Dictionary(uniqueKeysWithValues: changes.map { ($0.field.rawValue, $0.newValue) }),
            reference: act.reference,
            in: session
        )
        return .verifying
    }
}

extension ChangeField {
    /// Whether its value is itself what the letter goes to; the letter names it without showing it.
    var isContact: Bool { self == .phone || self == .email }
}

extension DeletionRules {
    /// Writes the confirmation while there still is an address, then ends the client's way into the portal.
    func execute(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws -> RequestState {
        guard let client = request.clientID else { return .closed }
        let draft = try act.book.draft(.closed, about: request, act.portal, in: session)
        try act.book.letters.send(draft, about: request, act.portal, by: act.staff, in: session)
        let closed = try accounts.close(
            client: client,
            request: request.id,
            portal: act.portal.id,
            by: act.actor,
            in: session
        )
        try act.book.record(
            "request.accounts_closed",
            on: request,
            by: act.actor,
            facts: ["n": "\(closed)"],
            reference: act.reference,
            in: session
        )
        return .closed
    }
}

/// Somebody says that the main system has what was decided; the import says it by itself for what it carries.
struct ConfirmChanges: RequestCommand {
    static let right = Right.requestsExecute

    let request: ClientRequestID

    static func decide(_ request: ClientRequest) throws(RequestRefusal) {
        guard request.state == .verifying, request.kind == .dataChange else { throw .notThere(request.state) }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(request, in: session)
        try Self.decide(found)
        try session.run(
            RequestsQueries.confirmByPerson,
            office.place(found).merging(["staff": office.staff.id]) { $1 }
        )
        try office.book.move(found, to: .closed, in: session)
        try office.record("request.confirmed", on: found, in: session)
    }
}

extension RequestBook {
    /// Notes what the main system has meanwhile, and closes the request once it has everything.
    func confirmChanges(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws {
        try session.run(RequestsQueries.confirmByBook, place(request))
        guard try session.one(RequestsQueries.unconfirmed, place(request)) == 0 else { return }
        try move(request, to: .closed, in: session)
        try record("request.confirmed", on: request, by: act.actor, reference: act.reference, in: session)
    }
}

extension RequestLetters {
    /// The same as a text message, to a number that a change takes away or brings.
    func text(
        _ kind: LetterKind,
        about request: ClientRequest,
        _ portal: PortalProfile,
        to phone: String,
        in session: Session
    ) throws {
        _ = try enqueue(message(LetterDraft(kind), about: request, portal, to: phone, by: .sms), in: session)
    }
}
