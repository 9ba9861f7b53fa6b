import DeskKit
import DeskWeb
import HTTPTypes
package import Hummingbird
import Portals
import Postgres
import Secrets

/// Finds the session of a request and who it is, anew each time, so that a disabled member of staff or a changed role
/// takes effect at once. Without one, only the public paths are served.
package struct SessionGate: RouterMiddleware {
    let desk: Desk
    let access: AccessService

    package func handle(
        _ request: Request,
        context: DeskContext,
        next: @concurrent (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let token = desk.site.cookies.value("session", in: request)
        if let token, let found = try await find(token, renews: request.tellsOfSomebody) {
            let counts = request.isForAPage ? try await access.sidebar.counts(for: found.staff) : [:]
            bind(found, token, counts, to: &context)
            defer { if request.method == .post { access.sidebar.forget() } }
            return try await next(request, context)
        }
        if Self.isPublic(request.uri.path) { return try await next(request, context) }
        return signInFirst(request, context, hadSession: token != nil)
    }

    private struct Found: Sendable {
        let hash: [UInt8]
        let staff: StaffContext
        let portals: [PortalProfile]
    }

    private func find(_ token: String, renews: Bool) async throws -> Found? {
        let hashes = access.signIn.sessions.candidates(token)
        return try await desk.database.transaction(.installation) { session in
            guard let row = try session.first(AccessQueries.useSession, ["hashes": hashes, "renews": renews]) else {
                return nil
            }
            let held = try session.all(AccessQueries.rolesOfStaff, ["staff": row.id])
            let roles = Dictionary(grouping: held, by: \.portalID).mapValues { Set($0.map(\.role)) }
            let portals = try desk.portals.all(in: session).filter { roles[$0.id] != nil }
            let staff = StaffContext(
                id: row.id,
                login: row.login,
                name: row.name,
                language: row.language,
                roles: roles
            )
            return Found(hash: row.tokenHash, staff: staff, portals: portals)
        }
    }

    private func bind(
        _ found: Found,
        _ token: String,
        _ counts: [String: Waiting],
        to context: inout DeskContext
    ) {
        context.staff = found.staff
        context.portals = found.portals
        context.sessionHash = found.hash
        context.page.bind(session: token)
        if let language = Language(rawValue: found.staff.language) { context.page.language = language }
        let words = context.words
        let roles = Role.allCases.filter { role in found.staff.roles.values.contains { $0.contains(role) } }
        context.page.staff = StaffBadge(
            name: found.staff.name,
            roles: roles.map { words("access.role.\($0.rawValue)") }.joined(separator: ", ")
        )
        context.page.portals = found.portals.map { PortalChoice(id: $0.id, name: $0.name) }
        if context.portal == nil { context.page.portal = nil }
        context.page.navigation = access.navigation.filter { found.staff.may($0.right) }.map {
            $0.entry.with(counts[$0.entry.href])
        }
    }

    static func isPublic(_ path: String) -> Bool {
        let exact: Set = ["/sign-in", "/sign-in/code", "/sign-out", "/preferences", "/healthz", "/readyz", "/metrics"]
        return exact.contains(path) || path.hasPrefix("/welcome/") || path.hasPrefix("/api/")
            || path.hasPrefix("/public/")
    }

    /// A page is asked for again after the sign-in; what was posted is not, so its page is. Scripts get a bare 401.
    private func signInFirst(_ request: Request, _ context: DeskContext, hadSession: Bool) -> Response {
        let accept = request.headers[.accept] ?? ""
        if request.isAutosave || (accept.contains("application/json") && !accept.contains("text/html")) {
            return Response(status: .unauthorized)
        }
        let isRead = request.method == .get || request.method == .head
        let next = isRead ? context.page.path : request.refererPath
        let ended = hadSession ? (isRead ? "&ended=1" : "&ended=2") : ""
        return context.redirect(to: "/sign-in?next=\(PathText.encoded(next))\(ended)")
    }
}

extension Request {
    /// Whether its answer has a sidebar: images, files and scripts' requests have none.
    var isForAPage: Bool {
        !isAutosave && (headers[.accept] ?? "").contains("text/html")
    }

    /// The query of a page that asks for itself again and again while something runs.
    package static let watching = "watching=1"

    /// Whether a person did this: drafts that save themselves and pages that ask for themselves do not keep a session
    /// alive.
    var tellsOfSomebody: Bool {
        !isAutosave && !(method == .get && uri.query?.split(separator: "&").contains(Substring(Self.watching)) == true)
    }

    var isAutosave: Bool {
        HTTPField.Name("X-Desk-Autosave").flatMap { headers[$0] } != nil
    }

    /// The path of the page that posted this, when it is one of ours.
    var refererPath: String {
        guard let referer = HTTPField.Name("Referer").flatMap({ headers[$0] }), let host = head.authority,
            let mark = referer.firstRange(of: "://\(host)/")
        else { return "/" }
        return "/" + referer[mark.upperBound...]
    }
}

/// Paths as values of a query.
enum PathText {
    static func encoded(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                "/-._~".unicodeScalars.contains(scalar) || Character(scalar).isLetter
                    || Character(scalar).isNumber
            {
                text.unicodeScalars.append(scalar)
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
