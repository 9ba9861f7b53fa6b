import Access
import Audit
import DeskKit
import DeskWeb
import FoundationEssentials
import Hummingbird
import Portals
import Postgres
import Secrets

/// `/api/portals/{portal}/v1`: what a portal's own front end asks on behalf of its clients. JSON in and out, described
/// by `admin-web/openapi/portal.json`. Every call carries the portal's key in `X-Portal-Key`; calls of a session carry
/// its token as a bearer token (RFC 6750).
struct PortalAPI: Sendable {
    let desk: Desk
    let signIn: SignIn
    let redeemCode: RedeemCode
    let setPassword: SetPassword
    let confirmSecondStep: ConfirmSecondStep
    let sessions: AccountSessions
    let portalKeys: PortalKeys
    let help: PortalAPIHelp
    let description: [UInt8]

    func addRoutes(to router: Router<DeskContext>) {
        let group = router.group("/api/portals/{portal}/v1")
        group.get("openapi.json") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: description))
            )
        }
        group.post("codes/redeem") { try await answering($0, $1, redeem) }
        group.post("sessions") { try await answering($0, $1, open) }
        group.post("sessions/second-step") { try await answering($0, $1, confirm) }
        group.get("session") { try await answering($0, $1, show) }
        group.delete("session") { try await answering($0, $1, end) }
        group.put("password") { try await answering($0, $1, password) }
        help.addRoutes(to: group, self)
    }

    // MARK: the calls

    private func redeem(_ call: APICall) async throws -> APIAnswer {
        do {
            return .session(try await redeemCode(try call.body(), portal: call.portal), .created)
        } catch RedeemCode.Refusal.wrongCode {
            throw APIProblem(.unauthorized, "wrong_code")
        }
    }

    private func open(_ call: APICall) async throws -> APIAnswer {
        do {
            return .session(try await signIn(try call.body(), portal: call.portal), .created)
        } catch let refusal as SignIn.Refusal {
            switch refusal {
            case .wrongCredentials: throw APIProblem(.unauthorized, "wrong_credentials")
            case .tooManyCodes: throw APIProblem(.tooManyRequests, "too_many_codes")
            }
        }
    }

    private func confirm(_ call: APICall) async throws -> APIAnswer {
        struct Body: Decodable {
            let code: String
            let device: String?
        }
        let body: Body = try call.body()
        let token = try call.token()
        do {
            return .session(
                try await confirmSecondStep(body.code, token: token, device: body.device, portal: call.portal),
                .ok
            )
        } catch let refusal as ConfirmSecondStep.Refusal {
            switch refusal {
            case .noSession: throw APIProblem(.unauthorized, "no_session")
            case .wrongCode: throw APIProblem(.unauthorized, "wrong_code")
            }
        }
    }

    private func password(_ call: APICall) async throws -> APIAnswer {
        struct Body: Decodable { let password: String }
        let body: Body = try call.body()
        do {
            return .session(try await setPassword(body.password, token: try call.token(), portal: call.portal), .ok)
        } catch let refusal as SetPassword.Refusal {
            switch refusal {
            case .noSession: throw APIProblem(.unauthorized, "no_session")
            case .notNow: throw APIProblem(.conflict, "not_now")
            case .weak(let lacks):
                throw APIProblem(.unprocessableContent, "weak_password", lacks: lacks.map(\.rawValue))
            }
        }
    }

    private func show(_ call: APICall) async throws -> APIAnswer {
        let token = try call.token()
        let portal = call.portal.id
        let found = try await desk.database.transaction(.portal(portal)) {
            session -> (AccountSessionRow, [AccessRow])? in
            guard let row = try sessions.use(token, portal: portal, in: session) else { return nil }
            let accesses = try session.all(
                AccountsQueries.accessesOfAccount,
                ["portal": portal, "account": row.accountID.rawValue]
            )
            return (row, row.step == .full ? accesses : [])
        }
        guard let (row, accesses) = found else { throw APIProblem(.unauthorized, "no_session") }
        return .account(row, accesses)
    }

    /// K16: the answer thanks the client; the portal offers to sign in again.
    private func end(_ call: APICall) async throws -> APIAnswer {
        let token = try call.token()
        let portal = call.portal.id
        let language = try await desk.database.transaction(.portal(portal)) { session -> String? in
            guard let row = try sessions.use(token, portal: portal, in: session) else { return nil }
            try sessions.end(token, portal: portal, in: session)
            try AccountTrail(audit: desk.audit).record(
                "account.signed_out",
                of: row.accountID,
                clients: try sessions.clients(of: row.accountID, portal: portal, in: session),
                portal: portal,
                by: .account(row.accountID),
                in: session
            )
            return row.language
        }
        guard let language else { throw APIProblem(.unauthorized, "no_session") }
        return .thanks(language)
    }

    // MARK: around each call

    func answering(
        _ request: Request,
        _ context: DeskContext,
        _ handle: (APICall) async throws -> APIAnswer
    ) async throws -> Response {
        do {
            let call = try await APICall(request, context, desk: desk, keys: portalKeys)
            return try await handle(call).response(words: context.words, catalog: desk.site.catalog)
        } catch let problem as APIProblem {
            return try problem.response(context)
        } catch SecretsError.busy {
            return try APIProblem(.serviceUnavailable, "busy").response(context)
        }
    }
}
