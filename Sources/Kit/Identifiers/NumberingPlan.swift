/// The hard rules of a country's numbers: code, prefixes, length. Ranges change, so they decide only what is plainly
/// unassigned.
struct NumberingPlan {
    let code: String
    /// Takes off what is dialled before the national number within the country, the country code without plus included.
    let domestic: @Sendable (String) -> Substring
    /// Throws `wrongLength`, `wrongCountry`, `badStructure`.
    let isMobile: @Sendable (String) throws(Reason) -> Bool

    static func of(_ country: IdentifierCountry) -> NumberingPlan {
        switch country {
        case .hungary: .hungary
        case .russia: .russia
        default: .poland
        }
    }

    func national(_ digits: String, international: Bool) throws(Reason) -> String {
        if international { return try withoutCode(digits[...]) }
        if code == "7", digits.hasPrefix("810"), digits.utf8.count > 11 { return try withoutCode(digits.dropFirst(3)) }
        if digits.hasPrefix("00") { return try withoutCode(digits.dropFirst(2)) }
        return String(domestic(digits))
    }

    private func withoutCode(_ digits: Substring) throws(Reason) -> String {
        guard digits.hasPrefix(code) else { throw code.hasPrefix(digits) ? .wrongLength : .wrongCountry }
        let rest = digits.dropFirst(code.utf8.count)
        // "+36 (06) 20 …" is common on Hungarian letterheads; no national number there begins with 0.
        return String(code == "36" && rest.hasPrefix("06") ? rest.dropFirst(2) : rest)
    }

    private static let poland = NumberingPlan(
        code: "48",
        domestic: { $0.utf8.count == 11 && $0.hasPrefix("48") ? $0.dropFirst(2) : $0[...] },
        isMobile: { national throws(Reason) in
            guard national.utf8.count == 9 else { throw .wrongLength }
            let area = national.prefix(2)
            if polishMobile.contains(area) { return true }
            guard polishOther.contains(area) else { throw .badStructure }
            return false
        }
    )

    private static let hungary = NumberingPlan(
        code: "36",
        domestic: { digits in
            if digits.hasPrefix("06") { return digits.dropFirst(2) }
            return (10...11).contains(digits.utf8.count) && digits.hasPrefix("36") ? digits.dropFirst(2) : digits[...]
        },
        isMobile: { national throws(Reason) in
            guard (8...9).contains(national.utf8.count) else { throw .wrongLength }
            let area = national.prefix(2)
            let long = national.utf8.count == 9
            if hungarianMobile.contains(area), long { return true }
            guard long ? area == "21" : national.hasPrefix("1") || hungarianOther.contains(area)
            else { throw .badStructure }
            return false
        }
    )

    private static let russia = NumberingPlan(
        code: "7",
        domestic: { digits in
            let prefixed = digits.hasPrefix("7") || digits.hasPrefix("8")
            return digits.utf8.count == 11 && prefixed ? digits.dropFirst() : digits[...]
        },
        isMobile: { national throws(Reason) in
            guard national.utf8.count == 10 else { throw .wrongLength }
            switch national.prefix(1) {
            case "9": return true
            case "3", "4", "8": return false
            // +7 6 and +7 7 belong to Kazakhstan.
            case "6", "7": throw .wrongCountry
            default: throw .badStructure
            }
        }
    )
}

private func areas(_ list: String) -> Set<Substring> { Set(list.split(separator: " ")) }

private let polishMobile = areas("45 50 51 53 57 60 66 69 72 73 78 79 88")
/// Geographic areas, 39 (internet telephony), 47 (ministries), 70 and 80 (service numbers).
private let polishOther = areas(
    """
    12 13 14 15 16 17 18 22 23 24 25 26 29 32 33 34 39 41 42 43 44 46 47 48 52 54 55 56 58 59 61 62 63 65 67 68 \
    70 71 74 75 76 77 80 81 82 83 84 85 86 87 89 91 94 95
    """
)
private let hungarianMobile = areas("20 30 31 50 70")
/// Geographic areas, 40, 80, 90 and 91 (service numbers); Budapest is 1.
private let hungarianOther = areas(
    """
    22 23 24 25 26 27 28 29 32 33 34 35 36 37 40 42 44 45 46 47 48 49 52 53 54 55 56 57 59 62 63 66 68 69 72 73 \
    74 75 76 77 78 79 80 82 83 84 85 87 88 89 90 91 92 93 94 95 96 99
    """
)
