package import DeskKit
package import HTTPTypes
package import Hummingbird
import Logging

/// A request context that carries pages. Access's context conforms; the middlewares here fill `page`.
package protocol PageContext: RequestContext {
    var page: PageState { get set }
}

/// The plain context, for routes without staff and for tests.
package struct VisitorContext: PageContext {
    package var coreContext: CoreRequestContextStorage
    package var page = PageState()

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}

extension PageContext {
    package var words: Words { page.words }

    /// The posted form. Throws `ExpiredForm` when its token is of an earlier session, `PageError.badRequest` when
    /// nothing was posted. Every handler of a POST begins with this.
    package func form() throws -> Form {
        switch page.submission {
        case .trusted(let form): return form
        case .expired(let form): throw ExpiredForm(form: form)
        case .none: throw PageError.badRequest
        }
    }

    /// A page as a response that no cache keeps.
    package func render(_ content: some Page, status: HTTPResponse.Status = .ok) throws -> Response {
        guard let site = page.site else { throw PageError(.internalServerError, "desk.error.failed") }
        let (html, misses) = try site.html(content, in: page)
        for miss in misses {
            logger.warning("a tag finds nothing", metadata: ["tag": "\(miss.tag)", "template": "\(miss.template)"])
        }
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: page.language.rawValue],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html))
        )
    }

    /// Sends the browser on with a GET (303), with a message for the page it reaches. `path` is local to the console.
    package func redirect(to path: String, flash: Flash? = nil) -> Response {
        var response = Response(status: .seeOther, headers: [.location: localPath(path)])
        if let flash, let site = page.site { flash.store(on: &response, site) }
        return response
    }
}

extension Request {
    /// Which page of a list is asked for by `?after=` or `?before=`; `parts` is the number of sort columns. A mangled
    /// key answers the first page.
    package func pageRequest(parts: Int, size: Int = 50) -> PageRequest {
        let query = uri.queryParameters
        if let text = query["before"], let key = PageKey(text: String(text), parts: parts) {
            return PageRequest(key: key, direction: .backward, size: size)
        }
        let key = query["after"].flatMap { PageKey(text: String($0), parts: parts) }
        return PageRequest(key: key, size: size)
    }

    /// A parameter of the query, trimmed; nil when it is absent or empty.
    package func query(_ name: String) -> String? {
        guard let value = uri.queryParameters[name[...]] else { return nil }
        let text = value.trimmingBlanks
        return text.isEmpty || text.unicodeScalars.contains("\0") ? nil : text
    }
}

/// A path that cannot lead to another host (CWE-601); anything else is the start page.
func localPath(_ path: String) -> String {
    let isLocal =
        path.hasPrefix("/") && !path.hasPrefix("//") && !path.hasPrefix("/\\")
        && path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "\\" }
    return isLocal ? path : "/"
}
