import HTTPTypes
package import Hummingbird
import NIOCore

/// Reads what is posted, within a limit, and lets it pass only with the session's token (security.md T9). A stale
/// token passes as `ExpiredForm` when the browser itself says that the request is ours; anything else is refused here.
package struct FormGate<Context: PageContext>: RouterMiddleware {
    let limit: Int
    let exempt: [String]
    let larger: [String: Int]

    /// `limit` is in bytes, for forms without files; `exempt` are path prefixes with an authentication of their own,
    /// `larger` those whose forms may be longer, with their limit.
    package init(limit: Int = 512 * 1024, exempt: [String] = ["/api/"], larger: [String: Int] = [:]) {
        self.limit = limit
        self.exempt = exempt
        self.larger = larger
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isSafe = request.method == .get || request.method == .head || request.method == .options
        guard !isSafe, !exempt.contains(where: { request.uri.path.hasPrefix($0) }) else {
            return try await next(request, context)
        }
        let origin = CSRF.origin(of: request)
        guard origin != .foreign else { throw PageError.foreignForm }
        var request = request
        let form = try await read(&request)
        let given = HTTPField.Name(CSRF.header).flatMap { request.headers[$0] } ?? form[CSRF.field]
        var context = context
        if CSRF.matches(given, context.page) {
            context.page.submission = .trusted(form)
        } else if origin == .own {
            context.page.submission = .expired(form)
        } else {
            throw PageError.foreignForm
        }
        return try await next(request, context)
    }

    /// The form of an ordinary post; of one with files only the fields before the first file, the body still to read.
    private func read(_ request: inout Request) async throws -> Form {
        let path = request.uri.path
        let limit = larger.first { path.hasPrefix($0.key) }?.value ?? limit
        let type = request.headers[.contentType] ?? ""
        if let boundary = MultipartParser.boundary(of: type) {
            let (fields, body) = try await MultipartReader.leadingFields(of: request.body, boundary: boundary)
            request.body = body
            return fields
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw PageError.tooLarge
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw PageError.tooLarge
        }
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else { return Form([]) }
        guard let form = Form(urlencoded: buffer.readableBytesView) else { throw PageError.badRequest }
        return form
    }
}
