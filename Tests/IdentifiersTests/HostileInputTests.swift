import DeskKit
import Testing

@testable import Identifiers

struct HostileInputTests {
    static let questions: [(IdentifierKind, IdentifierCountry)] = IdentifierKind.allCases.flatMap { kind in
        kind.countries.map { (kind, $0) }
    }

    static let long = ["9", " ", "e\u{301}", "\u{0}", "<", "@", "\u{1F600}"].map {
        String(repeating: $0, count: 10_000_000 / $0.utf8.count)
    }

    @Test(arguments: questions)
    func `ten megabytes are too long, of whatever they consist`(kind: IdentifierKind, country: IdentifierCountry) throws
    {
        for text in Self.long {
            #expect(try kind.check(text, country: country, today: november2026()).reason == .tooLong)
        }
    }

    @Test(arguments: questions)
    func `short nonsense is refused with a reason`(kind: IdentifierKind, country: IdentifierCountry) throws {
        let nonsense = [
            "", "-", "--", "/", "//", "+", "@", ".", "<", "\n", "\r\n", "\u{0}", "\u{301}", "A\u{301}", "\u{FEFF}",
            "\u{202E}", "PL", "HU", "04/", "1\u{20E3}", "\u{1F1F5}\u{1F1F1}", "²", "Ⅷ", "a@", "@b", "()", "+()",
            "FIRMA:",
            "0", "00", "000000000", "06", "810", "8", "<<<<<<", "\u{10FFFF}", "\u{FFFD}", "ﬁ@ﬁ.fi",
        ]
        // Two letters are a name, with an accent too.
        for text in nonsense where kind != .mrzName || !["PL", "HU", "A\u{301}"].contains(text) {
            let verdict = try kind.check(text, country: country, today: november2026())
            #expect(!verdict.valid && verdict.reason != nil && verdict.normalized == nil, "\(text) \(verdict)")
        }
    }

    @Test(arguments: Vector.all.filter(\.valid))
    func `NUL and a bidi mark within a valid value are forbidden`(vector: Vector) throws {
        let middle = vector.value.index(vector.value.startIndex, offsetBy: vector.value.count / 2)
        let nul = vector.value[..<middle] + "\u{0}" + vector.value[middle...]
        let verdict = try check(
            kind: vector.kind,
            value: String(nul),
            country: vector.country,
            today: november2026()
        )
        #expect(verdict.reason == .forbiddenCharacter)
        let marked = try check(
            kind: vector.kind,
            value: "\u{202B}\(vector.value)\u{202C}",
            country: vector.country,
            today: november2026()
        )
        #expect(marked.normalized == vector.normalized)
    }

    @Test func `a letter with a separate accent counts as the foreign letter it is`() throws {
        let plate = try IdentifierKind.vehiclePlate.check("A\u{301}BC-123", country: .hungary, today: november2026())
        #expect(plate.reason == .wrongScript)
        let name = try IdentifierKind.mrzName.check("Z\u{307}o\u{301}\u{142}c\u{301}", today: november2026())
        #expect(name.normalized == "ZOLC")
        let mail = try IdentifierKind.email.check("a@cze\u{15B}c\u{301}.pl", today: november2026())
        #expect(mail == (try IdentifierKind.email.check("a@cze\u{15B}\u{107}.pl", today: november2026())))
        #expect(mail.valid)
    }

    @Test func `limits are counted in scalars before trimming`() throws {
        let number = "9990000008"
        let fits = number + String(repeating: " ", count: 54)
        #expect(try IdentifierKind.plNIP.check(fits, today: november2026()).normalized == number)
        #expect(try IdentifierKind.plNIP.check(fits + " ", today: november2026()).reason == .tooLong)
    }
}
