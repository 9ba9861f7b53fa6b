import Access
package import DeskKit
import DeskWeb
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Portals
package import Postgres
import Secrets

/// `/api/public/{portal}/v1`: what anybody may read of a portal, and where visitors decide. Anonymous and meant for
/// pages of other sites: no cookie, no session of staff. Described by `admin-web/openapi/public.json`.
struct PublicAPI: Sendable {
    let desk: Desk
    let visitors: Visitors
    let gate: PublicGate
    let accounts: any FindsSignedInAccount
    let description: [UInt8]

    func addRoutes(to router: some RouterMethods<DeskContext>) {
        let group = router.group("/api/public/{portal}/v1")
        group.get("openapi.json") { try await answering($0, $1, describe) }
        group.get("documents/{key}") { try await answering($0, $1, document) }
        group.get("documents/by-hash/{hash}") { try await answering($0, $1, documentByHash) }
        group.get("manifest") { try await answering($0, $1, manifest) }
        group.get("cookies") { try await answering($0, $1, cookies) }
        group.get("banner-config") { try await answering($0, $1, banner) }
        group.get("consents") { try await answering($0, $1, standings) }
        group.post("consents") { try await answering($0, $1, decide) }
        group.get("receipts/{id}") { try await answering($0, $1, receipt) }
        for path in [
            "documents/{key}", "documents/by-hash/{hash}", "manifest", "cookies", "banner-config", "consents",
            "receipts/{id}",
        ] {
            group.on(RouterPath(path), method: .options) { request, context in
                try await answering(request, context) { _, _ in
                    Response(
                        status: .noContent,
                        headers: PublicAnswer.preflight
                    )
                }
            }
        }
    }

