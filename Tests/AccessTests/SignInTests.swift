import Foundation
import HTTPTypes
import Hummingbird
import TestKit
import Testing

@testable import Access
@testable import DeskKit
@testable import Secrets

struct SignInTests {
    @Test func `password and code open a session, with an audit row`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let browser = console.browser()
        let turned = try await browser.get("/probe/klientefl?x=1")
        #expect(turned.status == .seeOther && turned.location == "/sign-in?next=/probe/klientefl%3Fx%3D1")
        let answer = try await browser.signIn(eva)
        #expect(answer.status == .seeOther && answer.location == "/")
        #expect(try await browser.get("/probe/klientefl").body == "KlientEFL")
        #expect(try await console.actions("action LIKE 'access.sign%'") == ["access.signed_in"])
    }

    @Test func `a wrong password, an unknown name and a disabled one get the same answer`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let zoe = try await console.staff("zoe")
        try await console.database.sql("UPDATE staff SET state = 'disabled', disabled_at = now() WHERE login = 'zoe'")
        var bodies: Set<String> = []
        for (login, password) in [("eva", "wrong"), ("nobody", "wrong"), (zoe.login, Console.password)] {
            let browser = console.browser()
            let page = try await browser.get("/sign-in").body
            let answer = try await browser.post("/sign-in", [("login", login), ("password", password)])
            #expect(answer.status == .unprocessableContent)
            #expect(browser.cookie("sign-in") == nil)
            bodies.insert(
                answer.body.replacing(login, with: "").replacing(Browser.token(page), with: "")
                    .replacing(Browser.token(answer.body), with: "")
            )
        }
        #expect(bodies.count == 1)
        #expect(try await console.actions("action = 'access.sign_in_refused'").count == 3)
        _ = eva
    }

    @Test func `a code is never accepted twice`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let code = console.code(eva)
        let first = console.browser()
        _ = try await first.post("/sign-in", [("login", "eva"), ("password", Console.password)])
        #expect(try await first.post("/sign-in/code", [("code", code)]).status == .seeOther)
        let second = console.browser()
        _ = try await second.post("/sign-in", [("login", "eva"), ("password", Console.password)])
        #expect(try await second.post("/sign-in/code", [("code", code)]).status == .unprocessableContent)
        #expect(second.cookie("session") == nil)
    }

    @Test func `the secret of an authenticator is sealed in the database`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let kept = try await console.database.value("SELECT encode(totp_secret, 'hex') FROM staff WHERE login = 'eva'")
        let secret = try #require(Base32.decode(eva.totp.revealBase32().reveal()))
        #expect(try #require(kept).count > 2 * secret.count && kept?.contains(Hex.encode(secret)) == false)
    }

    @Test func `of ten simultaneous uses of one code one is accepted`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let code = Redacted(console.code(eva))
        let caller = SignIn.Caller(address: "192.0.2.1", device: nil)
        var pending: [Redacted<String>] = []
        for _ in 0..<5 {
            pending.append(
                try await console.access.signIn.password(
                    login: "eva",
                    password: Redacted(Console.password),
                    from: caller
                )
            )
        }
        let opened = await withTaskGroup(of: Bool.self) { group in
            for token in pending {
                group.addTask {
                    (try? await console.access.signIn.code(code, pending: token, from: caller)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(opened == 1)
    }

    @Test func `a pending sign-in stands five wrong codes`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let browser = console.browser()
        _ = try await browser.post("/sign-in", [("login", "eva"), ("password", Console.password)])
        for _ in 0..<5 {
            let answer = try await browser.post("/sign-in/code", [("code", "000000")])
            #expect(answer.status == .unprocessableContent)
        }
        let answer = try await browser.ask(
            .post,
            "/sign-in/code",
            [("csrf", Browser.token(try await browser.get("/sign-in").body)), ("code", console.code(eva))]
        )
        #expect(answer.location == "/sign-in")
        #expect(browser.cookie("session") == nil)
    }

    @Test(arguments: [(networks: 1, compared: 10), (networks: 200, compared: 100)])
    func `two hundred simultaneous guesses compare no more than the budget`(
        _ networks: Int,
        _ compared: Int
    ) async throws {
        let console = try await Console.make()
        try await console.staff("eva")
        let signIn = console.access.signIn
        let outcomes = await withTaskGroup(of: SignIn.Refusal?.self) { group in
            for guess in 0..<200 {
                group.addTask {
                    do {
                        _ = try await signIn.password(
                            login: "eva",
                            password: Redacted("guess \(guess)"),
                            from: SignIn.Caller(address: "192.0.2.\(guess % networks)", device: nil)
                        )
                        return nil
                    } catch {
                        return error as? SignIn.Refusal
                    }
                }
            }
            return await group.reduce(into: [SignIn.Refusal?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .spent } == 200 - compared)
        #expect(try await console.actions("action = 'access.sign_in_refused'").count <= compared)
    }

    @Test func `a flood of guesses does not keep a known browser out`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        let known = try await console.signedIn(eva)
        for guess in 0..<12 {
            let flood = console.browser(from: "198.51.100.7")
            _ = try await flood.post("/sign-in", [("login", "eva"), ("password", "guess \(guess)")])
        }
        let stranger = console.browser(from: "198.51.100.7")
        #expect(try await stranger.signIn(eva).status == .tooManyRequests)
        known.set("session", nil)
        #expect(try await known.signIn(eva).status == .seeOther)
        #expect(known.cookie("session") != nil)
    }

    @Test func `guesses from elsewhere do not keep a colleague out of a new browser`() async throws {
        let console = try await Console.make()
        let eva = try await console.staff("eva")
        for guess in 0..<12 {
            let flood = console.browser(from: "2001:db8:0:7::\(guess)")
            let answer = try await flood.post("/sign-in", [("login", "eva"), ("password", "guess \(guess)")])
            #expect((answer.status == .tooManyRequests) == (guess >= 10))
        }
        #expect(try await console.browser(from: "2001:db8:0:8::1").signIn(eva).status == .seeOther)
    }

    @Test func `one address has a budget over all names`() async throws {
        let console = try await Console.make()
        let signIn = console.access.signIn
        var spent = 0
        for guess in 0..<110 {
            do {
                _ = try await signIn.password(
                    login: "name\(guess)",
                    password: Redacted("x"),
                    from: SignIn.Caller(address: "198.51.100.7", device: nil)
                )
            } catch SignIn.Refusal.spent {
                spent += 1
            } catch SignIn.Refusal.wrong {}
        }
        #expect(spent == 10)
    }
}
