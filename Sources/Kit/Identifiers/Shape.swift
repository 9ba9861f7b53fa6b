/// Small questions about cleaned text.

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var digit: Int { Int(self) - 48 }
}

/// The digits of an entry that has nothing else. Throws `badCharacter`, `wrongLength`, `allZero`.
func numeric(_ text: some Collection<UInt8>, lengths: Set<Int>) throws(Reason) -> [Int] {
    guard text.allSatisfy(\.isDigit) else { throw .badCharacter }
    guard lengths.contains(text.count) else { throw .wrongLength }
    guard !text.allSatisfy({ $0 == UInt8(ascii: "0") }) else { throw .allZero }
    return text.map(\.digit)
}

/// An entry of capital letters and digits. Throws `badCharacter`, `wrongLength`, `allZero`.
func alphanumeric(_ text: [UInt8], lengths: ClosedRange<Int>) throws(Reason) {
    guard text.allSatisfy({ $0.isDigit || $0.isLetter }) else { throw .badCharacter }
    guard lengths.contains(text.count) else { throw .wrongLength }
    guard !text.allSatisfy({ $0 == UInt8(ascii: "0") }) else { throw .allZero }
}

/// Whether the text has the shape of a pattern: `L` stands for a capital letter, `D` for a digit.
func shaped(_ text: some Collection<UInt8>, _ pattern: StaticString) -> Bool {
    guard text.count == pattern.utf8CodeUnitCount else { return false }
    return pattern.withUTF8Buffer { shape in
        zip(text, shape).allSatisfy { $1 == UInt8(ascii: "L") ? $0.isLetter : $0.isDigit }
    }
}

func string(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
}

func string(_ digits: some Sequence<Int>) -> String {
    string(digits.map { UInt8($0 + 48) })
}

func number(_ digits: some Sequence<Int>) -> Int {
    digits.reduce(0) { $0 * 10 + $1 }
}
