import Foundation
import Transport

/// Text messages without diacritics, for portals that want 160 letters in a part instead of 70. Letters that
/// the default alphabet of 3GPP TS 23.038 holds stay as they are; those of other scripts stay too.
enum GSMFolding {
    /// What no decomposition tells, or where the nearest letter keeps its umlaut.
    private static let nearest: [Character: String] = [
        "ł": "l", "Ł": "L", "ő": "ö", "Ő": "Ö", "ű": "ü", "Ű": "Ü", "đ": "d", "Đ": "D", "„": "\"", "”": "\"", "“": "\"",
        "«": "\"", "»": "\"", "‚": "'", "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "…": "...", "\u{A0}": " ",
        "\u{202F}": " ", "\u{2009}": " ",
    ]

    static func text(_ text: String) -> String {
        if GSMAlphabet.holds(text) { return text }
        return text.map(folded).joined()
    }

    private static func folded(_ character: Character) -> String {
        let whole = String(character)
        let letter = nearest[character] ?? bare(whole)
        return GSMAlphabet.holds(whole) || !GSMAlphabet.holds(letter) ? whole : letter
    }

    /// The letter without its marks.
    private static func bare(_ letter: String) -> String {
        let scalars = letter.decomposedStringWithCanonicalMapping.unicodeScalars
        return String(
            String.UnicodeScalarView(scalars.filter { $0.properties.canonicalCombiningClass == .notReordered })
        )
    }
}
