/// EU VAT number: the country's prefix, then NIP or the first eight digits of the adószám.
func euVATNumber(_ text: [UInt8], of country: IdentifierCountry) throws(Reason) -> String {
    guard text.allSatisfy({ $0.isDigit || $0.isLetter }) else { throw .badCharacter }
    guard text.starts(with: country.rawValue.utf8) else { throw .badPrefix }
    let rest = Array(text.dropFirst(2))
    if country == .poland {
        guard rest.first?.isLetter != true else { throw .badCharacter }
        return "PL" + (try polishNIP(rest))
    }
    let digits = try numeric(rest, lengths: [8])
    guard passesHungarian9731(digits) else { throw .badChecksum }
    return "HU" + string(digits)
}

/// IBAN (ISO 13616) of Poland or Hungary with the national check digits inside, which most validators leave out.
func ibanNumber(_ text: [UInt8], of country: IdentifierCountry) throws(Reason) -> String {
    guard text.allSatisfy({ $0.isDigit || $0.isLetter }) else { throw .badCharacter }
    guard text.count >= 2, text[..<2].allSatisfy(\.isLetter) else { throw .badPrefix }
    guard text.starts(with: country.rawValue.utf8) else { throw .wrongCountry }
    guard text.count == 28 else { throw .wrongLength }
    guard text[2...].allSatisfy(\.isDigit) else { throw .badStructure }
    let digits = text[2...].map(\.digit)
    if country == .poland {
        try polishAccount(digits)
    } else {
        guard digits[2...].contains(where: { $0 != 0 }) else { throw .allZero }
        guard passesMod97(country: "HU", check: digits[..<2], account: digits[2...]) else { throw .badChecksum }
        try hungarianAccount(Array(digits[2...]))
    }
    return string(text)
}

enum VehicleCheckDigit {
    case always
    /// A world manufacturer code from 1 to 5. European makers fill the place as they like.
    case northAmericanOnly
}

/// VIN (ISO 3779) with the check digit of 49 CFR 565.15: place nine, modulo eleven, ten written X.
func vehicleNumber(_ text: [UInt8], checkDigit: VehicleCheckDigit) throws(Reason) -> String {
    guard !text.contains(where: "IOQ".utf8.contains) else { throw .badCharacter }
    try alphanumeric(text, lengths: 17...17)
    let northAmerican = (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(text[0])
    if checkDigit == .always || northAmerican {
        let sum = weighted(text.map(vehicleValue), [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
        guard text[8] == (sum == 10 ? UInt8(ascii: "X") : UInt8(sum + 48)) else { throw .badChecksum }
    }
    return string(text)
}

/// A to H are 1 to 8, J to R 1 to 9, S to Z 2 to 9.
private func vehicleValue(_ byte: UInt8) -> Int {
    guard byte.isLetter else { return byte.digit }
    let place = Int(byte) - 65
    return place < 8 ? place + 1 : place < 18 ? place - 8 : place - 16
}
