import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Texts

@Suite struct PageTests {
    /// A published privacy policy, a draft beside it, cookies, purposes and a client.
    private func street() async throws -> Street {
        let bench = try await Bench.make()
        try await bench.publish("# Data\n\none\ntwo\nthree\nfour\nfive\nsix\nseven")
        try await bench.open()
        try await bench.write("pl", "# Data\n\none\ntwo\nthree\nfour\nfive\nsix\nEIGHT pl", was: 1, bench.place(2))
        try await bench.ask()
        try await bench.client()
        let command = SaveCookie(audit: bench.audit)
        let item = CookieItem(
            name: "sid",
            storage: .cookie,
            party: .first,
            provider: "Portal One",
            category: .necessary,
            minutes: nil,
            purposes: ["pl": "Logowanie", "en": "Signing in"],
            state: .declared
        )
        try await bench.act { _ = try command.run(item, portal: Bench.portal, by: Bench.writer, in: $0) }
        return try await Street(bench)
    }

    @Test(arguments: Language.allCases)
    func `every page is there in every language`(language: Language) async throws {
        let street = try await street()
        let both = Bench.staff(10, [.privacyOfficer, .verifier, .helpdesk])
        let reader = Reader(street: street, staff: both, language: language)
        for path in [
            "/texts", "/texts/one/privacy-policy", "/texts/one/privacy-policy/1", "/texts/one/privacy-policy/2",
            "/texts/one/privacy-policy/2?in=pl&show=changes", "/texts/one/privacy-policy/2?in=en&show=beside",
            "/texts/one/privacy-policy/2/words/pl", "/texts/one/privacy-policy/2/words/en", "/texts/one/cookies",
            "/texts/one/cookies/1", "/texts/one/consents", "/texts/one/clients/5", "/public/one",
            "/public/one/privacy-policy",
        ] {
            let answer = try await reader.ask(path)
            #expect(answer.status == .ok, "\(path)")
            #expect(!answer.body.contains("texts."), "\(path): a text without words")
        }
    }

    @Test func `what changed is shown word by word, with what stayed left out`() async throws {
        let street = try await street()
        let reader = Reader(street: street, staff: Bench.writer)
        let page = try await reader.ask("/texts/one/privacy-policy/2?in=pl&show=changes").body
        #expect(page.contains("<del>seven</del><ins>EIGHT</ins>"))
        #expect(page.contains("lines are the same"))
    }

    @Test func `a text is written, submitted and approved over HTTP by two people`() async throws {
        let street = try await street()
        let writer = Reader(street: street, staff: Bench.writer)
        let base = "/texts/one/privacy-policy/2"
        let saved = try await writer.ask(
            base + "/words/en",
            post: ["title": "Privacy", "source": "# New", "version": "1", "fits": "on", "act": "save"]
        )
        #expect(saved.status == .seeOther)
        let day = try await street.bench.lines("SELECT portal_today(1::smallint) + 20")[0]
        let version = try await street.bench.lines("SELECT version FROM text_version WHERE number = 2")[0]
        let form = ["class": "material", "rationale": "New law", "day": day, "version": version]
        #expect(try await writer.ask(base + "/submission", post: form).status == .seeOther)
        let shown = try await street.bench.held(street.bench.place(2)).version
        let own = try await writer.ask(base + "/approval", post: ["class": "material", "version": "\(shown)"])
        #expect(own.status == .unprocessableContent)
        #expect(own.body.contains("somebody else decides"))
        let reviewer = Reader(street: street, staff: Bench.reviewer)
        let done = try await reviewer.ask(base + "/approval", post: ["class": "material", "version": "\(shown)"])
        #expect(done.status == .seeOther)
        #expect(try await reviewer.ask(base).body.contains("Scheduled"))
    }

    @Test func `what is wrong is said at its place, everything typed is kept and nothing changes`() async throws {
        let street = try await street()
        let writer = Reader(street: street, staff: Bench.writer)
        let base = "/texts/one/privacy-policy/2"
        let before = try await street.bench.lines("SELECT v::text FROM text_version AS v ORDER BY id")
        let early = try await writer.ask(
            base + "/submission",
            post: ["class": "material", "rationale": "Żółw <b>", "day": "2020-01-01", "version": "2"]
        )
        #expect(early.status == .unprocessableContent)
        #expect(early.body.contains("Żółw &lt;b&gt;"))
        let bare = try await writer.ask(base + "/submission", post: ["version": "2"])
        #expect(bare.body.contains("aria-invalid"))
        let words = ["title": "", "source": "kept <script>", "version": "2"]
        let untitled = try await writer.ask(base + "/words/pl", post: words)
        #expect(untitled.status == .unprocessableContent)
        #expect(untitled.body.contains("kept &lt;script&gt;</textarea>"))
        #expect(!untitled.body.contains("<script>"))
        let stale = try await writer.ask(
            base + "/words/pl",
            post: ["title": "x", "source": "mine", "version": "1", "act": "save"]
        )
        #expect(stale.status == .unprocessableContent)
        #expect(stale.body.contains("mine</textarea>"))
        #expect(stale.body.contains("EIGHT"))
        #expect(try await street.bench.lines("SELECT v::text FROM text_version AS v ORDER BY id") == before)
    }

