/// Stored in Cyrillic; Latin look-alikes are folded (GOST R 50577-2018). Cars `А001АА77`, buses and taxis `АВ001 77`,
/// trailers `АВ1234 77`, motorcycles `1234АВ 77`; region of two or three digits.
func russianPlate(_ value: String) throws(Reason) -> String {
    let scalars = try withoutSeparators(try trimmed(value, limit: 48))
    guard !scalars.contains(where: \.isForeignDigit) else { throw .nonASCIIDigit }
    guard !scalars.contains(where: { $0.isForeignLetter && !(0x400...0x4FF).contains($0.value) })
    else { throw .wrongScript }
    let text = scalars.map(plateByte)
    guard text.allSatisfy({ $0.isDigit || $0.isLetter }) else { throw .badCharacter }
    guard (7...9).contains(text.count) else { throw .wrongLength }
    guard isRussianPlate(text) else { throw .badStructure }
    return String(text.map { cyrillicByLatin[$0] ?? Character(Unicode.Scalar($0)) })
}

/// Digits and the twelve letters as their Latin look-alikes; `foreignByte` for the rest.
private func plateByte(_ scalar: Unicode.Scalar) -> UInt8 {
    if scalar.isASCII {
        let byte = upper(UInt8(scalar.value))
        return byte.isDigit || cyrillicByLatin[byte] != nil ? byte : foreignByte
    }
    let capital = Character(scalar).uppercased()
    return cyrillicByLatin.first { String($0.value) == capital }?.key ?? foreignByte
}

private let cyrillicByLatin: [UInt8: Character] = Dictionary(
    uniqueKeysWithValues: zip("ABEKMHOPCTYX".utf8, "АВЕКМНОРСТУХ")
)

private func isRussianPlate(_ text: [UInt8]) -> Bool {
    [2, 3].contains { region in
        guard text.count > region else { return false }
        let mark = Array(text.dropLast(region))
        let area = text.suffix(region)
        let shapes: [StaticString] = ["LDDDLL", "LLDDD", "LLDDDD", "DDDDLL"]
        guard area.allSatisfy(\.isDigit), isRegion(area.map(\.digit)), shapes.contains(where: { shaped(mark, $0) })
        else { return false }
        return mark.contains { $0.isDigit && $0.digit > 0 }
    }
}

private func isRegion(_ digits: [Int]) -> Bool {
    digits.count == 2 ? number(digits) > 0 : digits[0] > 0
}
