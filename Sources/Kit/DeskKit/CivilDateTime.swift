/// A day and a time on the clock of some zone, as PostgreSQL computed it. Coded as its text, "2026-11-21 14:02:33".
package struct CivilDateTime: Hashable, Sendable {
    package let date: CivilDate
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// Answers nil for a time that no clock shows; 24:00 and leap seconds are none.
    package init?(date: CivilDate, hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Reads `YYYY-MM-DD HH:MM[:SS[.fraction]]`, with a space or a T between; a fraction of a second is dropped.
    package init?(iso text: some StringProtocol) {
        let halves = String(text).utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { byte in
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: "T")
        }
        guard halves.count == 2, let day = String(halves[0]), let date = CivilDate(iso: day) else { return nil }
        let whole = halves[1].split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let parts = whole[0].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }) else { return nil }
        guard whole.count == 1 || (parts.count == 3 && !whole[1].isEmpty && digits(whole[1].prefix(9)) != nil) else {
            return nil
        }
        let numbers = parts.compactMap { digits($0) }
        guard numbers.count == parts.count else { return nil }
        self.init(date: date, hour: numbers[0], minute: numbers[1], second: numbers.count == 3 ? numbers[2] : 0)
    }
}

extension CivilDateTime: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.date, left.hour, left.minute, left.second) < (right.date, right.hour, right.minute, right.second)
    }
}

extension CivilDateTime: CustomStringConvertible {
    package var description: String { iso }

    /// The text `YYYY-MM-DD HH:MM:SS`.
    package var iso: String { "\(date.iso) \(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))" }
}

extension CivilDateTime: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = CivilDateTime(iso: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a civil date and time")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso)
    }
}
