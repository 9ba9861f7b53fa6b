import Access
import DeskKit
import DeskWeb
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Portals
import Postgres
import Secrets

/// One call of the public API.
struct PublicCall: Sendable {
    let portal: PortalProfile
    let request: Request
    /// The site of the page that asks, when the portal lets it read the answer.
    let allowedOrigin: String?

    /// Throws `PublicProblem`: 404 for an unknown portal, 403 for a decision from a page that the portal does not know.
    init(_ request: Request, _ context: DeskContext, _ gate: PublicGate) async throws {
        let word = try context.parameters.require("portal")
        guard let portal = try await gate.desk.portals.find(word, gate.desk.database) else {
            throw PublicProblem(.notFound, "unknown_portal")
        }
        try await self.init(request, context, gate, portal: portal)
    }

    /// The same at a portal that is known already.
    init(_ request: Request, _ context: DeskContext, _ gate: PublicGate, portal: PortalProfile) async throws {
        self.portal = portal
        self.request = request
        let origin = request.headers[.origin]
        let isOwn = origin.map { $0.hasSuffix("://\(request.head.authority ?? "")") } ?? true
        if let origin, !isOwn {
            let known = try await gate.desk.database.read(.portal(portal.id)) {
                try $0.all(ConsentsQueries.listOrigins, ["portal": portal.id])
            }
            allowedOrigin = known.contains(origin) ? origin : nil
        } else {
            allowedOrigin = nil
        }
        if request.method == .post, !isOwn, allowedOrigin == nil { throw PublicProblem(.forbidden, "wrong_origin") }
    }

    /// The sender's own key of a decision (draft-ietf-httpapi-idempotency-key-header), long enough to be nobody else's.
    var onceKey: String? {
        let value = Self.header("Idempotency-Key", in: request)
        return value.flatMap { (16...100).contains($0.utf8.count) ? $0 : nil }
    }

    var visitor: String? { Self.header("X-Consent-Visitor", in: request) }

    var bearer: String? {
        guard let value = request.headers[.authorization], value.lowercased().hasPrefix("bearer "),
            value.utf8.count < 200
        else { return nil }
        return String(value.dropFirst("bearer ".count)).filter { $0 != " " }
    }

    /// The body, strictly JSON, up to 16 KiB. Throws `PublicProblem`.
    func body<Body: Decodable>() async throws -> Body {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw PublicProblem(.unsupportedMediaType, "not_json")
        }
        var request = request
        let bytes: ByteBuffer
        do {
            bytes = try await request.collectBody(upTo: 16 * 1024)
        } catch {
            throw PublicProblem(.contentTooLarge, "too_large")
        }
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView))
        } catch {
            throw PublicProblem(.badRequest, "not_json")
        }
    }

    /// A day, by the portal's calendar, or an instant with its zone. Throws `PublicProblem` 400.
    static func instant(_ text: String?) throws(PublicProblem) -> (instant: Date?, day: CivilDate?) {
        guard let text else { return (nil, nil) }
        if let day = CivilDate(iso: text) { return (nil, day) }
        // A plus of an unescaped zone arrives as a blank.
        guard text.utf8.count <= 40, let instant = try? Date(text.replacing(" ", with: "+"), strategy: .iso8601) else {
            throw PublicProblem(.badRequest, "wrong_instant")
        }
        return (instant, nil)
    }

    private static func header(_ name: String, in request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }
}

/// Keeps the public API from being flooded with decisions.
struct PublicGate: Sendable {
    let desk: Desk
    let address: @Sendable (Request, DeskContext) -> String
    let limits: Limits
    private let lookup: LookupHash

    /// Decisions in a minute.
    struct Limits: Sendable {
        var address = 30
        var portal = 1_200
    }

    init(desk: Desk, limits: Limits = Limits(), address: @escaping @Sendable (Request, DeskContext) -> String) {
        self.desk = desk
        self.limits = limits
        self.address = address
        lookup = desk.keys.lookup(.throttle)
    }

    /// Counted and committed before anything is looked at. Throws `ConsentRefusal.tooMany`.
    func spend(_ call: PublicCall, _ context: DeskContext) async throws {
        let portal = call.portal.id
        let hour = desk.clock.now().timeIntervalSince1970 / 3600
        let sender = lookup.hash("\(Int(hour)) \(address(call.request, context))", scope: "consent \(portal)")
        let everybody = lookup.hash("", scope: "consent \(portal)")
        let limits = limits
        let isWithin = try await desk.database.transaction(.portal(portal)) { session in
            try session.run(ConsentsQueries.sweepBudget, ["portal": portal])
            let own = try session.one(ConsentsQueries.spendBudget, ["portal": portal, "bucket": sender])
            // Whoever floods spends nothing of what the others have.
            guard own <= limits.address else { return false }
            return try session.one(ConsentsQueries.spendBudget, ["portal": portal, "bucket": everybody])
                <= limits.portal
        }
        guard isWithin else { throw ConsentRefusal.tooMany }
    }
}

/// The random ids of browsers: made here, so that nobody can decide for an id that was never given out.
struct Visitors: Sendable {
    private let lookup: LookupHash

    init(keys: KeyRing) {
        lookup = keys.lookup(LookupPurpose("consent-visitor"))
    }

    /// The id for a browser that has none. The same request, sent again because its answer was lost, gets the same.
    func issue(_ portal: PortalID, for onceKey: String) -> String {
        let random = Array(lookup.hash(onceKey, scope: "\(portal) issued").prefix(16))
        return Hex.encode(random) + Hex.encode(Array(tags(random, portal)[0].prefix(16)))
    }

    func isOurs(_ visitor: String, _ portal: PortalID) -> Bool {
        guard let bytes = HexText.bytes(visitor), bytes.count == 32 else { return false }
        return tags(Array(bytes.prefix(16)), portal).contains {
            constantTimeEqual(Array($0.prefix(16)), Array(bytes.suffix(16)))
        }
    }

    /// What is stored of a visitor.
    func hash(_ visitor: String, _ portal: PortalID) -> [UInt8] {
        Digest.sha256(Array("\(portal) \(visitor.lowercased())".utf8))
    }

    private func tags(_ random: [UInt8], _ portal: PortalID) -> [[UInt8]] {
        lookup.candidates(Hex.encode(random), scope: portal.description)
    }
}

/// Which language somebody reads (RFC 9110 §12.5.4).
enum Negotiation {
    /// The one asked for by name if it is there, else the best of the header's, else the first.
    static func pick(wanted: String?, header: String?, from available: [String], first: String) -> String {
        if let wanted, available.contains(wanted) { return wanted }
        var best: (locale: String, quality: Double)?
        for range in (header ?? "").prefix(1_000).split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let tag = parts.first?.lowercased() ?? ""
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
            let quality = weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            let match =
                available.first { $0.lowercased() == tag }
                ?? available.first { $0.lowercased() == tag.prefix { $0 != "-" } }
            if let match, quality > (best?.quality ?? 0) { best = (match, quality) }
        }
        return best?.locale ?? (available.contains(first) ? first : available.first ?? first)
    }
}
