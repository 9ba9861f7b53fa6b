import Audit
import DeskWeb
package import Hummingbird
import Postgres

/// Writes each denied request into the trail (security.md V16) and answers it: 404 where not even the existence is
/// theirs to know, else 403.
package struct DenialAudit: RouterMiddleware {
    let desk: Desk

    package func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let denied as AccessDenied {
            if let staff = context.staff { try await record(denied, staff, context) }
            throw denied.kind == .hidden ? PageError.notFound : PageError.forbidden
        }
    }

    private func record(_ denied: AccessDenied, _ staff: StaffContext, _ context: DeskContext) async throws {
        var facts = ["right": denied.right.name, "method": "\(context.endpointPath ?? "-")"]
        if let portal = denied.portal { facts["portal"] = "\(portal)" }
        let event = AuditEvent(
            "access.denied",
            portal: nil,
            by: staff.actor,
            on: .staff(staff.id),
            facts: facts,
            reference: context.page.reference
        )
        try await desk.database.transaction(.installation) { session in
            try desk.audit.record(event, in: session)
        }
    }
}
