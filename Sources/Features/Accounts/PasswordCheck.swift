package import Portals

/// What a chosen password lacks; the API names each one (K4).
package enum PasswordLack: String, Sendable, CaseIterable {
    case tooShort = "too_short"
    case tooLong = "too_long"
    case letters = "needs_letters"
    case digits = "needs_digits"
    case containsLogin = "contains_login"
    case control = "forbidden_character"
}

extension PasswordRule {
    /// Everything that the password lacks by this portal's rule, empty when it will do. Length counts Unicode scalars,
    /// 200 at most, so that hashing stays cheap.
    package func lacks(_ password: String, login: String) -> [PasswordLack] {
        let scalars = password.unicodeScalars
        var lacks: [PasswordLack] = []
        if scalars.count < minLength { lacks.append(.tooShort) }
        if scalars.count > 200 { lacks.append(.tooLong) }
        if needsLetters, !scalars.contains(where: \.properties.isAlphabetic) { lacks.append(.letters) }
        if needsDigits, !scalars.contains(where: { ("0"..."9").contains($0) }) { lacks.append(.digits) }
        if scalars.contains(where: { $0.properties.generalCategory == .control }) { lacks.append(.control) }
        if login.count >= 4, password.lowercased().contains(login.lowercased()) { lacks.append(.containsLogin) }
        return lacks
    }
}
