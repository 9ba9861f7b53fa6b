/// The arithmetic of check digits. Numbers stay digits; nothing is parsed to an integer, so no length overflows.

/// The sum of each value times its weight; weights repeat when there are fewer of them.
func weighted(_ values: some Sequence<Int>, _ weights: [Int]) -> Int {
    values.enumerated().reduce(0) { $0 + $1.element * weights[$1.offset % weights.count] }
}

/// The remainder of a long decimal number.
func remainder(_ digits: some Sequence<Int>, _ modulus: Int) -> Int {
    digits.reduce(0) { ($0 * 10 + $1) % modulus }
}

/// A = 10 to Z = 35; digits are themselves.
func letterValue(_ byte: UInt8) -> Int {
    byte.isDigit ? byte.digit : Int(byte) - 55
}

/// ISO 7064 MOD 97-10 as ISO 13616 uses it: the account digits, then the country's letters and the check digits give
/// remainder 1. Check digits 00, 01 and 99 have a right form of their own and are never issued.
func passesMod97(country: StaticString, check: some Collection<Int>, account: some Collection<Int>) -> Bool {
    guard (2...98).contains(number(check)) else { return false }
    let letters = country.withUTF8Buffer { $0.map(letterValue) }
    let rearranged = Array(account) + letters.flatMap { [$0 / 10, $0 % 10] } + Array(check)
    return remainder(rearranged, 97) == 1
}

/// 9 7 3 1 repeated, sum divisible by ten: Hungarian tax and account numbers.
func passesHungarian9731(_ digits: some Sequence<Int>) -> Bool {
    weighted(digits, [9, 7, 3, 1]) % 10 == 0
}

/// Digits 3 to 10 of a Polish account number, its bank, sum divisible by ten with the weights 3 9 7 1.
func passesPolishBank(_ digits: some Sequence<Int>) -> Bool {
    weighted(digits, [3, 9, 7, 1]) % 10 == 0
}

/// ICAO 9303 part 3, 4.9: weights 7 3 1, filler 0, sum modulo ten.
func machineReadableCheck(_ bytes: some Sequence<UInt8>) -> Int {
    weighted(bytes.map { $0 == UInt8(ascii: "<") ? 0 : letterValue($0) }, [7, 3, 1]) % 10
}
