import DeskKit
import HTTPTypes
package import Hummingbird
import Logging

/// Turns whatever a handler throws into a page with a reference number, or into JSON for programs. Stands twice in the
/// chain: outermost for everything, and once inside Access so that error pages keep the sidebar.
package struct ErrorPages<Context: PageContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch let expired as ExpiredForm {
            if Draft.isAutosave(request) { return Draft.staleToken(context.page) }
            let page = ExpiredPage(expired.form, request)
            return context.page.staff == nil
                ? try context.render(page, status: .forbidden)
                : try context.render(InsideExpiredPage(card: page), status: .forbidden)
        } catch {
            let refusal = Self.refusal(for: error)
            log(error, refusal, context)
            return try response(to: request, refusal, error, context)
        }
    }

    private static func refusal(for error: any Error) -> PageError {
        if let error = error as? PageError { return error }
        guard let status = (error as? any HTTPResponseError)?.status else {
            return PageError(.internalServerError, "desk.error.failed")
        }
        switch status {
        case .notFound: return .notFound
        case .forbidden: return .forbidden
        case .contentTooLarge: return .tooLarge
        case .methodNotAllowed: return PageError(status, "desk.error.not_found")
        case .serviceUnavailable: return .busy
        default:
            let key = status.kind == .clientError ? "desk.error.bad_request" : "desk.error.failed"
            return PageError(status, key)
        }
    }

    /// An error that does not vouch for its description is logged by its type alone.
    private func log(_ error: any Error, _ refusal: PageError, _ context: Context) {
        let text = (error as? any LoggableError)?.description ?? "\(type(of: error))"
        let level: Logger.Level = refusal.status.kind == .serverError ? .error : .info
        let message: Logger.Message = "request refused"
        context.logger.log(
            level: level,
            message,
            metadata: [
                "error": "\(text)", "status": "\(refusal.status.code)", "route": "\(context.endpointPath ?? "-")",
            ]
        )
    }

    private func response(
        to request: Request,
        _ refusal: PageError,
        _ error: any Error,
        _ context: Context
    ) throws -> Response {
        var response: Response
        if Self.wantsJSON(request) {
            let code = refusal.key.split(separator: ".").last.map(String.init) ?? refusal.key
            let body = ["error": ["code": code, "reference": context.page.reference]]
            response = try Response.json(body, status: refusal.status)
        } else {
            let card = ErrorCard(refusal, context.page)
            response =
                context.page.staff == nil
                ? try context.render(ErrorPage(card: card), status: refusal.status)
                : try context.render(InsideErrorPage(card: card), status: refusal.status)
        }
        if let headers = (error as? HTTPError)?.headers, let allow = headers[.allow] {
            response.headers[.allow] = allow
        }
        return response
    }

    private static func wantsJSON(_ request: Request) -> Bool {
        if request.uri.path.hasPrefix("/api/") { return true }
        let accept = request.headers[.accept] ?? ""
        return accept.contains("application/json") && !accept.contains("text/html")
    }
}
