import FoundationEssentials

/// The encodings of an e-mail's head and body.
enum MIME {
    /// A display name before `<address>`, with the blank after it; nothing for an empty one.
    static func phrase(_ name: String) -> String {
        if name.isEmpty { return "" }
        guard isPlain(name) else { return encodedWords(name) + " " }
        return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\" "
    }

    /// A header's free text.
    static func unstructured(_ text: String) -> String { isPlain(text) ? text : encodedWords(text) }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 900 && !text.contains("=?") && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// RFC 2047, B encoding: words of at most 75 characters, never cut within a letter, folded.
    static func encodedWords(_ text: String) -> String {
        var chunks: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunks[chunks.count - 1].count + bytes.count > 45 { chunks.append([]) }
            chunks[chunks.count - 1] += bytes
        }
        return chunks.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// RFC 2045 §6.7: lines of at most 76 characters, CRLF between them; every kind of line break becomes one.
    static func quotedPrintable(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { encodedLine(Array($0.utf8)) }
            .joined(separator: "\r\n")
    }

    private static func encodedLine(_ bytes: [UInt8]) -> String {
        var output = ""
        var width = 0
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let blankAtEnd = isLast && (byte == 0x20 || byte == 0x09)
            let dotAtStart = width == 0 && byte == 0x2E
            let plain = (byte == 0x09 || (0x20...0x7E).contains(byte)) && byte != 0x3D && !blankAtEnd && !dotAtStart
            let sign = plain ? String(UnicodeScalar(byte)) : "=" + hex(byte)
            if width + sign.utf8.count > 75 {
                output += "=\r\n"
                width = 0
            }
            output += sign
            width += sign.utf8.count
        }
        return output
    }

    static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// RFC 5322 §3.3, in UTC.
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let two = { (number: Int?) in (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let weekday = days[(parts.weekday ?? 1) - 1]
        let day = "\(two(parts.day)) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 0)"
        return "\(weekday), \(day) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}
