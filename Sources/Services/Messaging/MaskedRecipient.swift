import Portals

/// A phone number or address as pages show it, and the last look before one is used.
enum MaskedRecipient {
    /// "+48 ••• ••• 127" and "j•••@example.pl": enough to recognise, not enough to use.
    static func text(_ recipient: String, _ channel: Channel) -> String {
        switch channel {
        case .sms:
            return recipient.prefix(3) + " ••• ••• " + recipient.suffix(3)
        case .email:
            let halves = recipient.split(separator: "@", maxSplits: 1)
            guard halves.count == 2 else { return "•••" }
            return halves[0].prefix(1) + "•••@" + halves[1]
        }
    }

    /// E.164 (a plus and 8 to 15 digits), or an address of printable ASCII with one @: nothing that could carry
    /// a second header or recipient (RFC 5322).
    static func isSound(_ recipient: String, _ channel: Channel) -> Bool {
        let bytes = Array(recipient.utf8)
        switch channel {
        case .sms:
            return bytes.first == UInt8(ascii: "+") && (9...16).contains(bytes.count)
                && bytes.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        case .email:
            let printable = bytes.allSatisfy { (0x21...0x7E).contains($0) && !Array("<>(),;:\"\\[]".utf8).contains($0) }
            return printable && bytes.count <= 254 && bytes.count { $0 == UInt8(ascii: "@") } == 1
                && bytes.first != UInt8(ascii: "@") && bytes.last != UInt8(ascii: "@")
        }
    }
}
