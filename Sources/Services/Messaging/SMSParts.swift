import Transport

/// In how many parts a text message travels (3GPP TS 23.038, 23.040): 160 letters of the default alphabet or 70 of
/// Unicode in one, 153 or 67 in each of several.
struct SMSParts: Sendable, Hashable {
    let isUnicode: Bool
    /// Septets of the default alphabet, or UTF-16 units.
    let length: Int
    let count: Int
    /// The letters that make it Unicode, each once, in their order.
    let strange: [Character]

    init(_ text: String) {
        var seen: Set<Character> = []
        strange = text.filter { !GSMAlphabet.holds(String($0)) && seen.insert($0).inserted }.map { $0 }
        isUnicode = !strange.isEmpty
        // A letter of the extension table takes an escape before it.
        length =
            isUnicode
            ? text.utf16.count : text.unicodeScalars.reduce(0) { $0 + (Self.extended.contains($1) ? 2 : 1) }
        let (one, each) = isUnicode ? (70, 67) : (160, 153)
        count = length <= one ? 1 : (length + each - 1) / each
    }

    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)
}
