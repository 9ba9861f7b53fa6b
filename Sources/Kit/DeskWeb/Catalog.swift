/// All texts of the console in all its languages. A key is the file's name and the path within it, joined by dots:
/// `state.locked` in `locales/en/accounts.yml` is `accounts.state.locked`.
package struct Catalog: Sendable {
    let texts: [Language: [String: CatalogText]]

    init(texts: [Language: [String: CatalogText]]) {
        self.texts = texts
    }

    /// The text of a key with its placeholders filled. What is missing shows as `⟦key⟧`, which strict rendering
    /// refuses.
    package func text(_ key: String, _ arguments: [String: TextArgument] = [:], _ language: Language) -> String {
        guard let text = texts[language]?[key] else { return Self.missing(key) }
        var number: Int?
        if case .number(let value)? = arguments["n"] { number = value }
        // A count that is left open ("…") takes the form of many.
        let isOpen = number == nil && arguments["n"] != nil
        guard let pieces = isOpen ? text.openPieces : text.pieces(for: number, in: language) else {
            return Self.missing("\(key)#n")
        }
        var result = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): result += literal
            case .argument(let name):
                switch arguments[name] {
                case .number(let value)?: result += grouped(value, language)
                case .text(let value)?: result += value
                case nil: result += Self.missing("\(key)#\(name)")
                }
            }
        }
        return result
    }

    /// The names of a text's placeholders, `n` of a plural text included; empty for a key that is not there.
    package func placeholders(of key: String) -> Set<String> {
        texts[.english]?[key]?.placeholders ?? []
    }

    /// Whether a key is there, for texts that exist only for some values of a code.
    package func has(_ key: String) -> Bool {
        texts[.english]?[key] != nil
    }

    package var keys: Set<String> {
        Set((texts[.english] ?? [:]).keys)
    }

    /// The text of a key without placeholders, as templates use it; nil when there is none.
    func constant(_ key: String, _ language: Language) -> String? {
        texts[language]?[key]?.constant
    }

    func grouped(_ number: Int, _ language: Language) -> String {
        group(digits: String(number.magnitude), by: constant("desk.number.group", language) ?? "", negative: number < 0)
    }

    static let missingMark: Character = "⟦"

    static func missing(_ key: String) -> String {
        "\(missingMark)\(key)⟧"
    }
}

/// Groups digits by three; a minus sign is U+2212, as all four languages print it.
func group(digits: String, by separator: String, negative: Bool) -> String {
    var result = negative ? "\u{2212}" : ""
    let count = digits.utf8.count
    for (position, digit) in digits.enumerated() {
        if position > 0, (count - position) % 3 == 0 { result += separator }
        result.append(digit)
    }
    return result
}
