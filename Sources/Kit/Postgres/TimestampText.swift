import FoundationEssentials

/// `timestamptz` in text, both ways, under TimeZone=UTC and DateStyle=ISO.
enum TimestampText {
    static func format(_ date: Date) -> String {
        let total = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
        let (seconds, micros) = floorDivide(total, 1_000_000)
        let (days, second) = floorDivide(seconds, 86_400)
        let civil = civilDate(daysSinceEpoch: days)
        let era = civil.year < 1 ? " BC" : ""
        let year = civil.year < 1 ? 1 - civil.year : civil.year
        return pad(year, 4) + "-" + pad(civil.month, 2) + "-" + pad(civil.day, 2) + " " + pad(second / 3_600, 2) + ":"
            + pad(second / 60 % 60, 2) + ":" + pad(second % 60, 2) + "." + pad(micros, 6) + "+00" + era
    }

    /// Nil for anything else than "2026-11-21 10:20:30[.123456]+00[:00]", infinity included.
    static func parse(_ text: String) -> Date? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.number(), scanner.skip("-"), let month = scanner.number(), scanner.skip("-"),
            let day = scanner.number(), scanner.skip(" "), let hour = scanner.number(), scanner.skip(":"),
            let minute = scanner.number(), scanner.skip(":"), let second = scanner.number()
        else { return nil }
        let micros = scanner.skip(".") ? scanner.fraction() : 0
        guard scanner.skip("+"), scanner.number() == 0 else { return nil }
        let isBC = scanner.rest == " BC"
        guard isBC || scanner.rest.isEmpty else { return nil }
        let days = daysSinceEpoch(year: isBC ? 1 - year : year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(seconds) + Double(micros) / 1_000_000)
    }

    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        var rest: String { String(decoding: bytes[index...], as: UTF8.self) }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func number() -> Int64? {
            let start = index
            var value: Int64 = 0
            while index < bytes.count, index - start < 9, case let digit = bytes[index], digit >= 48, digit <= 57 {
                value = value * 10 + Int64(digit - 48)
                index += 1
            }
            return index > start ? value : nil
        }

        mutating func fraction() -> Int64 {
            let start = index
            let value = number() ?? 0
            return (index - start..<6).reduce(value) { scaled, _ in scaled * 10 }
        }
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = value % divisor
        return remainder < 0 ? (value / divisor - 1, remainder + divisor) : (value / divisor, remainder)
    }

    /// Days of the proleptic Gregorian calendar since 1970-01-01 (Howard Hinnant's `days_from_civil`, public domain).
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civilDate(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
