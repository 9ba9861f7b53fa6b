/// The rule for the passwords of staff (NIST SP 800-63B-4 §3.1.1): length, and nothing that everybody tries first; no
/// rule about its composition.
enum StaffPassword {
    static let minLength = 15
    static let maxLength = 200

    /// Why a password is refused; the key in the catalogue is `access.password.<raw value>`.
    enum Lack: String, CaseIterable {
        case tooShort = "too_short"
        case tooLong = "too_long"
        case common
        case ownName = "own_name"
    }

    static func lack(_ password: String, login: String, name: String) -> Lack? {
        let scalars = Array(password.unicodeScalars)
        if scalars.count < minLength { return .tooShort }
        if scalars.count > maxLength { return .tooLong }
        let plain = Array(password.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.isDigit })
        if isPeriodic(plain) || isSequence(plain) || common.contains(String(String.UnicodeScalarView(plain))) {
            return .common
        }
        return consists(plain, of: [login, "portaldesk"] + name.split(separator: " ").map(String.init)) ? .ownName : nil
    }

    /// "aaaaaaaaaaaaaaa", "abcabcabcabcabc", "passwordpassword": a short piece over and over.
    private static func isPeriodic(_ text: [Unicode.Scalar]) -> Bool {
        guard !text.isEmpty else { return true }
        return (1...max(1, text.count / 2)).contains { period in
            text.indices.dropFirst(period).allSatisfy { text[$0] == text[$0 - period] }
        }
    }

    /// "123456789012345", "abcdefghijklmno": each sign the one after the last, nine followed by nought.
    private static func isSequence(_ text: [Unicode.Scalar]) -> Bool {
        zip(text, text.dropFirst()).allSatisfy { $1.value == $0.value + 1 || ($0 == "9" && $1 == "0") }
            || zip(text, text.dropFirst()).allSatisfy { $1.value + 1 == $0.value || ($0 == "0" && $1 == "9") }
    }

    /// Whether fewer than eight signs are left when the words that everybody knows about this person are taken out.
    private static func consists(_ text: [Unicode.Scalar], of words: [String]) -> Bool {
        var rest = String(String.UnicodeScalarView(text))
        var hasWord = false
        for word in words.map({ $0.lowercased().filter(\.isLetterOrDigit) }) where word.count >= 3 {
            let without = rest.replacing(word, with: "")
            hasWord = hasWord || without != rest
            rest = without
        }
        return hasWord && rest.count < 8
    }

    /// Those of the much-used passwords that are long enough to pass otherwise, without blanks and signs.
    private static let common: Set<String> = [
        "correcthorsebatterystaple", "qwertyuiopasdfghjkl", "qwertyuiopasdfg", "qwertyuiopasdfghjklzxcvbnm",
        "1qaz2wsx3edc4rfv", "1qaz2wsx3edc4rfv5tgb", "qwerty1234567890", "1234567890qwerty", "qwertyuiop12345",
        "qwertyuiop123456", "qwertyuiop1234567890", "asdfghjkl123456", "zaq12wsxcde34rfv", "passwordpassword1",
        "password12345678", "password123456789", "password1234567890", "administrator1", "administrator123",
        "administrator1234", "iloveyouforever", "iloveyou1234567", "thequickbrownfox", "letmeinletmein1",
        "welcome12345678", "welcome123456789", "changeme12345678", "mypasswordismypassword", "thisismypassword",
        "iamtheadministrator", "trustno1trustno1", "haslohaslohaslo1", "mojehaslo1234567", "dupadupadupadupa1",
        "polska1234567890", "jelszojelszo1234", "jelszo1234567890", "magyarorszag1234", "пароль1234567890",
        "йцукенгшщзфывап", "qwertzuiopasdfghjkl", "qwertzuiopasdfg", "abcdefghijklmnopqrstuvwxyz123",
        "00000000000000001", "11111111111111112", "superadministrator", "footballfootball1", "january2026january",
    ]
}

extension Character {
    fileprivate var isLetterOrDigit: Bool { isLetter || isNumber }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
