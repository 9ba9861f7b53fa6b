import Testing

@testable import Identifiers

struct DisplayTests {
    static let shown: [(IdentifierKind, String, String, String?)] = [
        (.plNIP, "9990000008", "999-000-00-08", "***-***-*0-08"),
        (.phone, "+48500000127", "+48 500 000 127", "+48 *** *** 127"),
        (.phone, "+48221234567", "+48 22 123 45 67", "+48 ** *** *5 67"),
        (.phone, "+36201234567", "+36 20 123 4567", "+36 ** *** *567"),
        (.phone, "+3612345678", "+36 1 234 5678", "+36 * *** *678"),
        (.phoneSMS, "+79001234567", "+7 900 123 45 67", "+7 *** *** *5 67"),
        (.e164, "+442000000000", "+442000000000", "+*********000"),
        (.email, "jan.testowy@example.com", "jan.testowy@example.com", "j***@example.com"),
        (.iban, "PL04999000090000000000000000", "PL04 9990 0009 0000 0000 0000 0000", nil),
        (.plNRB, "04999000090000000000000001", "04 9990 0009 0000 0000 0000 0001", nil),
        (.plIDCard, "AAA300001", "AAA 300001", "*** ***001"),
        (.huTAJ, "999000007", "999 000 007", "*** *** 007"),
        (.vehiclePlate, "ABC123", "ABC-123", "***-123"),
        (.vehiclePlate, "AAAA001", "AA AA-001", nil),
        (.vehiclePlate, "WX00001", "WX 00001", nil),
        (.vehiclePlate, "WX1AA00", "WX1AA00", nil),
        (.vehiclePlate, "А001АА77", "А 001 АА 77", nil),
        (.ruSNILS, "112-233-445 95", "112-233-445 95", "***-***-**5 95"),
        (.mrzName, "ANNA<MARIA", "ANNA<MARIA", "****<*****"),
        (.plNIP, "12", "12", "*2"),
        (.email, "broken", "broken", "******"),
    ]

    @Test(arguments: shown)
    func `values are shown in their groups and masked within them`(
        kind: IdentifierKind,
        normalized: String,
        display: String,
        masked: String?
    ) {
        #expect(kind.display(normalized) == display)
        if let masked { #expect(kind.masked(normalized) == masked) }
    }

    @Test(arguments: Vector.all.filter(\.valid))
    func `a displayed value can be typed in again`(vector: Vector) throws {
        let kind = try #require(IdentifierKind(rawValue: vector.kind))
        let normalized = try #require(vector.normalized)
        guard kind != .mrzName, kind != .mrzNameRUInternal else { return }
        let again = try check(
            kind: vector.kind,
            value: kind.display(normalized),
            country: vector.country,
            today: november2026()
        )
        #expect(again.normalized == normalized)
    }

    @Test func `masking leaves no more than half of a number`() {
        for vector in Vector.all where vector.valid {
            guard let kind = IdentifierKind(rawValue: vector.kind), let normalized = vector.normalized else { continue }
            #expect(kind.masked(normalized) != kind.display(normalized) || normalized.count < 2)
        }
    }
}
