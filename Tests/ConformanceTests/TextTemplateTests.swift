import Foundation
import Testing

@Suite struct TextTemplateTests {
    /// Symbols that say the same in every language.
    private static let allowed: Set<Character> = Set(" \n\t·–—…:,.;/()|+×✓→←%#№\"'-•")

    /// What the console shows. A letter is written whole in each language, one file each.
    private static func pages() throws -> [Sources.File] {
        try Sources.files("admin-web", ".mustache").filter { !$0.path.hasPrefix("admin-web/letters/") }
    }

    @Test func `no template holds words of its own`() throws {
        var found: [String] = []
        for file in try Self.pages() {
            for text in Self.texts(file.text) where !text.allSatisfy({ Self.allowed.contains($0) }) {
                found.append("\(file.path): \(text.trimmingCharacters(in: .whitespacesAndNewlines))")
            }
        }
        #expect(found == [])
    }

    @Test func `no attribute that is read aloud or shown holds words of its own`() throws {
        var found: [String] = []
        let attribute = /\b(?:placeholder|aria-label|aria-description|title|alt|label|summary)="([^"]*)"/
        for file in try Self.pages() {
            for match in Self.withoutTags(file.text, by: "").matches(of: attribute) {
                guard !match.output.1.allSatisfy({ Self.allowed.contains($0) }) else { continue }
                found.append("\(file.path): \(match.output.0)")
            }
        }
        #expect(found == [])
    }

    @Test func `no page has styles or scripts of its own`() throws {
        var found: [String] = []
        let inline = /\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:/
        for file in try Self.pages() where file.text.contains(inline) {
            found.append(file.path)
        }
        #expect(found == [])
    }

    @Test func `templates print nothing unescaped but what our own Markdown renderer made`() throws {
        let files = try Self.pages()
        let raw = files.filter { $0.text.contains("{{{") || $0.text.contains("{{&") }.map(\.path)
        #expect(raw == ["admin-web/components/prose.mustache"])
    }

    @Test func `every form that posts carries the token`() throws {
        var found: [String] = []
        for file in try Self.pages() {
            for form in file.text.split(separator: "<form").dropFirst() {
                let form = form.firstRange(of: "</form>").map { form[..<$0.lowerBound] } ?? form
                let isPost = form.prefix { $0 != ">" }.contains(/method="post"/)
                if isPost, !form.contains("{{> csrf}}") { found.append("\(file.path): \(form.prefix(60))") }
            }
        }
        #expect(found == [])
    }

    @Test func `no page's Swift holds words for readers`() throws {
        var found: [String] = []
        for file in try Sources.files("Sources", ".swift") where Self.makesPages(file) {
            for line in Sources.code(file).split(separator: "\n") where !Self.isForOthers(line) {
                let one = Sources.File(path: file.path, text: String(line))
                for literal in Sources.literals(one) where Self.looksHuman(literal) {
                    found.append("\(file.path): \(literal)")
                }
            }
        }
        #expect(found == [])
    }

    private static func makesPages(_ file: Sources.File) -> Bool {
        let endings = ["Pages.swift", "Page.swift", "Routes.swift", "Panels.swift", "Panel.swift"]
        return endings.contains { file.name.hasSuffix($0) }
    }

    /// Lines that speak to operators, not to readers of a page.
    private static func isForOthers(_ line: Substring) -> Bool {
        let signs = ["logger.", "level:", "metadata:", "precondition", "assert", "Logger.", "Content-"]
        return signs.contains { line.contains($0) }
    }

    /// Two words of letters with a space between, beyond ASCII keys, paths and markup.
    private static func looksHuman(_ literal: String) -> Bool {
        let plain = literal.replacing("\\(…)", with: "")
        return plain.contains(/\p{L}{2,} \p{L}{2,}/) || plain.contains(/[^\p{ASCII}•…·–→\u{A0}\u{2212}]/)
    }

    /// The text between tags, without what Mustache and the catalogue put there.
    static func texts(_ source: String) -> [String] {
        var text = withoutTags(source, by: "").replacing(/<!--[\s\S]*?-->/, with: "")
        text = text.replacing(/<[^>]*>/, with: "\u{1}")
        return text.split(separator: "\u{1}").map(String.init)
    }

    static func withoutTags(_ source: String, by mark: String) -> String {
        source.replacing(/\{\{![\s\S]*?\}\}/, with: mark).replacing(/\{\{[^}]*\}\}/, with: mark)
            .replacing(/\[\[[^\]]*\]\]/, with: mark).replacing(/&[a-z]+;/, with: mark)
    }
}
