import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import DeskWeb

private struct Blank: Page {
    static let template = "test/blank"
    let title = "Łódź"
}

private struct Broken: Error, CustomStringConvertible {
    let description = "phone +48 500 000 127"
}

@Suite struct FrameTests {
    private func site() throws -> DeskSite {
        let own = try Frames.site()
        var sources: [String: String] = [
            "test/blank": "{{<layouts/console}}{{$title}}{{title}}{{/title}}{{$main}}<h1>{{title}}</h1>{{/main}}"
                + "{{/layouts/console}}"
        ]
        for folder in ["components", "layouts", "pages"] {
            for path in try FileManager.default.subpathsOfDirectory(atPath: "\(Frames.root)/\(folder)")
            where path.hasSuffix(".mustache") && (folder != "pages" || path.hasPrefix("desk/")) {
                let name = (folder == "layouts" ? "layouts/" : "") + path.dropLast(9)
                sources[name] = try String(contentsOfFile: "\(Frames.root)/\(folder)/\(path)", encoding: .utf8)
            }
        }
        let templates = try Templates(sources: sources, catalog: own.catalog, files: own.files)
        return DeskSite(catalog: own.catalog, templates: templates, files: own.files, sign: Frames.sign)
    }

    private func app() throws -> some ApplicationProtocol {
        let router = Frames.router(try site())
        router.get("/blank") { _, context in
            var context = context
            context.page.staff = StaffBadge(name: "Ewa Lis", roles: "helpdesk")
            context.page.navigation = [
                NavigationEntry(key: "desk.nav.clients", href: "/blank", badge: CappedCount(1200)),
                NavigationEntry(key: "desk.nav.audit", href: "/audit", lateBadge: CappedCount(2)),
            ]
            context.page.portals = [.init(id: PortalID(1), name: "EFL"), .init(id: PortalID(2), name: "Arval")]
            return try context.render(Blank())
        }
        router.get("/broken") { _, _ -> Response in throw Broken() }
        router.get("/api/broken") { _, _ -> Response in throw PageError.notFound }
        return Application(router: router)
    }

    @Test func `the frame names page, place, staff and what waits`() async throws {
        try await app().test(.router) { client in
            let html = String(buffer: try await client.execute(uri: "/blank", method: .get).body)
            #expect(html.contains("<title>Łódź · PortalDesk</title>"))
            #expect(html.contains("<html lang=\"en\" data-theme=\"system\">"))
            #expect(html.contains("href=\"/blank\" aria-current=\"page\""))
            #expect(html.contains("1,000+") && html.contains("2 late"))
            #expect(html.contains("Ewa Lis") && html.contains("<option value=\"2\" >Arval</option>"))
            #expect(!html.contains("style=") && !html.contains("<script>") && !html.contains("onclick"))
        }
    }

    @Test func `language and theme are switched in place by a plain form and remembered`() async throws {
        try await app().test(.router) { client in
            var visitor = Visitor()
            visitor.take(try await client.execute(uri: "/blank?q=1", method: .get))
            for (field, value) in [("language", "hu"), ("theme", "dark"), ("shortcuts", "off")] {
                let body = ByteBuffer(string: "csrf=\(visitor.token)&return_to=%2Fblank%3Fq%3D1&\(field)=\(value)")
                let sent = try await client.execute(
                    uri: "/preferences",
                    method: .post,
                    headers: visitor.headers(),
                    body: body
                )
                #expect(sent.status == .seeOther && sent.headers[.location] == "/blank?q=1")
                visitor.take(sent)
            }
            let page = try await client.execute(uri: "/blank", method: .get, headers: visitor.headers())
            let html = String(buffer: page.body)
            #expect(html.contains("<html lang=\"hu\" data-theme=\"dark\">"))
            #expect(html.contains("Kijelentkezés") && !html.contains("data-shortcuts"))
        }
    }

    @Test func `the browser's language is the first choice of whom we do not know`() async throws {
        try await app().test(.router) { client in
            let page = try await client.execute(uri: "/blank", method: .get, headers: [.acceptLanguage: "ru, en;q=0.5"])
            #expect(page.headers[.contentLanguage] == "ru")
            #expect(String(buffer: page.body).contains("Выйти"))
        }
    }

    @Test func `every answer carries the security headers`() async throws {
        try await app().test(.router) { client in
            for path in ["/blank", "/none", "/broken", "/api/broken"] {
                let headers = try await client.execute(uri: path, method: .get).headers
                let policy = HTTPField.Name("Content-Security-Policy").flatMap { headers[$0] } ?? ""
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(HTTPField.Name("X-Content-Type-Options").flatMap { headers[$0] } == "nosniff")
                #expect(headers[.cacheControl] == "no-store")
                #expect(headers[.strictTransportSecurity] != nil)
            }
        }
    }

