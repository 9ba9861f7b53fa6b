import DeskKit
import Foundation
import HTTPTypes
import TestKit
import Testing

@testable import DeskWeb
@testable import Onboarding

/// What happens to an application over HTTP: what is typed is never lost, and what is sent twice is done once.
@Suite struct RouteTests {
    private func path(_ id: ApplicationID) -> String { "/onboarding/ebok/\(id)" }

    /// A field of a step as its page sends it: with the value that the page was made with.
    private func fields(_ name: String, _ now: String, was: String = "") -> [String: String] {
        [name: now, "was.\(name)": was, "go": "save"]
    }

    @Test func `a double click opens one application`() async throws {
        let console = try await Console.make()
        let form = ["what": "ebok/portal_users", FormKey.field: FormKey.issue().rawValue]
        let page = try await console.get("/onboarding").body
        let choice = page.firstMatch(of: /<option value="([^"]+portal_users[^"]*)"/).map { String($0.output.1) }
        let name = page.firstMatch(of: /<select[^>]* name="([^"]+)"/).map { String($0.output.1) }
        let typed = form.merging([try #require(name): try #require(choice)]) { $1 }
        async let left = console.post("/onboarding", typed)
        async let right = console.post("/onboarding", typed)
        let answers = [try await left, try await right]
        #expect(answers.allSatisfy { $0.status == .seeOther })
        #expect(Set(answers.map(\.location)).count == 1)
        #expect(try await console.desk.test.value("SELECT count(*) FROM application") == "1")
    }

    @Test func `a step saves what was typed, and shows it back with its sentence where it is wrong`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        let wrong = try await console.post(
            path(id) + "/form/client",
            fields("client.number.pl_nip", "999-000-00-21").merging(fields("client.name", "Żółw & <b>")) { $1 }
        )
        #expect(wrong.status == .unprocessableContent)
        #expect(wrong.body.contains("999-000-00-21") && wrong.body.contains("Żółw &amp; &lt;b&gt;"))
        #expect(wrong.body.contains("client.number.pl_nip-error"))
        let form = try await console.form(id)
        #expect(form["client.name"] == "Żółw & <b>" && form["client.number.pl_nip"] == "999-000-00-21")
    }

