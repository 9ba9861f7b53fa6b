/// The key of one row of a kind; the phantom tag keeps an account's key out of a client's place. Text form: decimal
/// digits.
package struct Identifier<Tag>: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }
}

extension Identifier: LosslessStringConvertible {
    package var description: String { String(rawValue) }

    /// Reads the digits of a URL; a sign, a space, a leading zero or a value below one answers nil.
    package init?(_ description: String) {
        guard let value = positive(description), let key = Int64(exactly: value) else { return nil }
        self.init(rawValue: key)
    }
}

extension Identifier: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The key of a portal: first in the primary key of every row that belongs to one.
package struct PortalID: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: Int16) {
        self.rawValue = rawValue
    }
}

extension PortalID: LosslessStringConvertible {
    package var description: String { String(rawValue) }

    /// Reads the digits of a URL or a form; anything else answers nil.
    package init?(_ description: String) {
        guard let value = positive(description), let key = Int16(exactly: value) else { return nil }
        self.init(rawValue: key)
    }
}

extension PortalID: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

private func positive(_ text: String) -> Int64? {
    guard let first = text.utf8.first, first != UInt8(ascii: "0"), text.utf8.count <= 19 else { return nil }
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return Int64(text)
}
