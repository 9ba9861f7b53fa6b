import DeskKit

/// Adószám: eight digits of the taxpayer with a check digit, VAT code 1 to 5, county.
func hungarianTaxNumber(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [11])
    guard digits[..<8].contains(where: { $0 != 0 }) else { throw .allZero }
    let county = number(digits[9...])
    guard (1...5).contains(digits[8]), (2...20).contains(county) || (22...44).contains(county) || county == 51
    else { throw .badStructure }
    guard passesHungarian9731(digits[..<8]) else { throw .badChecksum }
    return "\(string(digits[..<8]))-\(digits[8])-\(string(digits[9...]))"
}

/// Adóazonosító jel: 8, five digits of days since 1867-01-01 (date of birth), serial, check digit. Act CL of 2017.
func hungarianTaxID(_ text: [UInt8], _ today: CivilDate) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [10])
    guard digits[0] == 8 else { throw .badStructure }
    let daysBefore1970 = 37_620
    guard number(digits[1..<6]) - daysBefore1970 <= today.dayNumber else { throw .futureDate }
    guard weighted(digits[..<9], Array(1...9)) % 11 == digits[9] else { throw .badChecksum }
    return string(digits)
}

/// Személyi azonosító: sex and century 1 to 4, YYMMDD, serial, check digit; the weights turn round for those born from
/// 1997 on. Act XX of 1996.
func hungarianPersonalID(_ text: [UInt8], _ today: CivilDate) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [11])
    guard (1...4).contains(digits[0]) else { throw .badStructure }
    let year = (digits[0] <= 2 ? 1900 : 2000) + number(digits[1..<3])
    try pastDate(year: year, month: number(digits[3..<5]), day: number(digits[5..<7]), today)
    let weights = year <= 1996 ? Array(1...10) : Array((1...10).reversed())
    guard weighted(digits[..<10], weights) % 11 == digits[10] else { throw .badChecksum }
    return string(digits)
}

/// TAJ (social insurance): nine digits, the last a check digit.
func hungarianTAJ(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [9])
    guard weighted(digits[..<8], [3, 7]) % 10 == digits[8] else { throw .badChecksum }
    return string(digits)
}

/// GIRO account: 8-8 or 8-8-8 digits; the bank's eight and the account's rest each carry a check digit.
func hungarianGIRO(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [16, 24])
    try hungarianAccount(digits)
    return stride(from: 0, to: digits.count, by: 8).map { string(digits[$0..<($0 + 8)]) }.joined(separator: "-")
}

func hungarianAccount(_ digits: [Int]) throws(Reason) {
    guard passesHungarian9731(digits[..<8]), passesHungarian9731(digits[8...]) else { throw .badChecksum }
}

/// Cégjegyzékszám: court 01 to 20, legal form 01 to 23, number from 000001.
func hungarianCompany(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [10])
    guard (1...20).contains(number(digits[..<2])), (1...23).contains(number(digits[2..<4])), number(digits[4...]) > 0
    else { throw .badStructure }
    return "\(string(digits[..<2]))-\(string(digits[2..<4]))-\(string(digits[4...]))"
}
