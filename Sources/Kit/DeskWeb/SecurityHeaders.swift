import HTTPTypes
package import Hummingbird

/// Puts on every answer what a browser must know (OWASP ASVS 5 V3): scripts and styles from our files alone, no
/// frames, no sniffing, no cache for what is not a static file.
package struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    private let fixed: [(HTTPField.Name, String)]

    /// `secure` adds HSTS; it is false only on loopback without TLS.
    package init(secure: Bool) {
        let policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
            "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
        ]
        let headers: [(String, String?)] = [
            ("Content-Security-Policy", policy.joined(separator: "; ")),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            // Not no-referrer: that makes browsers send `Origin: null` with our own forms.
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ("Strict-Transport-Security", secure ? "max-age=31536000; includeSubDomains" : nil),
        ]
        fixed = headers.compactMap { name, value in
            guard let value, let name = HTTPField.Name(name) else { return nil }
            return (name, value)
        }
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // A handler that serves something of its own, such as a sandboxed scan, may be stricter than this.
        for (name, value) in fixed where response.headers[name] == nil {
            response.headers[name] = value
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

/// Answers requests for static files before anything else is done for them.
package struct StaticFileMiddleware<Context: RequestContext>: RouterMiddleware {
    let files: StaticFiles

    package init(files: StaticFiles) {
        self.files = files
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isRead = request.method == .get || request.method == .head
        if isRead, request.uri.path.hasPrefix("/static/"), let response = files.response(to: request) {
            return response
        }
        return try await next(request, context)
    }
}
