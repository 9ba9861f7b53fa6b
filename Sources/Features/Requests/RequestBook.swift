import Audit
import DeskKit
import DeskWeb
import Documents
import Identity
import JobRunner
import Portals
import Postgres

/// What commands and jobs do with a row of `client_request`, whoever acts.
struct RequestBook: Sendable {
    let audit: AuditTrail
    let identity: IdentityService
    let letters: RequestLetters
    let clocks: Clocks
    let kinds: RequestKinds

    /// The request as it stands; nil where this portal has none of this number.
    func find(_ id: ClientRequestID, portal: PortalID, in session: Session) throws -> ClientRequest? {
        try session.first(RequestsQueries.findRequest, ["portal": portal, "id": id])
    }

    /// The same, kept from everybody else until the transaction ends. Throws `NoSuchRequest`.
    func lock(_ id: ClientRequestID, portal: PortalID, in session: Session) throws -> ClientRequest {
        let place: Parameters = ["portal": portal, "id": id]
        guard try session.first(RequestsQueries.lockRequest, place) != nil,
            let found = try find(id, portal: portal, in: session)
        else { throw NoSuchRequest() }
        return found
    }

    func rules(of request: ClientRequest) -> any KindRules { kinds[request.kind] }

    /// Moves a request on; `releasing` gives it back to everybody.
    func move(
        _ request: ClientRequest,
        to state: RequestState,
        releasing: Bool = false,
        in session: Session
    ) throws {
        try session.run(
            RequestsQueries.moveRequest,
            [
                "portal": request.portalID, "id": request.id, "state": state.rawValue,
                "releases": releasing || state.isOver,
            ]
        )
    }

    func record(
        _ action: String,
        on request: ClientRequest,
        by actor: Audit.Actor,
        facts: [String: String] = [:],
        personal: [String: String] = [:],
        reference: String? = nil,
        in session: Session
    ) throws {
        try audit.record(
            AuditEvent(
                action,
                portal: request.portalID,
                by: actor,
                on: .clientRequest(request.id),
                client: request.clientID,
                facts: facts.merging(["kind": request.kind.rawValue]) { $1 },
                personal: personal,
                reference: reference
            ),
            in: session
        )
    }
}

/// The portal has no request of this number; answered 404.
struct NoSuchRequest: Error {}

extension Subject {
    static func clientRequest(_ id: ClientRequestID) -> Subject { Subject("client_request", id.rawValue) }
}

extension ClientRequest {
    /// Whose key seals what is personal about it: the client's where there is one.
    var owner: Subject { clientID.map(Subject.client) ?? .clientRequest(id) }

    var documents: DocumentsService.Owner {
        DocumentsService.Owner(portal: portalID, kind: "client_request", id: id.rawValue)
    }
}
