/// An address as it may stand in an envelope: ASCII, one `@`, no blank, no line break (RFC 5321, dot-atom form). A
/// domain with other letters is given in its punycode form.
package struct EmailAddress: Sendable, Hashable {
    /// Personal data: for the envelope and the header only.
    let text: String

    /// Nil for anything that is no such address.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, Self.isLocal(parts[0]), Self.isDomain(parts[1]) else {
            return nil
        }
        self.text = text
    }

    private static func isLocal(_ part: Substring) -> Bool {
        let signs = "!#$%&'*+-/=?^_`{|}~".unicodeScalars
        let atoms = part.split(separator: ".", omittingEmptySubsequences: false)
        return part.utf8.count <= 64
            && atoms.allSatisfy { atom in
                !atom.isEmpty && atom.unicodeScalars.allSatisfy { isLetterOrDigit($0) || signs.contains($0) }
            }
    }

    private static func isDomain(_ part: Substring) -> Bool {
        part.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy { isLetterOrDigit($0) || $0 == "-" }
        }
    }
}

func isLetterOrDigit(_ scalar: UnicodeScalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
}

extension EmailAddress: CustomStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
