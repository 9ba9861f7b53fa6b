/// A telephone number that a numbering plan knows.
struct PhoneNumber {
    let code: String
    let national: String
    let isMobile: Bool

    /// E.164: plus, country code, national number.
    var international: String { "+\(code)\(national)" }
}

/// A number as people of the country write it, with or without country code and trunk prefix.
func phoneNumber(_ value: String, of country: IdentifierCountry) throws(Reason) -> PhoneNumber {
    let entry = try phoneEntry(value)
    let plan = NumberingPlan.of(country)
    let national = try plan.national(entry.digits, international: entry.plus)
    return PhoneNumber(code: plan.code, national: national, isMobile: try plan.isMobile(national))
}

/// A number that can receive a text message. Throws `notMobile` for a valid number that cannot.
func mobilePhone(_ value: String, of country: IdentifierCountry) throws(Reason) -> String {
    let number = try phoneNumber(value, of: country)
    guard number.isMobile else { throw .notMobile }
    return number.international
}

/// ITU-T E.164: plus and 8 to 15 digits, of any country; no country code begins with zero.
func e164Number(_ value: String) throws(Reason) -> String {
    let entry = try phoneEntry(value)
    guard entry.plus else { throw .badPrefix }
    guard (8...15).contains(entry.digits.utf8.count) else { throw .wrongLength }
    guard !entry.digits.hasPrefix("0") else { throw .badStructure }
    return "+\(entry.digits)"
}

private func phoneEntry(_ value: String) throws(Reason) -> (plus: Bool, digits: String) {
    let text = try cleaned(value, limit: 40, dropping: ["(", ")", ".", "/"])
    let plus = text.first == UInt8(ascii: "+")
    let digits = plus ? text.dropFirst() : text[...]
    guard digits.allSatisfy(\.isDigit) else { throw .badCharacter }
    guard !digits.isEmpty else { throw .wrongLength }
    return (plus, string(digits))
}
