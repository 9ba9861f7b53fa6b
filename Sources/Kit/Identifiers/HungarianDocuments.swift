/// Identity card: `123456AA`, the old `AA123456`, or the hard-cover `AU-VII 123456` with its Roman numeral.
func hungarianIDCard(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 8...14)
    guard shaped(text, "DDDDDDLL") || shaped(text, "LLDDDDDD") || isHardCover(text) else { throw .badStructure }
    return string(text)
}

private func isHardCover(_ text: [UInt8]) -> Bool {
    guard text.count > 8, text[..<2].allSatisfy(\.isLetter), text.suffix(6).allSatisfy(\.isDigit) else { return false }
    return romanNumerals.contains(string(text[2..<(text.count - 6)]))
}

/// The Roman numerals of 1 to 39, as the series were numbered.
private let romanNumerals: Set<String> = {
    let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    return Set(["", "X", "XX", "XXX"].flatMap { tens in units.map { tens + $0 } }).subtracting([""])
}()

/// Passport: two letters and six or seven digits.
func hungarianPassport(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 8...9)
    guard shaped(text, "LLDDDDDD") || shaped(text, "LLDDDDDDD") else { throw .badStructure }
    return string(text)
}
