import Foundation
import HTTPTypes
import Hummingbird
import TestKit
import Testing

@testable import Access
@testable import DeskKit

struct SessionTests {
    @Test func `the token changes at each step, and the pending one opens nothing`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let browser = console.browser()
        _ = try await browser.post("/sign-in", [("login", "eva"), ("password", Console.password)])
        let pending = try #require(browser.cookie("sign-in"))
        let thief = console.browser()
        thief.set("session", pending)
        #expect(try await thief.get("/probe/klientefl").status == .seeOther)
        console.time.tick()
        _ = try await browser.post("/sign-in/code", [("code", console.code(eva))])
        #expect(browser.cookie("sign-in") == nil)
        #expect(browser.cookie("session") != pending)
    }

    @Test func `a new sign-in ends the session the browser had`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let browser = try await console.signedIn(eva)
        let old = try #require(browser.cookie("session"))
        let page = try await browser.get("/access/rights")
        #expect(page.status == .forbidden)
        let token = Browser.token(page.body)
        _ = try await browser.ask(
            .post,
            "/sign-in",
            [("csrf", token), ("login", "eva"), ("password", Console.password)]
        )
        let thief = console.browser()
        thief.set("session", old)
        #expect(try await thief.get("/probe/klientefl").status == .seeOther)
    }

    @Test(arguments: [
        "UPDATE staff_session SET seen_at = now() - interval '15 minutes 1 second'",
        "UPDATE staff_session SET ends_at = now() - interval '1 second'",
        "UPDATE staff SET state = 'disabled', disabled_at = now()",
    ])
    func `a session is over when idle, after twelve hours, and when its owner is disabled`(
        _ change: String
    ) async throws {
        let console = try await Console.make()
        let browser = try await console.signedIn(try await console.staff("eva"))
        #expect(try await browser.get("/probe/klientefl").status == .ok)
        try await console.database.sql(change)
        let answer = try await browser.get("/probe/klientefl")
        #expect(answer.status == .seeOther && answer.location.hasSuffix("&ended=1"))
    }

    @Test func `after signing out the old token opens nothing`() async throws {
        let console = try await Console.make()
        let browser = try await console.signedIn(try await console.staff("eva"))
        let token = try #require(browser.cookie("session"))
        let answer = try await browser.post("/sign-out", page: "/probe/nowhere")
        #expect(answer.location == "/sign-in" && browser.cookie("session") == nil)
        browser.set("session", token)
        #expect(try await browser.get("/probe/klientefl").status == .seeOther)
        #expect(try await console.actions("action = 'access.signed_out'").count == 1)
    }

    @Test func `a page renews the idle time, an autosave and a page that asks for itself do not`() async throws {
        let console = try await Console.make()
        let browser = try await console.signedIn(try await console.staff("eva"))
        let age = "SELECT extract(epoch FROM now() - seen_at)::integer FROM staff_session WHERE step = 'full'"
        try await console.database.sql("UPDATE staff_session SET seen_at = now() - interval '10 minutes'")
        _ = try await browser.get("/probe/klientefl", headers: ["X-Desk-Autosave": "1"])
        _ = try await browser.get("/probe/klientefl?watching=1")
        #expect(try #require(Int(try await console.database.value(age) ?? "")) >= 600)
        _ = try await browser.get("/probe/klientefl")
        #expect(try #require(Int(try await console.database.value(age) ?? "")) < 60)
    }

    @Test func `an autosave without a session answers 401`() async throws {
        let console = try await Console.make()
        let answer = try await console.browser().get("/probe/klientefl", headers: ["X-Desk-Autosave": "1"])
        #expect(answer.status == .unauthorized)
    }

    @Test func `a changed role takes effect with the next request`() async throws {
        let console = try await Console.make()
        let browser = try await console.signedIn(try await console.staff("eva"))
        #expect(try await browser.get("/probe/klientefl").status == .ok)
        try await console.database.sql("DELETE FROM staff_role")
        #expect(try await browser.get("/probe/klientefl").status == .notFound)
    }

    @Test func `another portal is not there, a missing right is forbidden, and both are in the trail`() async throws {
        let console = try await Console.make()
        let browser = try await console.signedIn(
            try await console.staff("eva", [PortalID(1): [.scheduler], PortalID(2): [.helpdesk]])
        )
        #expect(try await browser.get("/probe/arval").status == .notFound)
        #expect(try await browser.get("/probe/nowhere").status == .notFound)
        #expect(try await browser.get("/probe/klientefl").status == .forbidden)
        #expect(try await browser.get("/probe/ebok-millennium").status == .ok)
        #expect(try await console.actions("action = 'access.denied'").count == 3)
    }

    @Test func `a form of an ended session says so and nothing is done`() async throws {
        let console = try await Console.make()
        let browser = try await console.signedIn(try await console.staff("eva"))
        let token = Browser.token(try await browser.get("/access/rights").body)
        try await console.database.sql("UPDATE staff_session SET ended_at = now()")
        let answer = try await browser.ask(.post, "/probe", [("csrf", token)], ["Sec-Fetch-Site": "same-origin"])
        #expect(answer.status == .seeOther && answer.location == "/sign-in?next=/&ended=2")
        #expect(try await browser.get(answer.location).body.contains("nothing was saved"))
    }
}
