/// The steps every kind shares, in this order: length, trimming, forbidden characters, separators, foreign digits and
/// letters. Works on Unicode scalars and with ASCII ranges only: `Character.isNumber` would let full-width digits pass.

/// The first steps alone: at most `limit` scalars (nothing beyond is looked at), trimmed, without control or format
/// characters. Throws `tooLong`, `empty`, `forbiddenCharacter`.
func trimmed(
    _ value: String,
    limit: Int = 64,
    allowing allowed: Set<Unicode.Scalar> = []
) throws(Reason) -> [Unicode.Scalar] {
    let scalars = Array(value.unicodeScalars.prefix(limit + 1))
    guard scalars.count <= limit else { throw .tooLong }
    guard let first = scalars.firstIndex(where: { !$0.isTrimmed }),
        let last = scalars.lastIndex(where: { !$0.isTrimmed })
    else { throw .empty }
    let inner = scalars[first...last]
    guard inner.allSatisfy({ allowed.contains($0) || !$0.isForbidden }) else { throw .forbiddenCharacter }
    return Array(inner)
}

/// All the steps: upper-case ASCII bytes without separators, at least one. What is neither ASCII nor a letter or digit
/// becomes `foreignByte`, which no rule accepts.
func cleaned(
    _ value: String,
    limit: Int = 64,
    dropping dropped: Set<Unicode.Scalar> = []
) throws(Reason) -> [UInt8] {
    try latin(withoutSeparators(try trimmed(value, limit: limit), dropping: dropped))
}

/// Throws `empty` when nothing but separators is left.
func withoutSeparators(
    _ scalars: [Unicode.Scalar],
    dropping dropped: Set<Unicode.Scalar> = []
) throws(Reason) -> [Unicode.Scalar] {
    let kept = scalars.filter { !$0.isSeparator && !dropped.contains($0) }
    guard !kept.isEmpty else { throw .empty }
    return kept
}

/// Throws `nonASCIIDigit`, then `wrongScript`, for what an eye may take for an ASCII character.
func latin(_ scalars: [Unicode.Scalar]) throws(Reason) -> [UInt8] {
    guard !scalars.contains(where: \.isForeignDigit) else { throw .nonASCIIDigit }
    var afterLetter = false
    for scalar in scalars {
        let mark = scalar.isMark
        guard !scalar.isForeignLetter, !(mark && afterLetter) else { throw .wrongScript }
        afterLetter = mark ? afterLetter : scalar.properties.isAlphabetic
    }
    return scalars.map { $0.isASCII ? upper(UInt8($0.value)) : foreignByte }
}

let foreignByte: UInt8 = 0xFF

func upper(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
}

extension Unicode.Scalar {
    private var isFormat: Bool { properties.generalCategory == .format }

    fileprivate var isTrimmed: Bool { properties.isWhitespace || isFormat }

    /// Control and format characters and line breaks; NUL is among them, which PostgreSQL's text cannot hold.
    var isForbidden: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    var isSpace: Bool { properties.generalCategory == .spaceSeparator }

    /// Any space, any dash (also the minus sign U+2212).
    var isSeparator: Bool { isSpace || properties.isDash }

    var isForeignDigit: Bool { !isASCII && properties.generalCategory == .decimalNumber }

    var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    var isForeignLetter: Bool {
        guard !isASCII else { return false }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }
}