    private func describe(_ call: PublicCall, _ context: DeskContext) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "public, max-age=300"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: description))
        )
    }

    // MARK: texts

    private func document(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        let key = try context.parameters.require("key")
        let at = try PublicCall.instant(call.request.query("at"))
        let portal = call.portal
        let rows = try await desk.database.read(.portal(portal.id)) { session in
            try session.all(
                ConsentsQueries.currentText,
                ["portal": portal.id, "key": key, "at": at.instant, "day": at.day]
            )
        }
        let locale = Negotiation.pick(
            wanted: call.request.query("lang"),
            header: call.request.headers[.acceptLanguage],
            from: rows.map(\.locale),
            first: portal.defaultLanguage
        )
        guard let row = rows.first(where: { $0.locale == locale }) else {
            throw PublicProblem(.notFound, "unknown_text")
        }
        return PublicAnswer.text(row, call.request, isFixed: false)
    }

    private func documentByHash(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        guard let hash = HexText.bytes(try context.parameters.require("hash")), hash.count == 32 else {
            throw PublicProblem(.notFound, "unknown_text")
        }
        let portal = call.portal.id
        let row = try await desk.database.read(.portal(portal)) {
            try $0.first(ConsentsQueries.textByHash, ["portal": portal, "hash": hash])
        }
        guard let row else { throw PublicProblem(.notFound, "unknown_text") }
        return PublicAnswer.text(row, call.request, isFixed: true)
    }

    private func manifest(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        let portal = call.portal
        let rows = try await desk.database.read(.portal(portal.id)) {
            try $0.all(ConsentsQueries.manifest, ["portal": portal.id])
        }
        let base = "/api/public/\(portal.key)/v1/documents"
        let texts = rows.map { PublicBody.Text($0, base) }
        return try PublicAnswer.json(
            PublicBody.Manifest(portal: portal.key, languages: portal.identity.languages, texts: texts),
            call.request,
            seconds: PublicAnswer.seconds(
                until: rows.filter { ($0.since ?? $0.now) > $0.now }.compactMap(\.since).min(),
                now: rows.first?.now
            )
        )
    }

    private func cookies(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        let portal = call.portal
        let rows = try await desk.database.read(.portal(portal.id)) {
            try $0.all(TextsQueries.listCookies, ["portal": portal.id, "state": CookieState.declared])
        }
        let languages = portal.identity.languages
        let locale = locale(call, of: languages)
        let items = try rows.map { PublicBody.Cookie(try $0.item(), locale, languages) }
        return try PublicAnswer.json(
            PublicBody.Cookies(portal: portal.key, language: locale, cookies: items),
            call.request,
            seconds: 300
        )
    }

    private func banner(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        let portal = call.portal
        let locale = locale(call, of: portal.identity.languages)
        let config = try await desk.database.read(.portal(portal.id)) { session in
            try Banner(portal, locale: locale, in: session)
        }
        return try PublicAnswer.json(config.body, call.request, seconds: config.seconds)
    }

    private func locale(_ call: PublicCall, of languages: [String]) -> String {
        Negotiation.pick(
            wanted: call.request.query("lang"),
            header: call.request.headers[.acceptLanguage],
            from: languages,
            first: call.portal.defaultLanguage
        )
    }

    // MARK: consents

    private typealias Who = (subject: ConsentSubject, visitor: String?)

    private func subject(_ call: PublicCall, in session: Session) throws -> Who {
        if let token = call.bearer {
            guard let account = try accounts.account(of: token, portal: call.portal.id, in: session) else {
                throw PublicProblem(.unauthorized, "no_session")
            }
            return (.account(account), nil)
        }
        guard let given = call.visitor else {
            let issued = visitors.issue(call.portal.id, for: call.onceKey ?? "")
            return (.visitor(visitors.hash(issued, call.portal.id)), issued)
        }
        guard visitors.isOurs(given, call.portal.id) else {
            throw PublicProblem(.badRequest, ConsentRefusal.unknownVisitor.rawValue)
        }
        return (.visitor(visitors.hash(given, call.portal.id)), given)
    }

    private func standings(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        guard call.visitor != nil || call.bearer != nil else {
            throw PublicProblem(.badRequest, ConsentRefusal.unknownVisitor.rawValue)
        }
        let portal = call.portal.id
        let rows = try await desk.database.transaction(.portal(portal)) { session in
            let who = try subject(call, in: session).subject
            return try session.all(
                ConsentsQueries.standings,
                who.parameters.merging(["portal": portal]) { $1 }
            )
        }
        let body = PublicBody.Standings(purposes: rows.map { .init($0) })
        return try PublicAnswer.json(body, call.request, seconds: nil)
    }

    private func decide(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        let portal = call.portal
        let form: PublicBody.Decisions = try await call.body()
        guard let onceKey = call.onceKey else { throw PublicProblem(.badRequest, "no_key") }
        guard let method = ConsentMethod(rawValue: form.method), ConsentMethod.ofBrowsers.contains(method) else {
            throw PublicProblem(.unprocessableContent, "unknown_method")
        }
        let isSigned = call.bearer != nil
        try await gate.spend(call, context)
        let (receipt, visitor) = try await desk.database.transaction(.portal(portal.id)) { session in
            let who = try subject(call, in: session)
            let request = RecordConsent.Request(
                subject: who.subject,
                method: isSigned ? .portal : method,
                decisions: form.decisions,
                onceKey: "api \(onceKey)",
                decidedOn: nil,
                staff: nil
            )
            return (try RecordConsent().run(request, portal: portal.id, in: session), who.visitor)
        }
        let body = PublicBody.Receipt(receipt, portal, visitor: visitor)
        return try PublicAnswer.json(body, call.request, seconds: nil, status: receipt.isRepeat ? .ok : .created)
    }

    private func receipt(_ call: PublicCall, _ context: DeskContext) async throws -> Response {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw PublicProblem(.notFound, "unknown_receipt")
        }
        let portal = call.portal
        let receipt = try await desk.database.read(.portal(portal.id)) { session -> RecordConsent.Receipt? in
            let place: Postgres.Parameters = ["portal": portal.id, "once_key": nil, "receipt": id]
            guard let row = try session.first(ConsentsQueries.findReceipt, place) else { return nil }
            return try RecordConsent.receipt(row.id, row.at, portal.id, isRepeat: false, in: session)
        }
        guard let receipt else { throw PublicProblem(.notFound, "unknown_receipt") }
        return try PublicAnswer.json(PublicBody.Receipt(receipt, portal, visitor: nil), call.request, seconds: nil)
    }

    // MARK: around each call

    private func answering(
        _ request: Request,
        _ context: DeskContext,
        _ handle: (PublicCall, DeskContext) async throws -> Response
    ) async throws -> Response {
        var origin: String?
        do {
            let call = try await PublicCall(request, context, gate)
            origin = call.allowedOrigin
            return PublicAnswer.shared(try await handle(call, context), with: origin)
        } catch let problem as PublicProblem {
            return PublicAnswer.shared(try problem.response(context), with: origin)
        } catch let refusal as ConsentRefusal {
            return PublicAnswer.shared(try PublicProblem(refusal).response(context), with: origin)
        }
    }
}

/// Answers whose session at a portal's API a token is. The room of accounts answers it; DeskApp fits it in.
package protocol FindsSignedInAccount: Sendable {
    /// Nil when the token is of no full, live session.
    func account(of token: String, portal: PortalID, in session: Session) throws -> AccountID?
}