    @Test func `five megabytes pasted are refused in words and kept on the page`() async throws {
        let street = try await street()
        let writer = Reader(street: street, staff: Bench.writer)
        let text = String(repeating: "x", count: 5_000_000)
        let answer = try await writer.ask(
            "/texts/one/privacy-policy/2/words/pl",
            post: ["title": "Big", "source": text, "version": "2", "act": "save"]
        )
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("This text is too long"))
        #expect(answer.body.utf8.count > 5_000_000)
        #expect(try await street.bench.lines("SELECT max(length(body)) < 1000 FROM text_locale") == ["t"])
    }

    @Test func `a page from before the session keeps what was typed`() async throws {
        let street = try await street()
        let writer = Reader(street: street, staff: Bench.writer, session: "an earlier one")
        let answer = try await writer.ask(
            "/texts/one/privacy-policy/2/words/pl",
            post: ["title": "Kept", "source": "typed", "version": "2", "act": "save"]
        )
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("typed</textarea>"))
    }

    @Test func `rights and portals are asked of every route`() async throws {
        let street = try await street()
        let clerk = Reader(street: street, staff: Bench.clerk)
        #expect(try await clerk.ask("/texts").status == .ok)
        #expect(try await clerk.ask("/texts/one/privacy-policy/2").status == .ok)
        for path in [
            "/texts/one", "/texts/one/privacy-policy", "/texts/one/privacy-policy/2/submission",
            "/texts/one/privacy-policy/2/approval", "/texts/one/privacy-policy/2/return",
            "/texts/one/privacy-policy/1/withdrawal", "/texts/one/privacy-policy/2/discard",
            "/texts/one/privacy-policy/2/words/pl", "/texts/one/cookies", "/texts/one/cookies/1",
            "/texts/one/consents", "/texts/one/consents/origins",
        ] {
            #expect(try await clerk.ask(path, post: [:]).status == .forbidden, "\(path)")
        }
        let scheduler = Reader(street: street, staff: Bench.staff(9, [.scheduler]))
        #expect(try await scheduler.ask("/texts").status == .forbidden)
        #expect(try await clerk.ask("/texts/two/privacy-policy").status == .notFound)
        #expect(try await clerk.ask("/texts/one/no-such").status == .notFound)
        #expect(try await clerk.ask("/texts/one/privacy-policy/9").status == .notFound)
        #expect(try await clerk.ask("/texts/one/privacy-policy/x").status == .notFound)
    }

    @Test func `a visitor decides on the public page, and finds the choice again`() async throws {
        let street = try await street()
        let page = try await street.ask("/public/one?lang=en")
        #expect(page.status == .ok)
        #expect(page.body.contains("Words of statistics en"))
        let stranger = Reader(street: street, staff: Bench.clerk)
        let hash = try await street.bench.hash("statistics", "en")
        let key = FormKey.issue().rawValue
        let answer = try await stranger.ask(
            "/public/one",
            post: ["method": "save", "purpose.statistics": "on", "text.statistics": hash, "form_key": key]
        )
        #expect(answer.status == .seeOther)
        #expect(answer.headers[.location]?.hasPrefix("/public/one?lang=pl&receipt=") == true)
        #expect(answer.headers[.setCookie]?.contains("consents-one") == true)
        #expect(try await street.bench.lines("SELECT action, locale, method FROM consent") == ["grant en save"])
        let again = try await stranger.ask(
            "/public/one?lang=en",
            post: ["method": "save", "purpose.statistics": "on", "text.statistics": hash, "form_key": key]
        )
        #expect(
            again.headers[.location]?.dropFirst("/public/one?lang=en".count)
                == answer.headers[.location]?.dropFirst("/public/one?lang=pl".count)
        )
        #expect(try await street.bench.lines("SELECT count(*) FROM consent") == ["1"])
    }

    @Test func `what a visitor ticked stays ticked when it was not taken, in the language that they read`() async throws
    {
        let street = try await street()
        let visitor = Reader(street: street, staff: Bench.clerk)
        let forged = String(repeating: "ab", count: 32)
        let answer = try await visitor.ask(
            "/public/one?lang=en",
            post: [
                "method": "save", "purpose.statistics": "on", "text.statistics": forged,
                "form_key": FormKey.issue().rawValue,
            ]
        )
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("These words were never shown for this purpose."))
        #expect(answer.body.contains("name=\"purpose.statistics\" value=\"on\" checked"))
        #expect(answer.body.contains("Words of statistics en"))
        let strange = Reader(street: street, staff: Bench.clerk, session: "an earlier one")
        let expired = try await strange.ask("/public/one?lang=en", post: ["purpose.statistics": "on"])
        #expect(expired.status == .unprocessableContent)
        #expect(expired.body.contains("name=\"purpose.statistics\" value=\"on\" checked"))
    }
}
