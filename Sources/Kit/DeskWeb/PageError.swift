import DeskKit
package import HTTPTypes

/// A refusal that ends a request with an error page: its status and the key of the sentence that explains it.
package struct PageError: LoggableError {
    package let status: HTTPResponse.Status
    package let key: String
    package let arguments: [String: TextArgument]

    package init(_ status: HTTPResponse.Status, _ key: String, _ arguments: [String: TextArgument] = [:]) {
        self.status = status
        self.key = key
        self.arguments = arguments
    }

    /// Also what another portal's rows answer: whether they exist is nobody's business.
    package static let notFound = PageError(.notFound, "desk.error.not_found")
    package static let forbidden = PageError(.forbidden, "desk.error.forbidden")
    package static let badRequest = PageError(.badRequest, "desk.error.bad_request")
    package static let tooLarge = PageError(.contentTooLarge, "desk.error.too_large")
    package static let busy = PageError(.serviceUnavailable, "desk.error.busy")
    /// A form from another site, or without the console's token.
    package static let foreignForm = PageError(.forbidden, "desk.error.foreign_form")

    package var description: String { "\(status.code) \(key)" }
}

/// The form came from our own page but its token is of an earlier session. A handler may catch this around
/// `context.form()` and show its page again from `form`; otherwise a page offers to send everything once more.
package struct ExpiredForm: Error {
    package let form: Form
    /// The key of the message to show above the form.
    package let message = "desk.form.expired"
}
