import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Postgres
import Secrets

/// `/access/own`: the reader's own password, recovery codes and sessions.
struct OwnRoutes: Sendable {
    let access: AccessService

    private var own: OwnAccess { OwnAccess(access: access) }

    func add(to router: Router<DeskContext>) {
        router.get("/access/own") { _, context in try await page(context) }
        router.post("/access/own/password") { request, context in try await changePassword(request, context) }
        router.post("/access/own/recovery-codes") { request, context in try await renewCodes(request, context) }
        router.post("/access/own/sessions") { _, context in try await endOthers(context) }
    }

    private func mine(_ context: DeskContext) throws -> [UInt8] {
        guard let hash = context.sessionHash else { throw PageError.forbidden }
        return hash
    }

    private func caller(_ request: Request, _ context: DeskContext) -> SignIn.Caller {
        SignIn.Caller(
            address: access.address(of: request, context),
            device: access.desk.site.cookies.value("device", in: request)
        )
    }

    private func page(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let staff = try context.signedIn()
        let mine = try mine(context)
        let (sessions, codes) = try await access.desk.database.read(.installation(staff: staff.id)) { session in
            (
                try session.all(
                    AccessQueries.ownSessions,
                    ["staff": staff.id, "mine": mine, "portal": staff.portals.first ?? PortalID(0)]
                ),
                try session.one(AccessQueries.countRecoveryCodes, ["staff": staff.id])
            )
        }
        return try context.render(
            OwnPage(context.words, staff, sessions, codes: codes, form: form, errors: errors),
            status: status
        )
    }

    private func changePassword(_ request: Request, _ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        let form = try context.form()
        var errors = FieldErrors()
        if form["password"].isEmpty { errors.add("password", "desk.field.required") }
        let new = form["new_password"]
        if let lack = StaffPassword.lack(new, login: staff.login, name: staff.name) {
            errors.add("new_password", "access.password.\(lack.rawValue)")
        } else if form["new_password_again"] != new {
            errors.add("new_password_again", "access.password.differs")
        }
        guard errors.isEmpty else {
            return try await page(context, form: form, errors: errors, status: .unprocessableContent)
        }
        do {
            try await own.changePassword(
                of: staff,
                from: Redacted(form["password"]),
                to: Redacted(new),
                session: try mine(context),
                caller(request, context)
            )
            return context.redirect(to: "/access/own", flash: .good("access.own.password_changed"))
        } catch let refusal as OwnAccess.Refusal {
            errors.add("password", "access.own.refused.\(refusal.rawValue)")
            let status: HTTPResponse.Status = refusal == .spent ? .tooManyRequests : .unprocessableContent
            return try await page(context, form: form, errors: errors, status: status)
        } catch SecretsError.busy {
            errors.add("access.sign_in.busy")
            return try await page(context, form: form, errors: errors, status: .serviceUnavailable)
        }
    }

    private func renewCodes(_ request: Request, _ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        let form = try context.form()
        var errors = FieldErrors()
        if form["code"].isEmpty { errors.add("code", "desk.field.required") }
        var status = HTTPResponse.Status.unprocessableContent
        if errors.isEmpty {
            do {
                let codes = try await own.renewRecoveryCodes(
                    of: staff,
                    code: Redacted(form["code"]),
                    caller(request, context)
                )
                return try context.render(OwnCodesPage(codes: RecoveryCodesPage(context.words, codes)))
            } catch let refusal as OwnAccess.Refusal {
                if refusal == .spent { status = .tooManyRequests }
                errors.add("code", "access.code.refused.\(refusal == .spent ? "spent" : "wrong")")
            }
        }
        return try await page(context, form: form, errors: errors, status: status)
    }

    private func endOthers(_ context: DeskContext) async throws -> Response {
        _ = try context.form()
        let ended = try await own.endOthers(of: try context.signedIn(), session: try mine(context))
        return context.redirect(
            to: "/access/own",
            flash: Flash(.good, "access.own.others_ended", ["n": .number(ended)])
        )
    }
}

/// The reader's own access.
struct OwnPage: Page {
    static let template = "access/own"

    struct SessionLine: Sendable {
        let browser: String
        let isMine: Bool
        let began: String
        let seen: String
    }

    let name: String
    let login: String
    let problems: ProblemsView?
    let passwords: [FieldView]
    let code: FieldView
    let codesLeft: String
    let sessions: [SessionLine]
    let hasOthers: Bool

    init(
        _ words: Words,
        _ staff: StaffContext,
        _ rows: [OwnSessionRow],
        codes: Int,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) {
        let fields = Fields(words, form: form, errors: errors)
        name = staff.name
        login = staff.login
        problems = fields.problems
        func password(_ name: String, _ label: String, _ complete: String, hint: String? = nil) -> FieldView {
            fields.text(name, label, kind: .password, hint: hint, max: 200, autocomplete: complete)
        }
        passwords = [
            password("password", "access.own.current", "current-password"),
            password("new_password", "access.field.new_password", "new-password", hint: "access.password.hint"),
            password("new_password_again", "access.field.password_again", "new-password"),
        ]
        code = fields.text(
            "code",
            "access.field.code",
            kind: .digits,
            hint: "access.own.code_hint",
            max: 10,
            autocomplete: "one-time-code"
        )
        codesLeft = words("access.own.codes_left", ["n": .number(codes)])
        sessions = rows.map { row in
            SessionLine(
                browser: row.browser.isEmpty ? words("access.own.unknown_browser") : row.browser,
                isMine: row.isMine,
                began: words.recent(row.began, today: row.today),
                seen: words.recent(row.seen, today: row.today)
            )
        }
        hasOthers = rows.contains { !$0.isMine }
    }
}

/// New recovery codes of somebody who is signed in, once.
struct OwnCodesPage: Page {
    static let template = "access/own-codes"

    let codes: RecoveryCodesPage
}
