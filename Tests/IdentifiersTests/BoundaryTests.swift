import DeskKit
import Testing

@testable import Identifiers

struct BoundaryTests {
    private func day(_ iso: String) throws -> CivilDate { try #require(CivilDate(iso: iso)) }

    @Test func `a date of birth is past on its own day and future the day before`() throws {
        // Born 2003-12-31.
        let pesel = "03323100018"
        #expect(try IdentifierKind.plPESEL.check(pesel, today: day("2003-12-30")).reason == .futureDate)
        #expect(try IdentifierKind.plPESEL.check(pesel, today: day("2003-12-31")).reason != .futureDate)
        // Day 12053 since 1867-01-01 is 1900-01-01.
        #expect(try IdentifierKind.huTaxID.check("8120530004", today: day("1899-12-31")).reason == .futureDate)
        #expect(try IdentifierKind.huTaxID.check("8120530004", today: day("1900-01-01")).valid)
    }

    static let edges: [(IdentifierKind, IdentifierCountry, String, Reason?)] = [
        (.phone, .poland, "999 000 000", .badStructure),
        (.phone, .russia, "8-912-000-00-00", nil),
        (.huGIRO, .hungary, "9990000900000000", nil),
        (.huGIRO, .hungary, "0000000000000000", .allZero),
        (.huTaxNumber, .hungary, "99000006-2-21", .badStructure),
        (.huTaxNumber, .hungary, "99000006-2-45", .badStructure),
        (.iban, .poland, "HU75999000090000000000000017", .wrongCountry),
        (.iban, .poland, "04999000090000000000000000", .badPrefix),
        (.vehiclePlate, .poland, "WWL B001", .badStructure),
        (.vehiclePlate, .poland, "W1 23P45", nil),
        (.vehiclePlate, .russia, "А001АА077", .badStructure),
        (.vin, .international, "LZZZZZZZ4AZ000003", nil),
        (.vin, .international, "1ZZZZZZZ0AZ000001", .badChecksum),
        (.vin, .international, "WVWZZZ1JZ3W386752", nil),
        (.smsCommand, .poland, "FIRMA 9990000009", .badChecksum),
        (.smsCommand, .poland, "FIRMANT", .unknownKeyword),
        (.smsCommand, .poland, "Has\u{142}o", nil),
        (.ruAccount, .russia, "/40702810900000000001", .badCharacter),
        (.email, .international, "jan`id`@example.com", .badCharacter),
        (.email, .international, "jan@example.рф", nil),
        (.email, .international, "jan@ｅxample.com", .badCharacter),
        (.email, .international, "jan@exampl１.com", .nonASCIIDigit),
        (.mrzName, .international, "ь", .badCharacter),
    ]

    @Test(arguments: edges)
    func `the rule holds at its edge`(
        kind: IdentifierKind,
        country: IdentifierCountry,
        value: String,
        reason: Reason?
    ) throws {
        let verdict = try kind.check(value, country: country, today: november2026())
        #expect(verdict.reason == reason)
        #expect(verdict.valid == (reason == nil))
    }

    @Test(arguments: [
        ("münchen", "xn--mnchen-3ya"), ("пример", "xn--e1afmkfd"), ("例え", "xn--r8jz45g"), ("рф", "xn--p1ai"),
        ("bücher", "xn--bcher-kva"), ("plain", "plain"),
    ])
    func `domain labels become the A-labels of RFC 3492`(label: String, expected: String) {
        #expect(Punycode.label(label) == expected)
    }

    @Test func `what has no rule is the caller's error, not a verdict`() throws {
        let today = try november2026()
        #expect(throws: UnknownIdentifier.kind("nip")) {
            try check(kind: "nip", value: "1", country: "PL", today: today)
        }
        #expect(throws: UnknownIdentifier.country("DE", kind: .iban)) {
            try check(kind: "iban", value: "1", country: "DE", today: today)
        }
        #expect(throws: UnknownIdentifier.country("HU", kind: .plNIP)) {
            try check(kind: "pl_nip", value: "1", country: "HU", today: today)
        }
        #expect(throws: UnknownIdentifier.countryMissing(kind: .phone)) {
            try check(kind: "phone", value: "1", country: nil, today: today)
        }
        #expect(try check(kind: "pl_nip", value: "9990000008", country: nil, today: today).valid)
    }
}
