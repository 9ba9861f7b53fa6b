import DeskKit

/// NIP (VAT number): ten digits, optionally after "PL". A remainder of ten is never issued.
func polishNIP(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text.starts(with: "PL".utf8) ? text.dropFirst(2) : text[...], lengths: [10])
    guard weighted(digits[..<9], [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9] else { throw .badChecksum }
    return string(digits)
}

/// PESEL (personal number): YYMMDD with the century in the month, serial, sex, check digit. Act on the population
/// register of 24 September 2010, art. 15.
func polishPESEL(_ text: [UInt8], _ today: CivilDate) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [11])
    let month = number(digits[2..<4])
    let century = [1900, 2000, 2100, 2200, 1800][month / 20]
    try pastDate(year: century + number(digits[..<2]), month: month % 20, day: number(digits[4..<6]), today)
    guard (10 - weighted(digits[..<10], [1, 3, 7, 9]) % 10) % 10 == digits[10] else { throw .badChecksum }
    return string(digits)
}

/// REGON (statistical number): nine digits, or fourteen for a local unit, which begin with the nine of its company.
func polishREGON(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [9, 14])
    guard digits[..<9].contains(where: { $0 != 0 }) else { throw .allZero }
    guard weighted(digits[..<8], [8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == digits[8] else { throw .badChecksum }
    if digits.count == 14 {
        let sum = weighted(digits[..<13], [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8])
        guard sum % 11 % 10 == digits[13] else { throw .badChecksum }
    }
    return string(digits)
}

/// NRB (account number): two check digits, eight of the bank, sixteen of the account; ISO 13616 with "PL".
func polishNRB(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [26])
    try polishAccount(digits)
    return string(digits)
}

func polishAccount(_ digits: [Int]) throws(Reason) {
    guard digits[2...].contains(where: { $0 != 0 }) else { throw .allZero }
    guard passesMod97(country: "PL", check: digits[..<2], account: digits[2...]), passesPolishBank(digits[2..<10])
    else { throw .badChecksum }
}

/// Identity card: three letters and six digits, of which the first is the check digit.
func polishIDCard(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 9...9)
    guard shaped(text, "LLLDDDDDD") else { throw .badStructure }
    guard weighted(text.map(letterValue), [7, 3, 1, 9, 7, 3, 1, 7, 3]) % 10 == 0 else { throw .badChecksum }
    return string(text)
}

/// Passport: two letters and seven digits, of which the first is the check digit.
func polishPassport(_ text: [UInt8]) throws(Reason) -> String {
    try alphanumeric(text, lengths: 9...9)
    guard shaped(text, "LLDDDDDDD") else { throw .badStructure }
    guard weighted(text.map(letterValue), [7, 3, 9, 1, 7, 3, 1, 7, 3]) % 10 == 0 else { throw .badChecksum }
    return string(text)
}

/// Throws `badDate` for a day that does not exist and `futureDate` for one after today.
func pastDate(year: Int, month: Int, day: Int, _ today: CivilDate) throws(Reason) {
    guard let date = CivilDate(year: year, month: month, day: day) else { throw .badDate }
    guard date <= today else { throw .futureDate }
}
