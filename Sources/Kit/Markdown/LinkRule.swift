/// Where a link of a text may lead: a page by http or https, an address, a phone, or a place on the same site.
enum LinkRule {
    private static let schemes: Set<String> = ["http", "https", "mailto", "tel"]

    static func allows(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        // Browsers drop line breaks and tabs inside an address and read a backslash as a slash.
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            return false
        }
        if let scheme = scheme(of: bytes) { return schemes.contains(scheme) && bytes.count > scheme.utf8.count + 1 }
        return !address.hasPrefix("//")
    }

    /// What stands before the first colon, small letters; nil for a relative address.
    private static func scheme(of bytes: [UInt8]) -> String? {
        guard let end = bytes.firstIndex(where: { ":/?#".utf8.contains($0) }), bytes[end] == UInt8(ascii: ":") else {
            return nil
        }
        return String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    }
}
