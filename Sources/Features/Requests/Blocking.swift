import Audit
import DeskKit
import Portals
import Postgres

extension RequestBook {
    /// Lays a request aside until what stands against it has ended, and tells the client what that is.
    func block(
        _ request: ClientRequest,
        _ obstacles: [Obstacle],
        _ portal: PortalProfile,
        by actor: Audit.Actor,
        in session: Session
    ) throws {
        let staff: StaffID? = if case .staff(let id, _) = actor { id } else { nil }
        try move(request, to: .blocked, releasing: true, in: session)
        try letters.send(LetterDraft(.blocked, obstacles: obstacles), about: request, portal, by: staff, in: session)
        try record("request.blocked", on: request, by: actor, facts: ["n": "\(obstacles.count)"], in: session)
    }

    func add(_ changes: [ChangeDraft], to request: ClientRequest, in session: Session) throws {
        for change in changes {
            if let contract = change.contract {
                let known = try session.first(
                    RequestsQueries.contractOfClient,
                    ["portal": request.portalID, "client": request.clientID, "contract": contract]
                )
                guard known != nil else { throw TakeIn.Refusal.noSuchContract }
            }
            try session.run(
                RequestsQueries.addChange,
                [
                    "portal": request.portalID, "request": request.id, "client": request.clientID,
                    "field": change.field, "contract": change.contract, "new_value": change.newValue,
                ]
            )
        }
    }
}
