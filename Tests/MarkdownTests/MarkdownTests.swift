import Markdown
import Testing

@Suite struct MarkdownTests {
    private func html(_ source: String) throws -> String {
        try Markdown(source).html.text
    }

    @Test func `headings, lists, tables and addresses become HTML, headings one level down`() throws {
        let source = """
            # Polityka

            - jeden
            - **dwa**

            | Nazwa | Czas |
            | --- | ---: |
            | `sid` | 1 h |

            Piszcie na iod@example.pl albo https://example.pl/kontakt.
            """
        let text = try html(source)
        #expect(text.contains("<h2>Polityka</h2>"))
        #expect(text.contains("<li><strong>dwa</strong></li>"))
        #expect(text.contains("<td align=\"right\">1 h</td>"))
        #expect(text.contains("<a href=\"mailto:iod@example.pl\">iod@example.pl</a>"))
        #expect(text.contains("<a href=\"https://example.pl/kontakt\">https://example.pl/kontakt</a>."))
    }

    @Test func `the same source gives the same bytes`() throws {
        let source = "a [b](/c \"d\") `e` > f\n\n1. g\n2. h\n"
        #expect(try html(source) == (try html(source)))
        #expect(try html("Ärger & „Żółw”") == "<p>Ärger &amp; „Żółw”</p>\n")
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "Text <script src=x></script>", "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>", "<svg/onload=alert(1)>", "<style>*{display:none}</style>",
        "<iframe srcdoc='<script>1</script>'></iframe>", "<!-- --><script>1</script>", "<?php x ?>", "<![CDATA[<b>]]>",
        "a\n<details open ontoggle=alert(1)>\nb", "| <script>1</script> |\n|---|\n| <b onclick=x>y</b> |",
    ])
    func `HTML is shown as the characters that were typed`(source: String) throws {
        let made = try Markdown(source)
        // What cmark does not take for HTML, a browser might.
        #expect(made.notes.contains(.html) || source.hasPrefix("<svg/"))
        for tag in ["<script", "<img", "<svg", "<style", "<iframe", "<details", "<b ", "<?", "<!", "<a "] {
            #expect(!made.html.text.contains(tag), "\(made.html.text)")
        }
        #expect(made.html.text.contains("&lt;"))
    }

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#10;script:alert(1)", "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://example.pl",
        "//example.com/x", "/\\\\example.com", "&#1;javascript:x", "blob:x", "https:", "",
    ])
    func `a link to anything but a page, an address or a phone keeps its words alone`(address: String) throws {
        let made = try Markdown("[hier](<\(address)>)")
        #expect(!made.html.text.contains("<a"), "\(made.html.text)")
        #expect(made.html.text.contains("hier"))
        #expect(made.notes == [.link])
    }

    @Test(arguments: [
        "https://example.pl/a?b=c#d", "HTTP://example.pl", "mailto:iod@example.pl", "tel:+48500000127", "/cookies",
        "#top", "?page=2", "cookies", "a/b:c",
    ])
    func `other links stay`(address: String) throws {
        let made = try Markdown("[hier](<\(address)>)")
        #expect(made.html.text.hasPrefix("<p><a href=\""), "\(made.html.text)")
        #expect(made.notes == [])
    }

    @Test func `reference links and autolinks are held to the same rule`() throws {
        let text = try html(
            "[a][x] <javascript:alert(1)> <data:x> [b][y]\n\n[x]: javascript:alert(1)\n[y]: https://e.pl\n"
        )
        #expect(!text.contains("javascript:alert(1)\""))
        #expect(!text.contains("href=\"data"))
        #expect(text.contains("<a href=\"https://e.pl\">b</a>"))
    }

    @Test func `of a picture its words remain`() throws {
        let made = try Markdown("![ein *Bild*](https://tracker.example/p.gif) [![x](y)](https://e.pl)")
        #expect(made.html.text == "<p>ein <em>Bild</em> <a href=\"https://e.pl\">x</a></p>\n")
        #expect(made.notes == [.picture])
    }

    @Test func `what is typed as text never becomes an attribute or a tag`() throws {
        let text = try html("[x](https://e.pl \"\\\" onclick=alert(1) \\\"\") `<b>` \"quoted\" 'single'")
        #expect(text.contains("title=\"&quot; onclick=alert(1) &quot;\""))
        #expect(text.contains("<code>&lt;b&gt;</code>"))
    }

    @Test func `more than the limit is refused before it is read`() throws {
        let five = String(repeating: "słowo ", count: 900_000)
        #expect(throws: MarkdownRefusal.tooLarge) { try Markdown(five) }
        let most = MarkdownLimits()
        #expect(throws: Never.self) { try Markdown(String(repeating: "a ", count: most.bytes / 2)) }
        #expect(throws: MarkdownRefusal.tooLarge) { try Markdown(String(repeating: "a", count: most.bytes + 1)) }
    }

    @Test(arguments: [">", "- ", "1. ", "> - "])
    func `too many levels are refused`(mark: String) {
        #expect(throws: MarkdownRefusal.tooDeep) { try Markdown(String(repeating: mark, count: 400) + "x") }
    }

    @Test func `too many parts are refused`() {
        #expect(throws: MarkdownRefusal.tooManyParts) { try Markdown(String(repeating: "*a*\n\n", count: 30_000)) }
    }

    @Test(arguments: ["[", "![", "*a_", "`", "<", "[a](", "|a\n|-\n", "~~", "a@", "http://", "[^1]", "\\", "&#0;"])
    func `hostile repetition ends, in HTML or in a refusal`(part: String) {
        let source = String(repeating: part, count: 40_000 / part.utf8.count)
        do {
            let text = try Markdown(source).html.text
            #expect(!text.contains("<script"))
        } catch {
            #expect(MarkdownRefusal.allCases.contains(error))
        }
    }

    @Test func `NUL and control characters do no harm`() throws {
        #expect(try html("a\0b").contains("a\u{FFFD}b"))
        #expect(try html("") == "")
    }
}
