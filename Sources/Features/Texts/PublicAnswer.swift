import Access
import DeskWeb
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Secrets

/// How the public API answers: names of content, how long it may be kept, and who may read it.
enum PublicAnswer {
    /// How long an answer is kept at most, in seconds; never past the next effective date.
    static let longest = 300

    static let preflight: HTTPFields = {
        var headers: HTTPFields = [.cacheControl: "public, max-age=600"]
        headers[fields: .init("Access-Control-Allow-Methods")] = "GET, POST"
        headers[fields: .init("Access-Control-Allow-Headers")] =
            "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Consent-Visitor"
        headers[fields: .init("Access-Control-Max-Age")] = "600"
        return headers
    }()

    static func seconds(until end: Date?, now: Date?) -> Int {
        guard let end, let now else { return longest }
        return max(0, min(longest, Int(end.timeIntervalSince(now))))
    }

    /// A text's own bytes. `isFixed` for one that is named by its hash.
    static func text(_ row: PublicTextRow, _ request: Request, isFixed: Bool) -> Response {
        let seconds = seconds(until: row.until, now: row.now)
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .contentLanguage: row.locale,
            .cacheControl: isFixed ? "public, max-age=31536000, immutable" : "public, max-age=\(seconds)",
        ]
        headers[fields: .init("X-Text-Version")] = "\(row.number)"
        headers[fields: .init("Content-Security-Policy")] = "default-src 'none'; sandbox"
        return named(Hex.encode(row.hash), Array(row.html.utf8), headers, request)
    }

    /// JSON; without `seconds` nobody keeps it.
    static func json(
        _ body: some Encodable,
        _ request: Request,
        seconds: Int?,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let bytes = Array(try encoder.encode(body))
        let headers: HTTPFields = [
            .contentType: "application/json",
            .cacheControl: seconds.map { "public, max-age=\($0)" } ?? "no-store",
        ]
        guard seconds != nil else {
            return Response(
                status: status,
                headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            )
        }
        return named(Hex.encode(Digest.sha256(bytes)), bytes, headers, request)
    }

    /// 304 for whoever has these bytes already, by the weak comparison: a proxy that compresses weakens the tag (RFC
    /// 9110 §13.1.2).
    private static func named(_ hash: String, _ bytes: [UInt8], _ headers: HTTPFields, _ request: Request) -> Response {
        var headers = headers
        let tag = "\"\(hash)\""
        headers[.eTag] = tag
        let known = request.headers[.ifNoneMatch] ?? ""
        let tags = known.split(separator: ",").map { $0.filter { $0 != " " } }
        if known == "*" || tags.contains(where: { ($0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0) == tag }) {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// What every answer carries.
    static func shared(_ response: Response, with origin: String?) -> Response {
        var response = response
        response.headers[.vary] = "Accept-Language, Origin"
        response.headers[fields: .init("Cross-Origin-Resource-Policy")] = "cross-origin"
        if let origin { response.headers[.accessControlAllowOrigin] = origin }
        response.headers[fields: .init("Access-Control-Expose-Headers")] = "ETag, Content-Language, X-Text-Version"
        return response
    }
}

extension HTTPFields {
    /// A field by a name that may be unknown to the library.
    fileprivate subscript(fields name: HTTPField.Name?) -> String? {
        get { name.flatMap { self[$0] } }
        set {
            if let name { self[name] = newValue }
        }
    }
}

/// A refusal as JSON: a code for programs, a sentence for people, and the request's reference number.
struct PublicProblem: Error {
    let status: HTTPResponse.Status
    let code: String

    init(_ status: HTTPResponse.Status, _ code: String) {
        self.status = status
        self.code = code
    }

    init(_ refusal: ConsentRefusal) {
        code = refusal.rawValue
        status =
            switch refusal {
            case .textChanged, .keyReused: .conflict
            case .tooMany: .tooManyRequests
            case .unknownVisitor: .badRequest
            case .nothingDecided, .decidedTwice, .unknownPurpose, .unknownText, .wrongMethod, .dayAhead:
                .unprocessableContent
            }
    }

    func response(_ context: DeskContext) throws -> Response {
        struct Body: Encodable {
            struct Problem: Encodable {
                let code: String
                let message: String
                let reference: String
            }

            let error: Problem
        }
        let body = Body(
            error: .init(
                code: code,
                message: context.words("texts.api.\(code)"),
                reference: context.page.reference
            )
        )
        return try Response.json(body, status: status)
    }
}
