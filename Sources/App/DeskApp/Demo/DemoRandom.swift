import DeskKit
import Identifiers

/// Numbers that look drawn by chance and are the same in every demo (SplitMix64, Steele et al. 2014).
struct DemoRandom: RandomNumberGenerator {
    private var state: UInt64

    /// One sequence per portal and client, so that a client can be drawn without those before it.
    init(seed: UInt64, index: Int) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 up to `count`, without it.
    mutating func below(_ count: Int) -> Int {
        Int(next() % UInt64(count))
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    mutating func chance(_ percent: Int) -> Bool {
        below(100) < percent
    }

    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[below(list.count)]
    }

    /// A pattern filled in: `d` a digit, `L` a letter that no digit looks like, `R` a letter of Russian plates; all
    /// else stands for itself.
    mutating func fill(_ pattern: String) -> String {
        var text = ""
        for character in pattern {
            switch character {
            case "d": text += String(below(10))
            case "L": text.append(pick(Self.letters))
            case "R": text.append(pick(Self.russianLetters))
            default: text.append(character)
            }
        }
        return text
    }

    /// A number of a kind: the pattern filled in, and for its `?` the check digits with which the number is valid.
    mutating func number(_ kind: IdentifierKind, _ pattern: String, today: CivilDate) -> String {
        while true {
            let filled = fill(pattern)
            let places = filled.count { $0 == "?" }
            let tries = places == 0 ? 1 : (places == 1 ? 10 : 100)
            for digits in 0..<tries {
                var left = digits
                let candidate = String(
                    filled.map { character -> Character in
                        guard character == "?" else { return character }
                        defer { left /= 10 }
                        return Character(String(left % 10))
                    }
                )
                if let verdict = try? kind.check(candidate, country: kind.countries.first, today: today),
                    let normalized = verdict.normalized
                {
                    return normalized
                }
            }
        }
    }

    private static let letters = Array("ACEFGHJKLMNPRSTUVWXY")
    private static let russianLetters = Array("АВЕКМНОРСТУХ")
}
