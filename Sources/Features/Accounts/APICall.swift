import Access
import DeskKit
import DeskWeb
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Portals

/// One authenticated call of a portal's front end.
struct APICall: Sendable {
    let portal: PortalProfile
    private let request: Request
    private let bytes: ByteBuffer

    /// Throws `APIProblem`: 404 for an unknown portal, 401 for a wrong key, 413 for more than 16 KiB.
    init(_ request: Request, _ context: DeskContext, desk: Desk, keys: PortalKeys) async throws {
        let word = try context.parameters.require("portal")
        guard let portal = try await desk.portals.find(word, desk.database) else {
            throw APIProblem(.notFound, "unknown_portal")
        }
        guard let key = request.headers[Self.keyHeader], try await keys.accepts(key, portal: portal.id) else {
            throw APIProblem(.unauthorized, "wrong_key")
        }
        self.portal = portal
        self.request = request
        var request = request
        do {
            bytes = try await request.collectBody(upTo: 16 * 1024)
        } catch {
            throw APIProblem(.contentTooLarge, "too_large")
        }
    }

    /// The body, strictly JSON. Throws `APIProblem` 400, which names the field and never its value.
    func body<Body: Decodable>() throws -> Body {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw APIProblem(.unsupportedMediaType, "not_json")
        }
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView))
        } catch DecodingError.keyNotFound(let key, _) {
            throw APIProblem(.badRequest, "missing_field", lacks: [key.stringValue])
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw APIProblem(.badRequest, "wrong_type", lacks: context.codingPath.map(\.stringValue))
        } catch {
            throw APIProblem(.badRequest, "not_json")
        }
    }

    /// The session's token. Throws `APIProblem` 401 without one.
    func token() throws -> String {
        let value = request.headers[.authorization] ?? ""
        guard value.lowercased().hasPrefix("bearer "), value.utf8.count < 200 else {
            throw APIProblem(.unauthorized, "no_session")
        }
        return String(value.dropFirst("bearer ".count)).trimmingBlanks
    }

    private static let keyHeader = HTTPField.Name("X-Portal-Key") ?? .authorization
}

/// What a call answers.
enum APIAnswer {
    case session(OpenedSession, HTTPResponse.Status)
    case account(AccountSessionRow, [AccessRow])
    case thanks(String)
    /// A sentence of the catalogue, in the language asked for.
    case message(String, HTTPResponse.Status)
    case reminders(SelfService.ReminderSettings)
    case users([CompanyUser])
    case taken(TakenRequest)

    func response(words: Words, catalog: Catalog) throws -> Response {
        switch self {
        case .session(let opened, let status):
            return try Response.json(
                SessionBody(
                    token: opened.token,
                    next: opened.step == .full ? nil : opened.step.rawValue,
                    device: opened.device
                ),
                status: status
            )
        case .account(let row, let accesses):
            return try Response.json(
                AccountBody(
                    login: row.login,
                    name: row.personName,
                    language: row.language,
                    next: row.step == .full ? nil : row.step.rawValue,
                    clients: accesses.map {
                        .init(id: $0.clientID.rawValue, name: $0.name, number: $0.customerNumber, rights: $0.rights)
                    }
                )
            )
        case .message(let key, let status): return try Response.json(["message": words(key)], status: status)
        case .reminders(let settings): return try Response.json(settings)
        case .users(let users):
            let lines = users.map {
                UsersBody.User(id: $0.id.rawValue, login: $0.login, name: $0.personName, state: $0.state.rawValue)
            }
            return try Response.json(UsersBody(users: lines))
        case .taken(let request):
            return try Response.json(
                TakenBody(
                    message: words("accounts.api.data_asked"),
                    number: request.number,
                    dueOn: request.dueOn.iso
                ),
                status: .accepted
            )
        case .thanks(let language):
            let language = Language(rawValue: language) ?? words.language
            return try Response.json(["message": Words(catalog, language)("accounts.api.signed_out")])
        }
    }

    private struct SessionBody: Encodable {
        let token: String
        /// What comes next (`set_password`, `second_step`); absent in a full session.
        let next: String?
        /// To be sent with the next sign-in of this browser.
        let device: String?
    }

    private struct TakenBody: Encodable {
        let message: String
        let number: Int64
        let dueOn: String
    }

    private struct UsersBody: Encodable {
        struct User: Encodable {
            let id: Int64
            let login: String
            let name: String
            let state: String
        }

        let users: [User]
    }

    private struct AccountBody: Encodable {
        struct Client: Encodable {
            let id: Int64
            let name: String
            let number: String?
            let rights: [String]
        }

        let login: String
        let name: String
        let language: String
        let next: String?
        let clients: [Client]
    }
}

/// A refusal as JSON: a code for programs, a sentence for people in the language asked for, what is lacking, and the
/// request's reference number.
struct APIProblem: Error {
    let status: HTTPResponse.Status
    let code: String
    let lacks: [String]
    /// The payments that stand in the way.
    let open: [OverdueItem]

    init(_ status: HTTPResponse.Status, _ code: String, lacks: [String] = [], open: [OverdueItem] = []) {
        self.status = status
        self.code = code
        self.lacks = lacks
        self.open = open
    }

    func response(_ context: DeskContext) throws -> Response {
        struct Body: Encodable {
            struct Item: Encodable {
                let kind: String
                let number: String
                let dueOn: String
                let amountMinor: Int64
                let currency: String

                init(_ item: OverdueItem) {
                    (kind, number, dueOn) = (item.kind, item.number, item.dueOn.iso)
                    (amountMinor, currency) = (item.amountMinor, item.currency)
                }
            }

            struct Problem: Encodable {
                let code: String
                let message: String
                let lacks: [String]
                let open: [Item]?
                let reference: String
            }

            let error: Problem
        }
        return try Response.json(
            Body(
                error: .init(
                    code: code,
                    message: context.words("accounts.api.\(code)"),
                    lacks: lacks,
                    open: open.isEmpty ? nil : open.map(Body.Item.init),
                    reference: context.page.reference
                )
            ),
            status: status
        )
    }
}
