extension IdentifierKind {
    /// A normalised value as people of its country read it, e.g. `999-000-00-08`, `+48 500 000 127`; what has no usual
    /// grouping, or is not of the normalised form, stays as it is.
    package func display(_ normalized: String) -> String {
        switch self {
        case .plNIP: grouped(normalized, [3, 3, 2, 2], "-")
        case .plIDCard: grouped(normalized, [3, 6], " ")
        case .plPassport: grouped(normalized, [2, 7], " ")
        case .huTAJ: grouped(normalized, [3, 3, 3], " ")
        case .plNRB: grouped(normalized, [2, 4, 4, 4, 4, 4, 4], " ")
        case .iban: grouped(normalized, [4, 4, 4, 4, 4, 4, 4], " ")
        case .ruAccount, .ruCorrAccount: normalized.replacing("/", with: " / ")
        case .phone, .phoneSMS, .e164: displayedPhone(normalized)
        case .vehiclePlate: displayedPlate(normalized)
        default: normalized
        }
    }

    /// The displayed form with all but its end hidden: the last three characters of a number (for phones also the
    /// country code, `+48 *** *** 127`), of an address the first letter and the domain. Names and commands are hidden
    /// whole. Groups stay visible.
    package func masked(_ normalized: String) -> String {
        let text = display(normalized)
        switch self {
        case .email: return maskedAddress(text)
        case .mrzName, .mrzNameRUInternal, .mrzTD1, .mrzTD2, .mrzTD3, .smsCommand: return hidden(text, keepingLast: 0)
        case .phone, .phoneSMS, .e164:
            let code = text.contains(" ") ? text.prefix { $0 != " " } : text.prefix(1)
            return code + hidden(String(text.dropFirst(code.count)), keepingLast: 3)
        default: return hidden(text, keepingLast: 3)
        }
    }
}

private func grouped(_ text: String, _ lengths: [Int], _ separator: String) -> String {
    guard text.count == lengths.reduce(0, +) else { return text }
    var rest = text[...]
    var groups: [Substring] = []
    for length in lengths {
        groups.append(rest.prefix(length))
        rest = rest.dropFirst(length)
    }
    return groups.joined(separator: separator)
}

/// Keeps so many last letters or digits, at most half of them; every other one becomes an asterisk.
private func hidden(_ text: String, keepingLast kept: Int) -> String {
    let total = text.count { $0.isLetter || $0.isNumber }
    var left = total - min(kept, total / 2)
    return String(
        text.map { character in
            guard character.isLetter || character.isNumber, left > 0 else { return character }
            left -= 1
            return "*"
        }
    )
}

private func maskedAddress(_ address: String) -> String {
    guard let at = address.lastIndex(of: "@"), at > address.startIndex else { return hidden(address, keepingLast: 0) }
    return "\(address.prefix(1))***\(address[at...])"
}
