/// Registration plates. Shapes not known here (diplomatic, test) are confirmed by a person, not by this rule.
func registrationPlate(_ value: String, of country: IdentifierCountry) throws(Reason) -> String {
    switch country {
    case .russia: try russianPlate(value)
    case .poland: try polishPlate(try cleaned(value, limit: 32))
    default: try hungarianPlate(try cleaned(value, limit: 32))
    }
}

/// `AAA-001`, `AA AA-001` (since 1 July 2022), the chosen `ABCD-12` and `ABCDE-1`; the number is never zero.
private func hungarianPlate(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 6...7)
    let shapes: [StaticString] = ["LLLDDD", "LLLLDDD", "LLLLDD", "LLLLLD"]
    guard shapes.contains(where: { shaped(text, $0) }), text.contains(where: { $0.isDigit && $0.digit > 0 })
    else { throw .badStructure }
    return string(text)
}

/// Area of two or three letters with four or five characters, reduced (`W 12A`), chosen (`W1 AB12`), temporary
/// (`W0 1234`) and professional (`W1 23P45`).
private func polishPlate(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 4...8)
    let standard = [2, 3].contains { area in
        text[..<area].allSatisfy(\.isLetter) && isRegularMark(text[area...], lengths: 4...5)
    }
    let reduced = text[0].isLetter && isRegularMark(text[1...], lengths: 3...3)
    guard standard || reduced || isTemporary(text) || isChosen(text), !text.contains(UInt8(ascii: "Q"))
    else { throw .badStructure }
    return string(text)
}

/// The mark after the area: without letters that look like digits, two letters at most, and five places begin with a
/// digit.
private func isRegularMark(_ mark: ArraySlice<UInt8>, lengths: ClosedRange<Int>) -> Bool {
    let letters = mark.filter(\.isLetter)
    guard lengths.contains(mark.count), letters.count <= 2, !letters.contains(where: "BDIOZ".utf8.contains)
    else { return false }
    return mark.count < 5 || mark.first?.isDigit == true
}

private func isTemporary(_ text: [UInt8]) -> Bool {
    let professional = shaped(text, "LDDDLDD") && text[4] == UInt8(ascii: "P")
    return professional || shaped(text, "LDDDDD") || shaped(text, "LDDDDL")
}

/// A letter and a digit, then three to five letters whose last two may be digits.
private func isChosen(_ text: [UInt8]) -> Bool {
    guard shaped(text[..<2], "LD"), (5...7).contains(text.count) else { return false }
    let word = text[2...]
    return word.dropLast(2).allSatisfy(\.isLetter) && !shaped(word.suffix(2), "DL") && word.first?.isLetter == true
}
