import DeskKit
import Foundation
import Testing

@testable import Identifiers

/// One line of vectors.json.
struct Vector: Codable, CustomTestStringConvertible, Sendable {
    let kind: String
    let country: String
    let value: String
    let valid: Bool
    let normalized: String?
    let reason: String?

    var testDescription: String {
        let shown = value.unicodeScalars.prefix(60).map { $0.escaped(asASCII: true) }.joined()
        return "\(kind) \(country) \"\(shown)\" → \(normalized ?? reason ?? "?")"
    }

    static let all: [Vector] = {
        guard let url = Bundle.module.url(forResource: "vectors", withExtension: "json"),
            let data = try? Data(contentsOf: url), let vectors = try? JSONDecoder().decode([Vector].self, from: data)
        else { return [] }
        return vectors
    }()
}

/// The vectors were made in November 2026.
func november2026() throws -> CivilDate {
    try #require(CivilDate(year: 2026, month: 11, day: 21))
}

struct VectorTests {
    @Test(arguments: Vector.all)
    func `each published vector gives its verdict`(vector: Vector) throws {
        let verdict = try check(
            kind: vector.kind,
            value: vector.value,
            country: vector.country,
            today: november2026()
        )
        #expect(verdict.valid == vector.valid)
        #expect(verdict.normalized == vector.normalized)
        #expect(verdict.reason?.rawValue == vector.reason)
    }

    @Test func `the vectors are there, and each kind and country with a rule has some`() {
        #expect(Vector.all.count > 1000)
        let covered = Set(Vector.all.map { "\($0.kind) \($0.country)" })
        let ruled = Set(
            IdentifierKind.allCases.flatMap { kind in kind.countries.map { "\(kind.rawValue) \($0.rawValue)" } }
        )
        #expect(covered == ruled)
    }

    @Test func `every reason is one the vectors use, and each is used`() {
        #expect(Set(Vector.all.compactMap(\.reason)) == Set(Reason.allCases.map(\.rawValue)))
    }

    @Test(arguments: Vector.all.filter(\.valid))
    func `a normalised value is valid and stays as it is`(vector: Vector) throws {
        // Names and RU names leave the alphabet they are read from.
        guard !vector.kind.hasPrefix("mrz_name"), let normalized = vector.normalized else { return }
        let again = try check(kind: vector.kind, value: normalized, country: vector.country, today: november2026())
        #expect(again == .valid(normalized))
    }
}
