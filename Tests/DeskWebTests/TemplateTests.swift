import DeskKit
import Testing

@testable import DeskWeb

private struct Person: Page {
    struct Row { let name: String }
    static let template = "m/p"
    let name: String
    var note: String?
    var rows: [Row] = []
    var key: ClientID = ClientID(42)
    var isOn = true
    var shout: String { name.uppercased() }
}

private struct Dated: Page {
    static let template = "m/p"
    let due: CivilDate?
}

private struct Hidden: Page {
    static let template = "m/p"
    let secret: Redacted<String>
}

@Suite struct TemplateTests {
    private func render(_ source: String, _ page: some Page = Person(name: "Ann")) throws -> String {
        try Frames.html(page, ["m/p": source]).trimmingBlanks
    }

    @Test func `what is printed is escaped for text and attributes`() throws {
        let page = Person(name: "<b a=\"1\">'&")
        #expect(try render("<p title=\"{{name}}\">", page) == "<p title=\"&lt;b a=&quot;1&quot;&gt;&#39;&amp;\">")
    }

    @Test(arguments: ["{{nmae}}", "{{shout}}", "{{#nmae}}x{{/nmae}}", "{{^nmae}}x{{/nmae}}", "{{name.first}}"])
    func `a tag that finds nothing throws`(source: String) throws {
        let error = try #require(throws: TemplateError.self) { try render(source) }
        #expect(error.reason == .nothingFound)
        #expect(error.template == "m/p")
    }

    @Test func `a nil may be asked for but not printed`() throws {
        #expect(try render("{{#note}}{{note}}{{/note}}{{^note}}none{{/note}}") == "none")
        let error = try #require(throws: TemplateError.self) { try render("{{note}}") }
        #expect(error.reason == .absent)
    }

    @Test(arguments: ["{{rows}}", "{{isOn}}"])
    func `a list or a truth value is not printed`(source: String) throws {
        let error = try #require(throws: TemplateError.self) { try render(source) }
        #expect(error.reason == .notPrintable)
    }

    @Test func `a date must be formatted first and a redacted value never shows`() throws {
        #expect(throws: TemplateError.self) { try render("{{due}}", Dated(due: CivilDate(iso: "2026-11-21"))) }
        #expect(throws: TemplateError.self) { try render("x", Hidden(secret: Redacted("s"))) }
        #expect(try render("{{#due}}{{due}}{{/due}}-", Dated(due: nil)) == "-")
    }

    @Test func `sections repeat, climb outwards and know when they are empty`() throws {
        let page = Person(name: "Ann", rows: [.init(name: "a"), .init(name: "b")])
        #expect(try render("{{#rows}}{{name}}{{key}};{{/rows}}{{^rows}}none{{/rows}}", page) == "a42;b42;")
        #expect(try render("{{#rows}}{{name}}{{/rows}}{{^rows}}none{{/rows}}") == "none")
    }

    @Test func `a page fills the blocks of its layout`() throws {
        let sources = [
            "layouts/l": "<title>{{$title}}plain{{/title}}</title>{{$main}}{{/main}}",
            "m/p": "{{<layouts/l}}\n{{$main}}\nHi {{name}}\n{{/main}}\n{{/layouts/l}}",
        ]
        #expect(try Frames.html(Person(name: "Ann"), sources).contains("<title>plain</title>Hi Ann"))
    }

    @Test func `static texts come from the catalogue, escaped`() throws {
        let page = Person(name: "Ann")
        #expect(try Frames.html(page, ["m/p": "[[desk.sign_out]]"], .hungarian).contains("Kijelentkezés"))
    }

    @Test(arguments: [
        ("[[desk.no_such_key]]", TemplateError.Reason.missingText), ("[[desk.nav.late]]", .missingText),
        ("[[static:no.css]]", .missingFile), ("{{{name}}}", .unescaped), ("{{&name}}", .unescaped),
        ("{{#rows}}", .unclosedSection), ("{{#rows}}{{/row}}", .wrongClosing), ("{{name", .unclosedTag),
        ("{{> no-such}}", .missingTemplate), ("{{> m/p}}", .circle), ("{{=<% %>=}}", .badName),
    ])
    func `a template with a mistake does not load`(source: String, reason: TemplateError.Reason) throws {
        let error = try #require(throws: TemplateError.self) { try Frames.site(["m/p": source]) }
        #expect(error.reason == reason)
    }

    @Test func `a text without its argument is refused`() throws {
        let words = try Frames.words(.english)
        let page = Person(name: words("desk.nope"))
        let error = try #require(throws: TemplateError.self) { try render("{{name}}", page) }
        #expect(error.reason == .missingArgument)
    }

    @Test func `in operation a miss prints nothing and is told`() throws {
        let strict = try Frames.site(["m/p": "a{{nmae}}b"])
        let site = DeskSite(
            catalog: strict.catalog,
            templates: strict.templates,
            isStrict: false,
            sign: Frames.sign
        )
        let (html, misses) = try site.html(Person(name: "Ann"), in: PageState())
        #expect(String(decoding: html, as: UTF8.self) == "ab\n")
        #expect(misses.map(\.tag) == ["nmae"])
    }
}
