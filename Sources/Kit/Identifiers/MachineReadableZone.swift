/// The three formats of ICAO 9303 parts 4 to 6.
struct MachineReadableFormat: Sendable {
    let lines: Int
    let width: Int
    let documentCodes: Set<UInt8>
    /// Line and first place (from 0) of the parts that carry check digits.
    let number: (line: Int, start: Int)
    let birth: (line: Int, start: Int)
    let sex: Int
    let expiry: Int
    let optional: (line: Int, start: Int, end: Int)
    /// Whether the optional data have a check digit of their own, right after them.
    let checksOptional: Bool
    /// Line and places the last check digit covers.
    let composite: [(line: Int, range: Range<Int>)]
    let compositeCheck: (line: Int, place: Int)

    static let td1 = MachineReadableFormat(
        lines: 3,
        width: 30,
        documentCodes: Set("ACI".utf8),
        number: (0, 5),
        birth: (1, 0),
        sex: 7,
        expiry: 8,
        optional: (0, 15, 30),
        checksOptional: false,
        composite: [(0, 5..<30), (1, 0..<7), (1, 8..<15), (1, 18..<29)],
        compositeCheck: (1, 29)
    )

    static let td2 = MachineReadableFormat(
        lines: 2,
        width: 36,
        documentCodes: Set("ACI".utf8),
        number: (1, 0),
        birth: (1, 13),
        sex: 20,
        expiry: 21,
        optional: (1, 28, 35),
        checksOptional: false,
        composite: [(1, 0..<10), (1, 13..<20), (1, 21..<35)],
        compositeCheck: (1, 35)
    )

    static let td3 = MachineReadableFormat(
        lines: 2,
        width: 44,
        documentCodes: Set("P".utf8),
        number: (1, 0),
        birth: (1, 13),
        sex: 20,
        expiry: 21,
        optional: (1, 28, 42),
        checksOptional: true,
        composite: [(1, 0..<10), (1, 13..<20), (1, 21..<43)],
        compositeCheck: (1, 43)
    )
}

/// The zone as typed or read, lines apart by a line break; normalised to upper case and line feeds.
func machineReadableZone(_ value: String, _ format: MachineReadableFormat) throws(Reason) -> String {
    let scalars = try trimmed(value, limit: 200, allowing: ["\r", "\n"]).filter { !$0.isSpace }
    let text = try latin(scalars)
    let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.map(Array.init)
    guard lines.joined().allSatisfy({ $0.isDigit || $0.isLetter || $0 == filler }) else { throw .badCharacter }
    guard lines.count == format.lines, lines.allSatisfy({ $0.count == format.width }) else { throw .wrongLength }
    try checkLayout(lines, format)
    try checkDates(lines, format)
    guard passesChecks(lines, format) else { throw .badChecksum }
    return lines.map(string).joined(separator: "\n")
}

private let filler = UInt8(ascii: "<")

private func checkLayout(_ lines: [[UInt8]], _ format: MachineReadableFormat) throws(Reason) {
    let sex = lines[format.birth.line][format.sex]
    let issuer = lines[0][2..<5]
    guard format.documentCodes.contains(lines[0][0]), "MFX<".utf8.contains(sex), issuer.allSatisfy({ !$0.isDigit }),
        issuer.first != filler
    else { throw .badStructure }
}

/// Parts of a date of birth may be unknown; an expiry is missing only in the internal passport of Russia (PN).
private func checkDates(_ lines: [[UInt8]], _ format: MachineReadableFormat) throws(Reason) {
    let line = lines[format.birth.line]
    let birth = line[format.birth.start..<(format.birth.start + 6)]
    guard isShortDate(Array(birth), unknownParts: true) else { throw .badDate }
    let expiry = Array(line[format.expiry..<(format.expiry + 6)])
    let internalPassport = lines[0].starts(with: "PN".utf8)
    guard isShortDate(expiry, unknownParts: false) || (internalPassport && expiry.allSatisfy { $0 == filler })
    else { throw .badDate }
}

/// YYMMDD of some century: 29 February passes in any year that is leap in one of them.
private func isShortDate(_ text: [UInt8], unknownParts: Bool) -> Bool {
    let parts = [text[0..<2], text[2..<4], text[4..<6]]
    let unknown = parts.map { $0.allSatisfy { $0 == filler } }
    guard zip(parts, unknown).allSatisfy({ $0.allSatisfy(\.isDigit) || ($1 && unknownParts) }) else { return false }
    let values = parts.map { number($0.map(\.digit)) }
    guard unknown[1] || (1...12).contains(values[1]) else { return false }
    if unknown[2] { return true }
    guard !unknown[1] else { return (1...31).contains(values[2]) }
    let leap = unknown[0] || values[0] % 4 == 0
    let longest = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][values[1] - 1]
    return (1...longest).contains(values[2])
}

private func passesChecks(_ lines: [[UInt8]], _ format: MachineReadableFormat) -> Bool {
    let line = lines[format.birth.line]
    let optional = format.optional
    let optionalData = lines[optional.line][optional.start..<optional.end]
    let dates = [format.birth.start, format.expiry].allSatisfy { matches(line[$0..<($0 + 6)], line[$0 + 6]) }
    let optionalCheck = !format.checksOptional || matches(optionalData, lines[optional.line][optional.end])
    let covered = format.composite.flatMap { lines[$0.line][$0.range] }
    let composite = lines[format.compositeCheck.line][format.compositeCheck.place]
    return passesNumber(lines, format, optionalData) && dates && optionalCheck
        && composite.isDigit && matches(covered[...], composite)
}

/// A number longer than nine places goes on in the optional data, its check digit after it (parts 5 and 6, note j).
private func passesNumber(
    _ lines: [[UInt8]],
    _ format: MachineReadableFormat,
    _ optional: ArraySlice<UInt8>
) -> Bool {
    let line = lines[format.number.line]
    let start = format.number.start
    let short = line[start..<(start + 9)]
    let check = line[start + 9]
    let rest = optional.prefix { $0 != filler }
    guard check == filler, !format.checksOptional, let last = rest.last else { return matches(short, check) }
    return matches(short + rest.dropLast(), last)
}

/// An empty part may have a filler for its check digit.
private func matches(_ part: ArraySlice<UInt8>, _ check: UInt8) -> Bool {
    if check == filler { return part.allSatisfy { $0 == filler } }
    return check.isDigit && machineReadableCheck(part) == check.digit
}
