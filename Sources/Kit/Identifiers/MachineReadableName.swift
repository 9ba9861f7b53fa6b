enum Transliteration {
    /// ICAO 9303 part 3, section 6.
    case icao
    /// The internal passport of Russia: one sign per letter, so that the name can be read back.
    case russianInternal
}

/// A name as the machine-readable zone writes it: A to Z (and digits in Russian internal passports), `<` for spaces and
/// hyphens, apostrophes dropped.
func transliteratedName(_ value: String, by rule: Transliteration) throws(Reason) -> String {
    let name = String(String.UnicodeScalarView(try trimmed(value)))
    var words: [String] = [""]
    for character in name {
        if character.unicodeScalars.allSatisfy(\.isSeparator) {
            words.append("")
        } else if !apostrophes.contains(character) {
            words[words.count - 1] += try rule.letters(of: character)
        }
    }
    let text = words.filter { !$0.isEmpty }.joined(separator: "<")
    guard !text.isEmpty else { throw hasLetter(name) ? .badCharacter : .empty }
    return text
}

private let apostrophes: Set<Character> = ["'", "\u{2019}", "\u{2018}", "\u{02BC}"]

/// A lone soft sign is a letter and yet writes nothing.
private func hasLetter(_ name: String) -> Bool { name.contains(where: \.isLetter) }

extension Transliteration {
    /// `Character` compares by canonical equivalence, so a letter with a separate accent is found too.
    fileprivate func letters(of character: Character) throws(Reason) -> String {
        var result = ""
        for capital in character.uppercased() {
            switch self {
            case .russianInternal:
                guard let sign = russianSigns[capital] else { throw .badCharacter }
                result += sign
            case .icao:
                if capital.isASCII, capital.isLetter {
                    result.append(capital)
                } else if let letters = icaoLetters[capital] {
                    result += letters
                } else {
                    throw .badCharacter
                }
            }
        }
        return result
    }
}

private let russianSigns: [Character: String] = Dictionary(
    uniqueKeysWithValues: zip("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", "ABVGDE2JZIQKLMNOPRSTUFHC34WXY9678").map {
        ($0, String($1))
    }
)
