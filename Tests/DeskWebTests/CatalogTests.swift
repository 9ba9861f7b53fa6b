import DeskKit
import Foundation
import Testing

@testable import DeskWeb

private func catalog(_ files: [Language: String]) throws -> Catalog {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    for language in Language.allCases {
        let folder = root.appending(path: language.rawValue)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = files[language] ?? files[.english] ?? ""
        try Data(text.utf8).write(to: folder.appending(path: "m.yml"))
    }
    return try Catalog.load(from: root.path)
}

@Suite struct CatalogTests {
    @Test(arguments: [
        (Language.polish, 1, PluralForm.one), (.polish, 2, .few), (.polish, 12, .many), (.polish, 22, .few),
        (.polish, 21, .many), (.russian, 1, .one), (.russian, 21, .one), (.russian, 11, .many), (.russian, 24, .few),
        (.hungarian, 1, .one), (.hungarian, 5, .other), (.english, 0, .other),
    ])
    func `plural forms follow CLDR`(language: Language, number: Int, form: PluralForm) {
        #expect(language.pluralForm(of: number) == form)
    }

    @Test func `a number chooses the form and is grouped`() throws {
        let words = try Frames.words(.polish)
        #expect(words("desk.relative.ahead", ["n": 1]) == "za 1 dzień")
        #expect(words("desk.relative.ahead", ["n": 5000]) == "za 5\u{A0}000 dni")
    }

    @Test func `a key that lacks in one language stops the start`() throws {
        #expect(throws: CatalogError.self) { try catalog([.english: "a: x\nb: y", .russian: "a: x"]) }
        #expect(throws: CatalogError.self) { try catalog([.english: "a: x", .russian: "a: x\nb: y"]) }
    }

    @Test func `other placeholders in one language stop the start`() throws {
        #expect(throws: CatalogError.self) { try catalog([.english: "a: hello {name}", .hungarian: "a: szia {nev}"]) }
    }

    @Test func `a missing plural form stops the start`() throws {
        let two = "a: {one: x, other: y}"
        let three = "a: {one: x, few: y, many: z}"
        #expect(throws: CatalogError.self) { try catalog([.english: two]) }
        let whole = try catalog([.english: two, .hungarian: two, .polish: three, .russian: three])
        #expect(whole.text("m.a", ["n": 7], .russian) == "z")
    }

    @Test func `the words yes and no stay words`() throws {
        #expect(try catalog([.english: "a: no"]).text("m.a", [:], .polish) == "no")
    }

    @Test func `a key that does not exist shows as one`() throws {
        #expect(try catalog([.english: "a: x"]).text("m.b", [:], .english) == "⟦m.b⟧")
    }

    @Test(arguments: [
        ("hu-HU,hu;q=0.9,en;q=0.8", Language.hungarian), ("de, ru;q=0.4, en;q=0.3", .russian),
        ("en;q=0, pl;q=0.1", .polish), ("PL-pl", .polish),
    ])
    func `the browser's languages are weighed`(header: String, language: Language) {
        #expect(Language.preferred(by: header) == language)
    }

    @Test func `languages that we do not have choose nothing`() {
        #expect(Language.preferred(by: "de, fr;q=0.5") == nil)
        #expect(Language.preferred(by: nil) == nil)
    }
}
