/// BIK (bank): nine digits from 04, or 00 to 02 for the treasury.
func russianBIK(_ text: [UInt8]) throws(Reason) -> String {
    let digits = try numeric(text, lengths: [9])
    guard digits[0] == 0, [0, 1, 2, 4].contains(digits[1]) else { throw .badStructure }
    return string(digits)
}

enum RussianAccount {
    case customer
    case correspondent
}

/// An account is known only with its bank, so the entry is BIK / account. The key digit: order 515 of the Bank of
/// Russia of 8 September 1997.
func russianAccount(_ text: [UInt8], _ role: RussianAccount) throws(Reason) -> String {
    guard text != [slash] else { throw .empty }
    let parts = text.split(separator: slash, omittingEmptySubsequences: false)
    guard parts.count == 2, let bank = parts.first, let account = parts.last else { throw .badStructure }
    for part in parts {
        guard !part.isEmpty, part.allSatisfy({ $0.isDigit || $0.isLetter }) else { throw .badCharacter }
    }
    guard shaped(bank, "DDDDDDDDD"), bank.starts(with: "04".utf8) else { throw .badStructure }
    guard account.count == 20 else { throw .wrongLength }
    let digits = try accountDigits(Array(account))
    let bik = bank.map(\.digit)
    let branch = [0] + bik[4..<6]
    switch role {
    case .customer:
        try keyDigit((number(bik[6...]) <= 2 ? branch : Array(bik[6...])) + digits)
    case .correspondent:
        guard account.allSatisfy(\.isDigit), account.starts(with: "301".utf8), digits.suffix(3) == bik[6...]
        else { throw .badStructure }
        try keyDigit(branch + digits)
    }
    return "\(string(bank))/\(string(account))"
}

/// The sixth character may be a letter for a clearing currency; it counts by its place in the order's alphabet.
private func accountDigits(_ account: [UInt8]) throws(Reason) -> [Int] {
    guard (account[..<5] + account[6...]).allSatisfy(\.isDigit) else { throw .badStructure }
    let clearing = Array("ABCEHKMPTX".utf8)
    guard let sixth = account[5].isDigit ? account[5].digit : clearing.firstIndex(of: account[5])
    else { throw .badStructure }
    guard account.contains(where: { $0 != UInt8(ascii: "0") }) else { throw .allZero }
    return account[..<5].map(\.digit) + [sixth] + account[6...].map(\.digit)
}

private func keyDigit(_ digits: [Int]) throws(Reason) {
    guard weighted(digits, [7, 1, 3]) % 10 == 0 else { throw .badChecksum }
}

private let slash = UInt8(ascii: "/")
