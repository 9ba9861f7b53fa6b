import DeskKit

/// What somebody typed into the search box, as the ways in which it may mean a client.
struct SearchText: Sendable, Hashable {
    /// The words of a name, the longest first, since the longest narrows the most; nil without any.
    let words: [String]?
    /// A number, contract or registration without blanks and signs; nil below three characters.
    let compact: String?
    /// The digits from the end, for a phone's suffix; nil unless it looks like a phone with four digits or more.
    let reversed: String?
    /// An address, lower case; nil without an @ or below three characters before it.
    let email: String?
    /// A login, lower case.
    let login: String?

    /// Nil when there is nothing to look for: fewer than two characters.
    init?(_ typed: String) {
        let text = String(typed.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(120))
            .trimmingBlanks
        guard text.count >= 2 else { return nil }
        let words = text.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
        let characters = text.filter { $0.isLetter || $0.isNumber }.uppercased()
        let digits = text.filter { ("0"..."9").contains($0) }
        let isPhone = text.allSatisfy { ("0"..."9").contains($0) || "+()-./ ".contains($0) || $0.isWhitespace }
        self.words = words.isEmpty || isPhone ? nil : Array(words.sorted { $0.count > $1.count }.prefix(5))
        // A tax number may be typed as in the European Union, with its country in front.
        let isForeignStyle = ["PL", "HU"].contains(characters.prefix(2)) && characters.dropFirst(2) == digits[...]
        let bare = isForeignStyle && digits.count >= 8 ? digits : characters
        compact = bare.count >= 3 && digits.count >= 1 ? bare : nil
        reversed = isPhone && digits.count >= 3 ? String(digits.reversed()) : nil
        email = text.contains("@") && text.count >= 3 ? text.lowercased() : nil
        login = text.count >= 3 && !text.contains(where: \.isWhitespace) ? text.lowercased() : nil
    }
}
