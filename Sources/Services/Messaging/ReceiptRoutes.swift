import Access
import DeskKit
import DeskWeb
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

/// `/api/receipts/{portal}/{provider}/{token}`: where gateways tell what became of a message. What comes is stored at
/// once and matched after, so that it may come before our own row, twice, or in parts; the answer says only that it
/// was taken.
struct ReceiptRoutes: Sendable {
    private let desk: Desk
    private let address: ReceiptAddress

    init(desk: Desk) {
        self.desk = desk
        address = ReceiptAddress(keyRing: desk.keys, base: nil)
    }

    func add(to router: some RouterMethods<DeskContext>) {
        let path = "/api/receipts/{portal}/{provider}/{token}"
        router.get("\(path)") { request, context in try await take(request, context) }
        router.post("\(path)") { request, context in try await take(request, context) }
    }

    private func take(_ request: Request, _ context: DeskContext) async throws -> Response {
        guard let provider = context.parameters.get("provider", as: ProviderID.self),
            let portal = context.parameters.get("portal", as: PortalID.self),
            address.admits(try context.parameters.require("token"), portal, provider)
        else { throw PageError.notFound }
        let parameters = try await parameters(of: request)
        let scope = Scope.portal(portal)
        let row = try await desk.database.read(scope) { session in
            try session.first(MessagingQueries.findProvider, ["portal": portal, "provider": provider])
        }
        guard let row, row.kind == .httpSMS, let settings = try? ProviderSettings.SMS(json: row.settings) else {
            throw PageError.notFound
        }
        guard let receipt = Receipt(parameters, settings.receipt ?? .kannel) else { throw PageError.badRequest }
        let stored = try await desk.database.transaction(scope) { session in
            try session.one(
                MessagingQueries.storeReceipt,
                [
                    "portal": portal, "provider": provider, "reference": receipt.reference,
                    "provider_reference": receipt.providerReference, "word": receipt.word,
                    "outcome": receipt.outcome,
                ]
            )
        }
        _ = try await desk.database.transaction(scope) { session in
            try session.one(MessagingQueries.matchReceipts, ["portal": portal, "receipt": stored])
        }
        return Response(status: .accepted)
    }

    /// Of the address and, where a form is posted, of the form, which wins. At most 16 KB.
    private func parameters(of request: Request) async throws -> [String: String] {
        var parameters: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { parameters[String(name)] = String(value) }
        guard request.method == .post else { return parameters }
        var request = request
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(upTo: 16 * 1024)
        } catch is NIOTooManyBytesError {
            throw PageError.tooLarge
        }
        let type = (request.headers[.contentType] ?? "").lowercased()
        if type.hasPrefix("application/json") {
            let values = try? JSONDecoder().decode([String: ReceiptValue].self, from: Data(buffer.readableBytesView))
            for (name, value) in values ?? [:] { parameters[name] = value.text }
        } else if let form = Form(urlencoded: buffer.readableBytesView) {
            for field in form.fields { parameters[field.name] = field.value }
        }
        return parameters
    }
}

/// A value of a receipt in JSON: gateways write numbers as numbers or as texts.
private struct ReceiptValue: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else if let number = try? container.decode(Int64.self) {
            text = "\(number)"
        } else {
            text = ""
        }
    }
}