    @Test func `a form of an earlier session saves nothing and keeps everything typed`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        let text = "Łódzka \"Spółka\" 🚚"
        let expired = try await console.post(path(id) + "/form/client", fields("client.name", text), stale: true)
        #expect(expired.status == .forbidden)
        #expect(expired.body.contains("Łódzka &quot;Spółka&quot; 🚚"))
        #expect(expired.body.contains("action=\"\(path(id))/form/client\""))
        #expect(try await console.form(id)["client.name"] == nil)
        let again = try await console.post(path(id) + "/form/client", fields("client.name", text))
        #expect(again.status != .forbidden)
        #expect(try await console.form(id)["client.name"] == text)
    }

    @Test func `two tabs merge where they differ and meet where they do not, with both values shown`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        let step = path(id) + "/form/client"
        _ = try await console.post(step, fields("client.name", "First"))
        _ = try await console.post(step, fields("client.address", "Elsewhere"), as: Desktop.piotr)
        let met = try await console.post(step, fields("client.name", "Second"), as: Desktop.piotr)
        #expect(met.status == .conflict)
        #expect(met.body.contains("First") && met.body.contains("value=\"Second\""))
        let form = try await console.form(id)
        #expect(form["client.name"] == "First" && form["client.address"] == "Elsewhere")
        let decided = try await console.post(step, fields("client.name", "Second", was: "First"), as: Desktop.piotr)
        #expect(decided.status != .conflict)
        #expect(try await console.form(id)["client.name"] == "Second")
    }

    @Test func `a draft saves itself and says when; a stale page is handed a new token and tries again`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        let typed = ["client.name": "Wanda", "was.client.name": ""]
        let stale = try await console.post(path(id) + "/draft", typed, stale: true, byItself: true)
        #expect(stale.status == .forbidden && stale.token?.isEmpty == false && stale.body.isEmpty)
        #expect(try await console.form(id)["client.name"] == nil)
        let saved = try await console.post(path(id) + "/draft", typed, byItself: true)
        #expect(saved.status == .ok && saved.saved != nil)
        #expect(try await console.form(id)["client.name"] == "Wanda")
        let met = try await console.post(
            path(id) + "/draft",
            ["client.name": "Ewa", "was.client.name": ""],
            as: Desktop.piotr,
            byItself: true
        )
        #expect(met.status == .conflict && met.body.contains("Anna Nowak"))
        let long = String(repeating: "x", count: SaveDraft.longest + 1)
        let tooLong = try await console.post(path(id) + "/draft", ["client.name": long, "was.client.name": "Wanda"])
        #expect(tooLong.status == .unprocessableContent)
    }

    @Test func `a number is checked as its field is left`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        func check(_ value: String) async throws -> String {
            try await console.post(path(id) + "/check", ["field": "client.number.pl_nip", "value": value]).body
        }
        #expect(try await check("999-000-00-20").contains("\"problem\":\"\""))
        #expect(!(try await check("999-000-00-21").contains("\"problem\":\"\"")))
    }

    @Test func `a picture sent twice is kept once, and a page looked at twice stands once in the trail`()
        async throws
    {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        let picture = try #require(Self.picture)
        let taken = try await console.upload(
            path(id) + "/scans",
            [("one.png", picture), ("two with a \u{202E}name.pdf", picture)]
        )
        #expect(taken.status == .seeOther && taken.location == path(id) + "/form/client")
        let scans = try await console.desk.test.value("SELECT count(*) FROM scan")
        #expect(scans == "1")
        let scan = try await console.desk.test.value("SELECT min(id) FROM scan") ?? ""
        for _ in 1...2 {
            let image = try await console.get(path(id) + "/scans/\(scan)/1")
            #expect(image.status == .ok)
        }
        #expect(try await console.desk.trail(id).filter { $0 == "application.scan_viewed" }.count == 1)
        #expect(try await console.get(path(id) + "/scans/\(scan)/2").status == .notFound)
    }

    @Test func `what is no picture and no PDF is refused whatever its name, and nothing is kept`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.opened()
        for bytes in [Array("<svg onload=alert(1)>".utf8), Array("MZ\u{90}".utf8), []] {
            let refused = try await console.upload(path(id) + "/scans", [("paper.pdf", bytes)])
            #expect(refused.status == .seeOther)
        }
        let stale = try await console.upload(path(id) + "/scans", [("a.png", Self.picture ?? [])], stale: true)
        #expect(stale.status == .forbidden)
        #expect(try await console.desk.test.value("SELECT count(*) FROM scan") == "0")
    }

    @Test func `a second click on submit and on approve is told, and done once`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.filled()
        for _ in 1...2 { #expect(try await console.post(path(id) + "/submission", [:]).status.kind != .serverError) }
        #expect(try await console.desk.state(id) == "submitted")
        async let left = console.post(path(id) + "/approval", [:], as: Desktop.piotr)
        async let right = console.post(path(id) + "/approval", [:], as: Desktop.piotr)
        for answer in [try await left, try await right] { #expect(answer.status.kind != .serverError) }
        let trail = try await console.desk.trail(id)
        #expect(trail.filter { $0 == "application.submitted" }.count == 1)
        #expect(trail.filter { $0 == "application.approved" }.count == 1)
    }

    @Test func `nothing of another portal's application is there, and rights are asked for each act`() async throws {
        let console = try await Console.make()
        let id = try await console.desk.filled()
        for place in ["two/\(id)", "nowhere/\(id)", "ebok/999", "ebok/x"].map({ "/onboarding/" + $0 }) {
            #expect(try await console.get(place).status == .notFound, "\(place)")
            #expect(try await console.post(place + "/submission", [:]).status == .notFound, "\(place)")
        }
        #expect(try await console.post(path(id) + "/submission", [:], as: Desktop.olga).status == .forbidden)
        #expect(try await console.post(path(id) + "/approval", [:], as: Desktop.ewa).status == .forbidden)
        #expect(try await console.get(path(id) + "/form/nothing").status == .notFound)
        #expect(try await console.desk.state(id) == "draft")
    }

    /// A small red picture as PNG.
    static let picture: [UInt8]? = Data(
        base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAACgAAAAUCAIAAABwJOjsAAAAJElEQVR4nGM4ISc3IIhh1OJRi0ctHrV4"
            + "1OJRi0ctHrV45FgMAFLhLK5mrmiuAAAAAElFTkSuQmCC"
    ).map(Array.init)
}
