import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Secrets

/// What members of staff do with their own access.
struct OwnAccessTests {
    private let new = "a heron that counts clouds"

    private func change(
        _ browser: Browser,
        from current: String = Console.password,
        to new: String,
        again: String? = nil
    ) async throws -> Browser.Answer {
        try await browser.post(
            "/access/own/password",
            [("password", current), ("new_password", new), ("new_password_again", again ?? new)],
            page: "/access/own"
        )
    }

    @Test func `a changed password is the only one, and every other session has ended`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let (first, second) = (try await console.signedIn(eva), try await console.signedIn(eva))
        #expect(try await change(first, to: new).status == .seeOther)
        #expect(try await first.get("/access/own").status == .ok)
        #expect(try await second.get("/access/own").status == .seeOther)
        #expect(try await console.browser().signIn(eva).status == .unprocessableContent)
        #expect(try await console.browser().signIn(eva, password: new).status == .seeOther)
        #expect(
            try await console.database.value(
                "SELECT facts ->> 'n' FROM audit_event WHERE action = 'access.password_changed'"
            ) == "1"
        )
    }

    @Test func `a wrong old password, a poor new one and two that differ are told at their fields`() async throws {
        let console = try await Console.make()
        let eva = try await console.signedIn(try await console.staff("eva"))
        let before = try await console.database.value("SELECT password_hash FROM staff")
        let wrong = try await change(eva, from: "a horse that reads books", to: new)
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("f-password-error"))
        let poor = try await change(eva, to: "short")
        #expect(poor.status == .unprocessableContent && poor.body.contains("f-new_password-error"))
        let differ = try await change(eva, to: new, again: "another one of these")
        #expect(differ.status == .unprocessableContent && differ.body.contains("f-new_password_again-error"))
        #expect(try await console.database.value("SELECT password_hash FROM staff") == before)
        #expect(try await console.actions("action = 'access.sign_in_refused'").count == 1)
    }

    @Test func `guesses at the old password are held back, and the trail says so once`() async throws {
        let console = try await Console.make()
        let eva = try await console.signedIn(try await console.staff("eva"))
        for _ in 1...10 { _ = try await change(eva, from: "a wrong guess of mine", to: new) }
        for _ in 1...3 { #expect(try await change(eva, to: new).status == .tooManyRequests) }
        #expect(try await console.actions("action = 'access.sign_in_throttled'").count == 1)
        #expect(try await console.actions("action = 'access.password_changed'").isEmpty)
    }

    @Test func `new recovery codes void the old ones, for a code of the authenticator that is then used up`()
        async throws
    {
        let console = try await Console.make()
        let person = try await console.staff("eva")
        let eva = try await console.signedIn(person)
        func renew(_ code: String) async throws -> Browser.Answer {
            try await eva.post("/access/own/recovery-codes", [("code", code)], page: "/access/own")
        }
        #expect(try await renew("000000").status == .unprocessableContent)
        #expect(try await renew("").status == .unprocessableContent)
        console.time.tick()
        let code = console.code(person)
        let shown = try await renew(code)
        #expect(shown.status == .ok)
        let codes = shown.body.matches(of: /<code>([A-Z0-9]{5}-[A-Z0-9]{5})<\/code>/).map { String($0.output.1) }
        #expect(Set(codes).count == 10)
        #expect(try await renew(code).status == .unprocessableContent)
        #expect(try await console.database.value("SELECT count(*) FROM staff_recovery_code") == "10")
        #expect(try await console.actions("action = 'access.recovery_renewed'").count == 1)

        let browser = console.browser()
        _ = try await browser.post(
            "/sign-in",
            [("login", person.login), ("password", Console.password), ("next", "/")]
        )
        let entered = try await browser.post("/sign-in/code", [("code", codes[0]), ("next", "/")])
        #expect(entered.status == .seeOther && entered.location == "/")
    }

    @Test func `somebody sees their sessions and ends the others`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let other = try await console.signedIn(try await console.staff("ola"))
        let (first, second) = (try await console.signedIn(eva), try await console.signedIn(eva))
        try await console.database.sql("UPDATE staff_session SET browser = 'Firefox · Linux'")
        let page = try await first.get("/access/own").body
        #expect(page.matches(of: /Firefox · Linux/).count == 2)
        #expect(page.matches(of: /this one/).count == 1)
        let ended = try await first.post("/access/own/sessions", page: "/access/own")
        #expect(ended.status == .seeOther)
        #expect(try await second.get("/access/own").status == .seeOther)
        #expect(try await other.get("/access/own").status == .ok)
        #expect(!(try await first.get("/access/own").body.contains("/access/own/sessions")))
        #expect(
            try await console.database.value(
                "SELECT actor_name || ' ' || (facts ->> 'n') FROM audit_event WHERE action = 'access.sessions_ended'"
            ) == "Name of eva 1"
        )
    }

    @Test func `nobody is let to it without signing in`() async throws {
        let console = try await Console.make()
        #expect(try await console.browser().get("/access/own").location.hasPrefix("/sign-in"))
        let posted = try await console.browser().ask(.post, "/access/own/sessions", [])
        #expect(posted.location.hasPrefix("/sign-in"))
    }

    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
                + "Safari/537.36 Edg/138.0.0.0", "Edge · Windows"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iOS"
        ), ("curl/8.5.0", ""), ("", ""),
    ])
    func `a browser is called by its name alone`(agent: String, name: String) {
        #expect(BrowserName(agent).text == name)
    }

    @Test func `a sign-in that is held back stands in the trail, a flood of them once`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let browser = console.browser()
        var statuses: [HTTPResponse.Status] = []
        for _ in 1...13 { statuses.append(try await browser.signIn(eva, password: "not it at all, no").status) }
        #expect(statuses.count { $0 == .tooManyRequests } == 3)
        #expect(
            try await console.database.sql(
                "SELECT subject_id, facts ->> 'step' FROM audit_event WHERE action = 'access.sign_in_throttled'"
            ) == [["\(eva.id)", "password"]]
        )
    }
}
