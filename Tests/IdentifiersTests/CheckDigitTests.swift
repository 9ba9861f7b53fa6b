import Testing

@testable import Identifiers

/// Kinds whose check digits leave no single wrong digit undetected, and where their digits lie.
struct CheckDigitTests {
    static let complete: [IdentifierKind] = [
        .plNIP, .plNRB, .plPESEL, .huTaxID, .huTaxNumber, .huTAJ, .huGIRO, .ruSNILS, .iban, .euVAT,
    ]

    static let samples = Vector.all.filter { vector in
        vector.valid && complete.contains { $0.rawValue == vector.kind }
    }

    @Test(arguments: samples)
    func `one wrong digit is always noticed`(vector: Vector) throws {
        let kind = try #require(IdentifierKind(rawValue: vector.kind))
        let country = try #require(IdentifierCountry(rawValue: vector.country))
        let right = Array(try #require(vector.normalized).utf8)
        // Digits 9 to 11 of the tax number, VAT code and county, are under no check digit.
        let covered = kind == .huTaxNumber ? right.prefix(8) : right[...]
        // SNILS carries a check only above 001-001-998.
        guard kind != .ruSNILS || !right.starts(with: "00".utf8) else { return }
        for place in covered.indices where right[place].isDigit {
            for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != right[place] {
                var wrong = right
                wrong[place] = digit
                if kind == .ruSNILS, wrong.starts(with: "00".utf8) { continue }
                // The remainders 0 and 100 are both written 00.
                if kind == .ruSNILS, wrong.suffix(2) == [48, 48] { continue }
                let verdict = try kind.check(string(wrong), country: country, today: november2026())
                #expect(!verdict.valid, "\(string(wrong)) passes though it differs from \(string(right))")
            }
        }
    }

    @Test func `OGRNIP takes the last digit of the remainder for all thirteen remainders`() throws {
        var found: Set<Int> = []
        for serial in 1...40 {
            let digits = Array("3009900000".utf8).map(\.digit) + String(10_000 + serial).utf8.dropFirst().map(\.digit)
            let rest = remainder(digits, 13)
            let right = try IdentifierKind.ruOGRNIP.check(string(digits + [rest % 10]), today: november2026())
            let wrong = try IdentifierKind.ruOGRNIP.check(string(digits + [(rest + 1) % 10]), today: november2026())
            #expect(right.valid)
            #expect(wrong.reason == .badChecksum)
            found.insert(rest)
        }
        #expect(found == Set(0...12))
    }

    @Test func `check digits that ISO 13616 never issues are refused though the remainder fits`() throws {
        // 97 and 00 leave the same remainder, as do 98 and 01, 02 and 99.
        var seen = 0
        for account in 0..<500 {
            let text = "99900009" + String(10_000_000_000_000_000 + account).dropFirst()
            for (issued, never) in [("97", "00"), ("98", "01"), ("02", "99")] {
                let right = try IdentifierKind.plNRB.check(issued + text, today: november2026())
                guard right.valid else { continue }
                seen += 1
                #expect(try IdentifierKind.plNRB.check(never + text, today: november2026()).reason == .badChecksum)
            }
        }
        #expect(seen > 0)
    }
}
