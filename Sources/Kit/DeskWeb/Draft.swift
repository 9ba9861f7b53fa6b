package import DeskKit
import HTTPTypes
package import Hummingbird

/// The two ends of an autosave: how a request is known as one, and what it is answered.
package enum Draft {
    /// Whether a request was sent by the page itself while somebody types; it does not renew the idle time.
    package static func isAutosave(_ request: Request) -> Bool {
        HTTPField.Name("X-Desk-Autosave").map { request.headers.contains($0) } ?? false
    }

    /// The answer to a saved draft: the sentence that the page shows, with the time on the portal's clock.
    package static func saved(at time: CivilDateTime, _ words: Words) throws -> Response {
        let sentence = words("desk.draft.saved", ["time": .text(words.exactTime(time))])
        return try Response.json(["message": sentence])
    }

    /// Hands the page the token of the session that has begun since it was opened. Only our own pages can read it.
    static func staleToken(_ state: PageState) -> Response {
        var response = Response(status: .forbidden)
        if let name = HTTPField.Name(CSRF.header) { response.headers[name] = state.csrf }
        return response
    }
}
