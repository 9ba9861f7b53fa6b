/// The languages of the console; the raw value is the BCP 47 tag.
package enum Language: String, Codable, CaseIterable, Hashable, Sendable {
    case english = "en"
    case polish = "pl"
    case hungarian = "hu"
    case russian = "ru"

    /// The best match of an `Accept-Language` header (RFC 9110 §12.5.4); nil when it names none of ours.
    package static func preferred(by header: String?) -> Language? {
        guard let header, header.utf8.count <= 1000 else { return nil }
        var best: (language: Language, quality: Double)?
        for range in header.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let tag = parts.first?.split(separator: "-").first?.lowercased() ?? ""
            guard let language = Language(rawValue: tag) else { continue }
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
            let quality = weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if quality > (best?.quality ?? 0) {
                best = (language, quality)
            }
        }
        return best?.language
    }

    /// The plural form of a whole number (Unicode CLDR, cardinal rules for integers).
    package func pluralForm(of number: Int) -> PluralForm {
        let magnitude = number.magnitude
        let ten = magnitude % 10
        let hundred = magnitude % 100
        switch self {
        case .english, .hungarian:
            return magnitude == 1 ? .one : .other
        case .polish:
            if magnitude == 1 { return .one }
            return (2...4).contains(ten) && !(12...14).contains(hundred) ? .few : .many
        case .russian:
            if ten == 1, hundred != 11 { return .one }
            return (2...4).contains(ten) && !(12...14).contains(hundred) ? .few : .many
        }
    }

    /// The forms that a text in this language must give for whole numbers.
    package var pluralForms: Set<PluralForm> {
        switch self {
        case .english, .hungarian: [.one, .other]
        case .polish, .russian: [.one, .few, .many]
        }
    }
}

/// The plural categories of CLDR that our languages know.
package enum PluralForm: String, CaseIterable, Sendable {
    case one, few, many, other
}
