/// INN (taxpayer): ten digits for a company, twelve for a person. Order of the tax service ЕД-7-14/559@.
func russianINN(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [10, 12])
    let weights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
    for place in digits.count == 10 ? [9] : [10, 11] {
        guard weighted(digits[..<place], Array(weights.suffix(place))) % 11 % 10 == digits[place]
        else { throw .badChecksum }
    }
    return string(digits)
}

/// OGRN (company register): begins with 1 or 5; the rest of the first twelve digits by eleven, last digit of it.
func russianOGRN(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [13])
    guard digits[0] == 1 || digits[0] == 5 else { throw .badStructure }
    guard remainder(digits[..<12], 11) % 10 == digits[12] else { throw .badChecksum }
    return string(digits)
}

/// OGRNIP (sole traders): begins with 3; the last digit of the remainder by thirteen (order 165n), not the remainder
/// cut at ten, which would refuse three numbers of thirteen.
func russianOGRNIP(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [15])
    guard digits[0] == 3 else { throw .badStructure }
    guard remainder(digits[..<14], 13) % 10 == digits[14] else { throw .badChecksum }
    return string(digits)
}

/// KPP (reason of registration): nine characters, the fifth and sixth may be letters.
func russianKPP(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 9...9)
    guard (text[..<4] + text[6...]).allSatisfy(\.isDigit) else { throw .badStructure }
    return string(text)
}

/// SNILS (pension insurance): weights 9 to 1 modulo 101, with 100 written 00. Numbers up to 001-001-998 carry none.
func russianSNILS(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [11])
    let serial = digits[..<9]
    if number(serial) > 1_001_998 {
        let sum = weighted(serial, Array((1...9).reversed())) % 101 % 100
        guard sum == number(digits[9...]) else { throw .badChecksum }
    }
    let groups = stride(from: 0, to: 9, by: 3).map { string(digits[$0..<($0 + 3)]) }
    return "\(groups.joined(separator: "-")) \(string(digits[9...]))"
}

/// Internal passport: series (region and year of the form) and number. No check digit; region 00 does not exist.
func russianPassport(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [10])
    guard number(digits[..<2]) > 0 else { throw .badStructure }
    return "\(string(digits[..<4])) \(string(digits[4...]))"
}
