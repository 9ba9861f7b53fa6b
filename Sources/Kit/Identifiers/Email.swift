/// An address to which mail can be sent: ASCII dot-atom before the at sign (RFC 5322, 3.2.3), a domain name of at least
/// two labels after it, as A-labels (RFC 5890), 254 characters in all (RFC 5321). The domain is lower-cased. Whether it
/// is the client's is proved by a code, not here.
func emailAddress(_ value: String) throws(Reason) -> String {
    let scalars = try trimmed(value, limit: 320)
    guard !scalars.contains(where: \.isSpace) else { throw .forbiddenCharacter }
    let parts = scalars.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty, !domain.isEmpty
    else { throw .badStructure }
    try checkLocalPart(local)
    let name = try domainName(domain)
    guard local.count + 1 + name.utf8.count <= 254 else { throw .tooLong }
    try checkLabels(name)
    return "\(String(String.UnicodeScalarView(local)))@\(name)"
}

private func checkLocalPart(_ local: ArraySlice<Unicode.Scalar>) throws(Reason) {
    guard local.allSatisfy(\.isASCII) else { throw .nonASCIILocalPart }
    guard local.count <= 64 else { throw .tooLong }
    guard local.allSatisfy({ $0 == "." || atomScalars.contains($0) }) else { throw .badCharacter }
    guard local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty })
    else { throw .badStructure }
}

/// Without the back-tick, which no mailbox needs and shells and templates misread.
private let atomScalars = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+/=?^_{|}~-".unicodeScalars
)

/// Lower-case A-labels. Throws `badCharacter`, `nonASCIIDigit`.
private func domainName(_ domain: ArraySlice<Unicode.Scalar>) throws(Reason) -> String {
    guard !domain.contains(where: \.isForeignDigit) else { throw .nonASCIIDigit }
    for scalar in domain {
        let known = scalar.isASCII ? domainScalars.contains(scalar) : scalar.isForeignLetter || scalar.isMark
        guard known, !scalar.isCompatibilityForm else { throw .badCharacter }
    }
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    return labels.map { Punycode.label(composedLowercase(String(String.UnicodeScalarView($0)))) }.joined(separator: ".")
}

private let domainScalars = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.".unicodeScalars
)

private func checkLabels(_ name: String) throws(Reason) {
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, let top = labels.last else { throw .badStructure }
    for label in labels {
        guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { throw .badStructure }
    }
    let alphabetic = top.count >= 2 && top.allSatisfy { upper($0).isLetter }
    guard alphabetic || top.starts(with: "xn--".utf8) else { throw .badStructure }
}

private let hyphen = UInt8(ascii: "-")

extension Unicode.Scalar {
    /// Full-width and mathematical letters, which a resolver would take for plain ones.
    fileprivate var isCompatibilityForm: Bool {
        (0xFB00...0xFB4F).contains(value) || (0xFE00...0xFE0F).contains(value) || (0xFF00...0xFFEF).contains(value)
            || (0x1D400...0x1D7FF).contains(value)
    }
}
