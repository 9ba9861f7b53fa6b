/// A text message a client sends in: PWD (HASŁO, HASLO) asks for a password, FIRMA with a NIP for the company's.
/// Normalised "PWD" or "FIRMA 9990000008". The NIP's own reasons come through.
func clientCommand(_ value: String) throws(Reason) -> String {
    let scalars = try trimmed(value)
    guard !scalars.contains(where: \.isForeignDigit) else { throw .nonASCIIDigit }
    let text = String(String.UnicodeScalarView(scalars)).uppercased().replacing("Ł", with: "L")
    if ["PWD", "HASLO"].contains(text) { return "PWD" }
    guard text.hasPrefix("FIRMA") else { throw .unknownKeyword }
    let rest = text.dropFirst(5)
    guard rest.first?.isLetter != true else { throw .unknownKeyword }
    let argument = rest.drop { $0 == ":" || $0.unicodeScalars.allSatisfy(\.isSeparator) }
    guard !argument.isEmpty else { throw .missingArgument }
    return "FIRMA " + (try polishNIP(try cleaned(String(argument))))
}
