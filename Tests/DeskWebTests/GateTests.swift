import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import DeskWeb

private struct Echo: Page {
    static let template = "desk/expired"
    let action: String
    let back = "/"
    let canSendAgain = true
    let values: [ExpiredPage.Value]
}

/// A browser in small: keeps cookies and the token of the page it saw last.
struct Visitor {
    var cookies: [String: String] = [:]
    var token = ""

    mutating func take(_ response: TestResponse) {
        for line in response.headers[values: .setCookie] {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            if line.contains("Max-Age=0") { cookies[pair[0]] = nil } else { cookies[pair[0]] = pair.last ?? "" }
        }
        let html = String(buffer: response.body)
        if let start = html.firstRange(of: "name=\"csrf\" value=\"") {
            token = String(html[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    func headers(_ more: [String: String] = [:]) -> HTTPFields {
        var fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        fields[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        for (name, value) in more {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }
}

@Suite struct GateTests {
    private func app() throws -> some ApplicationProtocol {
        let router = Frames.router(try Frames.site())
        router.get("/form") { request, context in
            try context.render(Echo(action: "/form", values: []))
        }
        router.post("/form") { _, context in
            let form = try context.form()
            return context.redirect(to: form["to"], flash: .good("desk.nav.late", ["count": .text(form["x"])]))
        }
        router.post("/own") { _, context in
            do {
                return context.redirect(to: try context.form()["to"])
            } catch let expired as ExpiredForm {
                let kept = expired.form["x"]
                let page = Echo(action: "/own", values: [.init(name: "x", value: kept)])
                return try context.render(page, status: .forbidden)
            }
        }
        router.post("/files") { request, context in
            _ = try context.form()
            let form = try await MultipartReader.read(request, limits: .init(bytes: 100, files: 1)) { _ in }
            return context.redirect(to: form["to"])
        }
        return Application(router: router)
    }

    private func opened(_ client: some TestClientProtocol) async throws -> Visitor {
        var visitor = Visitor()
        visitor.take(try await client.execute(uri: "/form", method: .get))
        #expect(!visitor.token.isEmpty)
        return visitor
    }

    @Test func `a form with its token passes and its message shows once`() async throws {
        try await app().test(.router) { client in
            var visitor = try await opened(client)
            let body = ByteBuffer(string: "csrf=\(visitor.token)&to=/form&x=7%3C")
            let sent = try await client.execute(uri: "/form", method: .post, headers: visitor.headers(), body: body)
            #expect(sent.status == .seeOther && sent.headers[.location] == "/form")
            visitor.take(sent)
            let next = try await client.execute(uri: "/form", method: .get, headers: visitor.headers())
            #expect(String(buffer: next.body).contains("7&lt; late"))
            visitor.take(next)
            let later = try await client.execute(uri: "/form", method: .get, headers: visitor.headers())
            #expect(!String(buffer: later.body).contains("7&lt; late"))
        }
    }

    @Test(arguments: ["", "csrf=&to=/form", "csrf=AAAA&to=/form"])
    func `without the session's token nothing passes`(body: String) async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(),
                body: ByteBuffer(string: body)
            )
            #expect(sent.status == .forbidden)
        }
    }

    @Test(arguments: [
        ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "https://evil.example"],
        ["Origin": "null"],
    ])
    func `a post from elsewhere is refused even with the token`(headers: [String: String]) async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(headers),
                body: ByteBuffer(string: "csrf=\(visitor.token)&to=/form")
            )
            #expect(sent.status == .forbidden)
            #expect(sent.headers[.location] == nil)
        }
    }

    @Test func `another visitor's token is refused`() async throws {
        try await app().test(.router) { client in
            let other = try await opened(client)
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(),
                body: ByteBuffer(string: "csrf=\(other.token)&to=/form")
            )
            #expect(sent.status == .forbidden)
        }
    }

    @Test func `a stale token of our own page brings everything typed back to send again`() async throws {
        try await app().test(.router) { client in
            var visitor = try await opened(client)
            let stale = visitor.headers(["Sec-Fetch-Site": "same-origin"])
            let body = ByteBuffer(string: "csrf=old&to=/form&x=a%22b")
            let sent = try await client.execute(uri: "/form", method: .post, headers: stale, body: body)
            #expect(sent.status == .forbidden)
            #expect(String(buffer: sent.body).contains("name=\"x\" value=\"a&quot;b\""))
            #expect(!String(buffer: sent.body).contains("value=\"old\""))
            visitor.take(sent)
            let again = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(["Sec-Fetch-Site": "same-origin"]),
                body: ByteBuffer(string: "csrf=\(visitor.token)&to=/form&x=a")
            )
            #expect(again.status == .seeOther)
        }
    }

    @Test func `secrets are never printed back`() async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(["Sec-Fetch-Site": "same-origin"]),
                body: ByteBuffer(string: "csrf=old&login=ann&password=hunter2")
            )
            #expect(sent.status == .forbidden)
            #expect(!String(buffer: sent.body).contains("hunter2"))
        }
    }

    @Test func `a page may show its own form again`() async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/own",
                method: .post,
                headers: visitor.headers(["Sec-Fetch-Site": "same-origin"]),
                body: ByteBuffer(string: "csrf=old&x=kept")
            )
            #expect(String(buffer: sent.body).contains("action=\"/own\""))
            #expect(String(buffer: sent.body).contains("value=\"kept\""))
        }
    }

    @Test func `an autosave after a new sign-in is handed the new token`() async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let headers = visitor.headers([
                "Sec-Fetch-Site": "same-origin", "X-Desk-Autosave": "1", "X-CSRF-Token": "old",
            ])
            let sent = try await client.execute(uri: "/form", method: .post, headers: headers)
            #expect(sent.status == .forbidden)
            #expect(HTTPField.Name("X-CSRF-Token").flatMap { sent.headers[$0] } == visitor.token)
            let foreign = visitor.headers(["Sec-Fetch-Site": "cross-site", "X-Desk-Autosave": "1"])
            let refused = try await client.execute(uri: "/form", method: .post, headers: foreign)
            #expect(HTTPField.Name("X-CSRF-Token").flatMap { refused.headers[$0] } == nil)
        }
    }

    @Test func `a form with files is let through by the token before them`() async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let part = { (name: String, more: String, value: String) in
                "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n\(value)\r\n"
            }
            let file = part("f", "; filename=\"a.png\"", "PNG")
            let rest = file + part("to", "", "/form") + "--b--\r\n"
            var headers = visitor.headers()
            headers[.contentType] = "multipart/form-data; boundary=b"
            let good = part("csrf", "", visitor.token) + rest
            let sent = try await client.execute(
                uri: "/files",
                method: .post,
                headers: headers,
                body: ByteBuffer(string: good)
            )
            #expect(sent.status == .seeOther && sent.headers[.location] == "/form")
            let late = rest.replacing("--b--", with: part("csrf", "", visitor.token) + "--b--")
            let refused = try await client.execute(
                uri: "/files",
                method: .post,
                headers: headers,
                body: ByteBuffer(string: late)
            )
            #expect(refused.status == .forbidden)
        }
    }

    @Test func `a form larger than its limit is refused`() async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(),
                body: ByteBuffer(string: "csrf=\(visitor.token)&x=" + String(repeating: "a", count: 3000))
            )
            #expect(sent.status == .contentTooLarge)
        }
    }

    @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", ""])
    func `a redirect stays in the console`(path: String) async throws {
        try await app().test(.router) { client in
            let visitor = try await opened(client)
            let sent = try await client.execute(
                uri: "/form",
                method: .post,
                headers: visitor.headers(),
                body: ByteBuffer(string: "csrf=\(visitor.token)&to=\(urlEncoded(path))")
            )
            #expect(sent.headers[.location] == "/")
        }
    }
}