    @Test func `cookies are bound to the host and out of reach of scripts`() async throws {
        try await app().test(.router) { client in
            let cookies = try await client.execute(uri: "/blank", method: .get).headers[values: .setCookie]
            let visitor = try #require(cookies.first)
            #expect(visitor.hasPrefix("__Host-desk-visitor="))
            for word in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] { #expect(visitor.contains(word)) }
        }
        #expect(CookieJar(secure: false).name("session") == "desk-session")
    }

    @Test func `a failure shows a reference number and nothing of its cause`() async throws {
        try await app().test(.router) { client in
            let page = try await client.execute(uri: "/broken", method: .get)
            let html = String(buffer: page.body)
            #expect(page.status == .internalServerError)
            #expect(html.firstMatch(of: /<b>[2-9A-Z]{4}-[2-9A-Z]{4}<\/b>/) != nil)
            #expect(!html.contains("500 000 127"))
            #expect(try await client.execute(uri: "/none", method: .get).status == .notFound)
        }
    }

    @Test func `programs are told in JSON`() async throws {
        try await app().test(.router) { client in
            for (path, headers) in [("/api/broken", HTTPFields()), ("/none", [.accept: "application/json"])] {
                let answer = try await client.execute(uri: path, method: .get, headers: headers)
                #expect(answer.status == .notFound)
                #expect(answer.headers[.contentType] == "application/json")
                #expect(String(buffer: answer.body).contains("\"code\":\"not_found\""))
            }
        }
    }

    @Test func `static files have the hash of their content as name and are sent compressed`() async throws {
        let files = try site().files
        let path = try #require(files.path(of: "desk.css"))
        #expect(path.firstMatch(of: /^\/static\/desk\.[0-9a-f]{16}\.css$/) != nil)
        try await app().test(.router) { client in
            let plain = try await client.execute(uri: path, method: .get)
            #expect(plain.headers[.cacheControl]?.contains("immutable") == true)
            #expect(String(buffer: plain.body).contains(".card"))
            let packed = try await client.execute(uri: path, method: .get, headers: [.acceptEncoding: "br, gzip;q=0.8"])
            #expect(packed.headers[.contentEncoding] == "gzip")
            #expect(packed.body.readableBytes < plain.body.readableBytes / 2)
            #expect(Array(packed.body.readableBytesView.prefix(2)) == [0x1F, 0x8B])
            let never = try await client.execute(uri: path, method: .get, headers: [.acceptEncoding: "gzip;q=0"])
            #expect(never.headers[.contentEncoding] == nil)
            let tag = try #require(plain.headers[.eTag])
            let same = try await client.execute(uri: path, method: .get, headers: [.ifNoneMatch: tag])
            #expect(same.status == .notModified)
            #expect(try await client.execute(uri: "/static/../Package.swift", method: .get).status == .notFound)
        }
    }

    @Test func `a changed file changes its name and that of the script which imports it`() {
        let one = StaticFiles(contents: ["a.js": Array("import \"./b.js\"".utf8), "b.js": Array("1".utf8)])
        let two = StaticFiles(contents: ["a.js": Array("import \"./b.js\"".utf8), "b.js": Array("2".utf8)])
        #expect(one.path(of: "b.js") != two.path(of: "b.js"))
        #expect(one.path(of: "a.js") != two.path(of: "a.js"))
        #expect(StaticFiles(contents: ["x.js": Array("\"./x.js\"".utf8)]).path(of: "x.js") != nil)
    }

    @Test func `links of a list keep its filters`() throws {
        let request = Request(
            head: .init(method: .get, scheme: nil, authority: nil, path: "/clients?q=%C5%81&before=x~1&state=a"),
            body: .init(buffer: ByteBuffer())
        )
        let slice = PageSlice(fetched: [1, 2], request: PageRequest(size: 1)) { PageKey("a b", "\($0)") }
        let pager = PagerView(slice, request)
        #expect(pager.after == "/clients?q=%C5%81&state=a&after=a%2120b~1")
        #expect(pager.before == nil)
        let ask = request.pageRequest(parts: 2)
        #expect(ask.isBackward && ask.key == PageKey("x", "1"))
        #expect(request.query("q") == "Ł" && request.query("none") == nil)
    }
}
