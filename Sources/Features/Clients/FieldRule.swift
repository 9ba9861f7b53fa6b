/// What a field of the book may hold. Every rule works on bytes, since millions of fields pass.
enum FieldRule: Sendable {
    /// So many characters at most.
    case text(Int)
    case words([String])
    /// ISO 3166 alpha-2, ISO 639-1, ISO 4217: so many letters of ASCII.
    case capitals(Int)
    case smallLetters(Int)
    /// A day of the calendar from 1900 to 2199, written YYYY-MM-DD.
    case date
    /// Whole minor units, up to 15 digits.
    case amount(signed: Bool)
    /// Up to 6 digits.
    case number
    /// A number, phone or address that `FieldNormalizer` checks and brings into one form.
    case identifier

    /// The reason code for a text that the rule refuses, nil for one that is fine.
    func refusal(_ text: ArraySlice<UInt8>) -> String? {
        switch self {
        case .text(let most):
            // A character has one byte at least; only a longer text has to be counted.
            text.count > most && text.count(where: { $0 & 0xC0 != 0x80 }) > most ? "too_long" : nil
        case .words(let words): words.contains { text.elementsEqual($0.utf8) } ? nil : "unknown_word"
        case .capitals(3): Self.isAll(text, 3, UInt8(ascii: "A")...UInt8(ascii: "Z")) ? nil : "not_a_currency"
        case .capitals(let count): Self.isAll(text, count, UInt8(ascii: "A")...UInt8(ascii: "Z")) ? nil : "unknown_word"
        case .smallLetters(let count):
            Self.isAll(text, count, UInt8(ascii: "a")...UInt8(ascii: "z")) ? nil : "unknown_word"
        case .date: Self.isDate(text) ? nil : "not_a_date"
        case .amount(let signed):
            Self.isNumber(signed && text.first == UInt8(ascii: "-") ? text.dropFirst() : text, 15)
                ? nil : "not_an_amount"
        case .number: Self.isNumber(text, 6) ? nil : "not_a_number"
        case .identifier: nil
        }
    }

    private static func isAll(_ text: ArraySlice<UInt8>, _ count: Int, _ letters: ClosedRange<UInt8>) -> Bool {
        text.count == count && text.allSatisfy(letters.contains)
    }

    private static func isNumber(_ text: ArraySlice<UInt8>, _ most: Int) -> Bool {
        !text.isEmpty && text.count <= most && text.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count == 10 else { return false }
        let dash = UInt8(ascii: "-")
        let first = text.startIndex
        guard text[first + 4] == dash, text[first + 7] == dash,
            let year = number(text[first..<first + 4]), let month = number(text[first + 5..<first + 7]),
            let day = number(text[first + 8..<first + 10])
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days =
            switch month {
            case 1, 3, 5, 7, 8, 10, 12: 31
            case 4, 6, 9, 11: 30
            case 2: isLeap ? 29 : 28
            default: 0
            }
        return (1900...2199).contains(year) && day >= 1 && day <= days
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
