import Hummingbird

/// What went wrong, what to do, and the number to quote.
struct ErrorCard {
    let title: String
    let explanation: String
    let reference: String
    let isOurFault: Bool

    init(_ refusal: PageError, _ state: PageState) {
        let words = state.words
        explanation = words(refusal.key, refusal.arguments)
        let own = "desk.error.title.s\(refusal.status.code)"
        title = words.has(own) ? words(own) : words("desk.error.title.other")
        reference = state.reference
        isOurFault = refusal.status.kind == .serverError
    }
}

/// An error as a visitor sees it.
struct ErrorPage: Page {
    static let template = "desk/error"

    let card: ErrorCard
}

/// The same for somebody signed in: with the sidebar, so that they go on from where they are.
struct InsideErrorPage: Page {
    static let template = "desk/error-inside"

    let card: ErrorCard
}

/// A form that was open longer than its session: everything typed, to be sent once more with a token of today.
struct ExpiredPage: Page {
    struct Value {
        let name: String
        let value: String
    }

    static let template = "desk/expired"

    let action: String
    let back: String
    let values: [Value]
    /// False when the form held a secret or a file, which is never printed back.
    let canSendAgain: Bool

    init(_ form: Form, _ request: Request) {
        let own: Set<String> = [CSRF.field]
        let secrets = ["password", "secret", "code", "token"]
        let hasSecret = form.fields.contains { field in secrets.contains { field.name.contains($0) } }
        let hasFile = MultipartParser.boundary(of: request.headers[.contentType] ?? "") != nil
        canSendAgain = !hasSecret && !hasFile
        action = localPath(request.head.path ?? "/")
        back = localPath(request.uri.path)
        let kept = canSendAgain ? form.fields.filter { !own.contains($0.name) } : []
        values = kept.map { Value(name: $0.name, value: $0.value) }
    }
}

/// The same for somebody signed in.
struct InsideExpiredPage: Page {
    static let template = "desk/expired-inside"

    let card: ExpiredPage
}
