import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting

/// Speaks to the portal API as a portal's own front end does.
struct PortalCaller: Sendable {
    let client: any TestClientProtocol

    struct Answer: Sendable {
        let status: Int
        let json: [String: String]
        let text: String

        var error: String? { json["error.code"] }
        var token: String { json["token"] ?? "" }
    }

    func post(
        _ path: String,
        _ body: [String: String],
        portal: String = "ebok-millennium",
        token: String? = nil
    )
        async throws -> Answer
    {
        try await call(.post, path, body, portal: portal, token: token)
    }

    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: [String: String]? = nil,
        portal: String = "ebok-millennium",
        token: String? = nil,
        key: String? = House.portalKey
    ) async throws -> Answer {
        let text = try body.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        return try await send(method, path, text, portal: portal, token: token, key: key)
    }

    /// A body as it is written, at the portal whose clients sign in by phone.
    func json(_ method: HTTPRequest.Method, _ path: String, _ body: String, token: String) async throws -> Answer {
        try await send(method, path, body, portal: "klientefl", token: token, key: House.portalKey)
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String?,
        portal: String,
        token: String?,
        key: String?
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        if let key, let name = HTTPField.Name("X-Portal-Key") { headers[name] = key }
        if let token { headers[.authorization] = "Bearer \(token)" }
        var buffer: ByteBuffer?
        if let body {
            headers[.contentType] = "application/json"
            buffer = ByteBuffer(string: body)
        }
        return try await client.execute(
            uri: "/api/portals/\(portal)/v1/\(path)",
            method: method,
            headers: headers,
            body: buffer
        ) { response in
            let bytes = Data(response.body.readableBytesView)
            let object = (try? JSONSerialization.jsonObject(with: bytes)) as? [String: Any] ?? [:]
            var flat: [String: String] = [:]
            for (name, value) in object {
                if let inner = value as? [String: Any] {
                    for (key, deep) in inner { flat["\(name).\(key)"] = "\(deep)" }
                } else {
                    flat[name] = "\(value)"
                }
            }
            return Answer(
                status: response.status.code,
                json: flat,
                text: String(decoding: bytes, as: UTF8.self)
            )
        }
    }
}
