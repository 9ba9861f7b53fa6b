import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Secrets

/// `/welcome/{token}`: the set-up link.
struct WelcomeRoutes: Sendable {
    let access: AccessService

    private var setUp: SetUp { SetUp(desk: access.desk, hasher: access.hasher) }

    func add(to router: Router<DeskContext>) {
        router.get("/welcome/{token}") { _, context in
            let token = try context.parameters.require("token")
            do {
                let invitation = try await setUp.invitation(Redacted(token))
                return try context.render(WelcomePage(context.words, invitation, token: token))
            } catch SetUp.Refusal.linkIsVoid {
                return try context.render(VoidLinkPage(), status: .notFound)
            }
        }
        router.post("/welcome/{token}") { _, context in try await accept(context) }
    }

    private func accept(_ context: DeskContext) async throws -> Response {
        let token = try context.parameters.require("token")
        let form = try context.form()
        do {
            let invitation = try await setUp.invitation(Redacted(token))
            var errors = check(form, invitation)
            if errors.isEmpty {
                do {
                    let codes = try await setUp.accept(
                        invitation,
                        password: Redacted(form["password"]),
                        code: Redacted(form["code"]),
                        language: context.page.language.rawValue
                    )
                    return try context.render(RecoveryCodesPage(context.words, codes))
                } catch SetUp.Refusal.wrongCode {
                    errors.add("code", "access.welcome.wrong_code")
                } catch SecretsError.busy {
                    errors.add("access.sign_in.busy")
                }
            }
            return try context.render(
                WelcomePage(context.words, invitation, token: token, form: form, errors: errors),
                status: .unprocessableContent
            )
        } catch SetUp.Refusal.linkIsVoid {
            return try context.render(VoidLinkPage(), status: .notFound)
        }
    }

    private func check(_ form: Form, _ invitation: SetUp.Invitation) -> FieldErrors {
        var errors = FieldErrors()
        let password = form["password"]
        if let lack = StaffPassword.lack(password, login: invitation.login, name: invitation.name) {
            errors.add("password", "access.password.\(lack.rawValue)")
        } else if form["password_again"] != password {
            errors.add("password_again", "access.password.differs")
        }
        if form["code"].isEmpty { errors.add("code", "desk.field.required") }
        return errors
    }
}

/// Password and authenticator, in one form.
struct WelcomePage: Page {
    static let template = "access/welcome"

    let token: String
    let name: String
    let login: String
    let secret: String
    let uri: String
    let picture: PictureView?
    let problems: ProblemsView?
    let password: FieldView
    let passwordAgain: FieldView
    let code: FieldView

    init(
        _ words: Words,
        _ invitation: SetUp.Invitation,
        token: String,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) {
        let fields = Fields(words, form: form, errors: errors)
        self.token = token
        name = invitation.name
        login = invitation.login
        let letters = Array(invitation.totp.revealBase32().reveal())
        secret = stride(from: 0, to: letters.count, by: 4).map { start in
            String(letters[start..<min(start + 4, letters.count)])
        }.joined(separator: " ")
        uri = invitation.totp.uri(issuer: words("desk.product"), account: invitation.login).reveal()
        picture = QRCode(uri).map { PictureView(path: $0.path, size: $0.size + 8) }
        problems = fields.problems
        password = fields.text(
            "password",
            "access.field.new_password",
            kind: .password,
            hint: "access.password.hint",
            max: 200,
            autocomplete: "new-password"
        )
        passwordAgain = fields.text(
            "password_again",
            "access.field.password_again",
            kind: .password,
            max: 200,
            autocomplete: "new-password"
        )
        code = fields.text(
            "code",
            "access.field.code",
            kind: .digits,
            hint: "access.welcome.code_hint",
            max: 10,
            autocomplete: "one-time-code"
        )
    }

    struct PictureView: Sendable {
        let path: String
        /// Side of the picture in modules, its quiet zone of four on each side included.
        let size: Int
    }
}

/// A link that was used, is too old, or never was.
struct VoidLinkPage: Page {
    static let template = "access/void-link"
}

/// The recovery codes, once.
struct RecoveryCodesPage: Page {
    static let template = "access/recovery-codes"

    let codes: [String]
    /// The same as a text file in a `data:` address, so that nothing of it is kept here.
    let file: String

    init(_ words: Words, _ codes: [Redacted<String>]) {
        self.codes = codes.map { $0.reveal() }
        let text = words("desk.product") + "\n" + self.codes.joined(separator: "\n") + "\n"
        file = "data:text/plain;charset=utf-8," + PathText.encoded(text)
    }
}
