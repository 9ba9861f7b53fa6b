import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Secrets

/// `/sign-in`, `/sign-in/code`, `/sign-out`.
struct SignInRoutes: Sendable {
    let access: AccessService

    private var cookies: CookieJar { access.desk.site.cookies }

    func add(to router: Router<DeskContext>) {
        router.get("/sign-in") { request, context in
            if context.staff != nil { return context.redirect(to: request.query("next") ?? "/") }
            let notice = request.query("ended").map { $0 == "2" ? "access.sign_in.ended_post" : "access.sign_in.ended" }
            return try context.render(
                SignInPage(context.words, next: request.query("next") ?? "/", notice: notice)
            )
        }
        router.post("/sign-in") { request, context in try await password(request, context) }
        router.get("/sign-in/code") { request, context in
            guard let pending = cookies.value("sign-in", in: request), try await access.signIn.waits(Redacted(pending))
            else { return context.redirect(to: "/sign-in") }
            return try context.render(CodePage(context.words, next: request.query("next") ?? "/"))
        }
        router.post("/sign-in/code") { request, context in try await code(request, context) }
        router.post("/sign-out") { request, context in try await signOut(request, context) }
    }

    private func caller(_ request: Request, _ context: DeskContext) -> SignIn.Caller {
        SignIn.Caller(
            address: access.address(of: request, context),
            device: cookies.value("device", in: request),
            browser: BrowserName(request).text
        )
    }

    private func password(_ request: Request, _ context: DeskContext) async throws -> Response {
        let form: Form
        do {
            form = try context.form()
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try page(context, expired.form, errors, .forbidden)
        }
        var errors = FieldErrors()
        let (login, password) = (form["login"], form["password"])
        if login.isEmpty { errors.add("login", "desk.field.required") }
        if password.isEmpty { errors.add("password", "desk.field.required") }
        guard errors.isEmpty else { return try page(context, form, errors, .unprocessableContent) }
        do {
            let pending = try await access.signIn.password(
                login: login,
                password: Redacted(password),
                from: caller(request, context)
            )
            var response = context.redirect(to: "/sign-in/code?next=\(PathText.encoded(form["next"]))")
            // Whatever session the browser had before ends with the new one.
            try await endSession(request, on: &response)
            cookies.set("sign-in", to: pending.reveal(), for: SignIn.pendingMinutes * 60, on: &response)
            return response
        } catch let refusal as SignIn.Refusal {
            errors.add("access.sign_in.refused.\(refusal.rawValue)")
            return try page(context, form, errors, refusal == .spent ? .tooManyRequests : .unprocessableContent)
        } catch SecretsError.busy {
            errors.add("access.sign_in.busy")
            return try page(context, form, errors, .serviceUnavailable)
        }
    }

    private func page(
        _ context: DeskContext,
        _ form: Form,
        _ errors: FieldErrors,
        _ status: HTTPResponse.Status
    ) throws -> Response {
        try context.render(
            SignInPage(context.words, next: form["next"], form: form, errors: errors),
            status: status
        )
    }

    private func code(_ request: Request, _ context: DeskContext) async throws -> Response {
        let form = try context.form()
        guard let pending = cookies.value("sign-in", in: request) else {
            return context.redirect(to: "/sign-in", flash: .bad("access.sign_in.refused.over"))
        }
        var errors = FieldErrors()
        if form["code"].isEmpty { errors.add("code", "desk.field.required") }
        if errors.isEmpty {
            do {
                let opened = try await access.signIn.code(
                    Redacted(form["code"]),
                    pending: Redacted(pending),
                    from: caller(request, context)
                )
                return welcome(opened, form["next"], context)
            } catch SignIn.Refusal.over {
                return context.redirect(to: "/sign-in", flash: .bad("access.sign_in.refused.over"))
            } catch let refusal as SignIn.Refusal {
                errors.add("code", "access.code.refused.\(refusal.rawValue)")
            }
        }
        return try context.render(
            CodePage(context.words, next: form["next"], form: form, errors: errors),
            status: .unprocessableContent
        )
    }

    private func welcome(_ opened: SignIn.Opened, _ next: String, _ context: DeskContext) -> Response {
        let left = opened.codesLeft.map { Flash(.warn, "access.code.left", ["n": .number($0)]) }
        var response = context.redirect(to: next.isEmpty ? "/" : next, flash: left)
        cookies.set("session", to: opened.token.reveal(), on: &response)
        cookies.set("device", to: opened.device.reveal(), for: 31_536_000, on: &response)
        cookies.clear("sign-in", on: &response)
        return response
    }

    private func signOut(_ request: Request, _ context: DeskContext) async throws -> Response {
        _ = try context.form()
        var response = context.redirect(to: "/sign-in", flash: .good("access.signed_out"))
        try await endSession(request, on: &response)
        return response
    }

    private func endSession(_ request: Request, on response: inout Response) async throws {
        guard let token = cookies.value("session", in: request) else { return }
        try await access.signIn.signOut(Redacted(token))
        cookies.clear("session", on: &response)
    }
}

/// Name and password.
struct SignInPage: Page {
    static let template = "access/sign-in"

    let next: String
    let notice: String?
    let problems: ProblemsView?
    let login: FieldView
    let password: FieldView

    init(
        _ words: Words,
        next: String,
        notice: String? = nil,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) {
        let fields = Fields(words, form: form, errors: errors)
        self.next = next
        self.notice = notice.map { words($0) }
        problems = fields.problems
        login = fields.text("login", "access.field.login", autocomplete: "username")
        password = fields.text(
            "password",
            "access.field.password",
            kind: .password,
            max: 1000,
            autocomplete: "current-password"
        )
    }
}

/// The second step.
struct CodePage: Page {
    static let template = "access/code"

    let next: String
    let problems: ProblemsView?
    let code: FieldView

    init(_ words: Words, next: String, form: Form? = nil, errors: FieldErrors = FieldErrors()) {
        let fields = Fields(words, form: form, errors: errors)
        self.next = next
        problems = fields.problems
        code = fields.text(
            "code",
            "access.field.code",
            kind: .text,
            hint: "access.code.hint",
            max: 20,
            autocomplete: "one-time-code"
        )
    }
}
