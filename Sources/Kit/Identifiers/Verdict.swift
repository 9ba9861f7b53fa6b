/// What the check of one entry found: `normalized` is there exactly when the entry is valid, `reason` when it is not.
package struct Verdict: Hashable, Sendable {
    package let valid: Bool
    /// The form to store and compare.
    package let normalized: String?
    package let reason: Reason?

    static func valid(_ normalized: String) -> Verdict {
        Verdict(valid: true, normalized: normalized, reason: nil)
    }

    static func invalid(_ reason: Reason) -> Verdict {
        Verdict(valid: false, normalized: nil, reason: reason)
    }
}

/// Why an entry is not valid: the first step of the check that fails. The raw values are public (vectors.json, CLI).
package enum Reason: String, CaseIterable, Codable, Error, Sendable {
    case allZero = "all_zero"
    case badCharacter = "bad_character"
    case badChecksum = "bad_checksum"
    case badDate = "bad_date"
    case badPrefix = "bad_prefix"
    case badStructure = "bad_structure"
    case empty
    case forbiddenCharacter = "forbidden_character"
    case futureDate = "future_date"
    case missingArgument = "missing_argument"
    case nonASCIIDigit = "non_ascii_digit"
    case nonASCIILocalPart = "non_ascii_local_part"
    case notMobile = "not_mobile"
    case tooLong = "too_long"
    case unknownKeyword = "unknown_keyword"
    case wrongCountry = "wrong_country"
    case wrongLength = "wrong_length"
    case wrongScript = "wrong_script"
}

/// A question no verdict can answer: the caller named a kind or country that has no rule.
package enum UnknownIdentifier: Error, Hashable, Sendable {
    case kind(String)
    case country(String, kind: IdentifierKind)
    /// The kind has rules in several countries and none was named.
    case countryMissing(kind: IdentifierKind)
}

extension UnknownIdentifier: CustomStringConvertible {
    package var description: String {
        switch self {
        case .kind(let name): "unknown kind \"\(shortened(name))\""
        case .country(let name, let kind):
            "unknown country \"\(shortened(name))\" for \(kind.rawValue); it has \(kind.countryList)"
        case .countryMissing(let kind): "\(kind.rawValue) needs a country: \(kind.countryList)"
        }
    }

    private func shortened(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(40)))
    }
}
