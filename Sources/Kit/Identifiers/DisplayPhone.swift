/// E.164 with the country's usual groups; other countries stay as they are.
func displayedPhone(_ text: String) -> String {
    guard text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else { return text }
    if text.hasPrefix("+48"), text.count == 12 {
        let mobile = (try? mobilePhone(text, of: .poland)) != nil
        return "+48 " + groups(text.dropFirst(3), mobile ? [3, 3, 3] : [2, 3, 2, 2])
    }
    if text.hasPrefix("+36"), (11...12).contains(text.count) {
        let lengths = text.count == 12 ? [2, 3, 4] : text.hasPrefix("+361") ? [1, 3, 4] : [2, 3, 3]
        return "+36 " + groups(text.dropFirst(3), lengths)
    }
    if text.hasPrefix("+7"), text.count == 12 {
        return "+7 " + groups(text.dropFirst(2), [3, 3, 2, 2])
    }
    return text
}

/// Hungarian and Russian plates have one reading; a Polish one does not show where its area ends without the register
/// of areas, so only the plain `WX 00001` is parted.
func displayedPlate(_ text: String) -> String {
    let letters = text.prefix { $0.isLetter }.count
    if text.first.map({ $0.isASCII }) == true {
        guard text.dropFirst(letters).allSatisfy(\.isNumber) else { return text }
        switch (letters, text.count) {
        case (4, 7): return "\(text.prefix(2)) \(text.dropFirst(2).prefix(2))-\(text.suffix(3))"
        case (3, 6), (4, 6), (5, 6): return "\(text.prefix(letters))-\(text.dropFirst(letters))"
        case (2, 7), (3, 8): return "\(text.prefix(letters)) \(text.dropFirst(letters))"
        default: return text
        }
    }
    let mark = Array(text)
    guard letters == 1, (8...9).contains(mark.count) else { return text }
    return "\(mark[0]) \(String(mark[1..<4])) \(String(mark[4..<6])) \(String(mark[6...]))"
}

private func groups(_ digits: Substring, _ lengths: [Int]) -> String {
    var rest = digits
    var groups: [Substring] = []
    for length in lengths {
        groups.append(rest.prefix(length))
        rest = rest.dropFirst(length)
    }
    return groups.joined(separator: " ")
}
