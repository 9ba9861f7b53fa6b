/// The content lines of an iCalendar file (RFC 5545 §3.1): unfolded, each with the number of its first line.
struct ICalLine: Sendable, Hashable {
    let number: Int
    /// In capitals.
    let name: String
    let parameters: [String: String]
    let value: String

    /// Throws `ICalProblem.line` for what is no content line.
    static func read(_ text: String) throws(ICalProblem) -> [ICalLine] {
        var lines: [ICalLine] = []
        for (number, line) in unfolded(text) { lines.append(try ICalLine(line, number)) }
        return lines
    }

    private static func unfolded(_ text: String) -> [(Int, String)] {
        var lines: [(Int, String)] = []
        let raw = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in raw.enumerated() {
            if let first = line.first, first == " " || first == "\t", !lines.isEmpty {
                lines[lines.count - 1].1 += line.dropFirst()
            } else if !line.allSatisfy(\.isWhitespace) {
                lines.append((index + 1, String(line)))
            }
        }
        return lines
    }

    private init(_ line: String, _ number: Int) throws(ICalProblem) {
        var parts: [String] = [""]
        var isQuoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ":", !isQuoted {
                break
            } else if character == ";", !isQuoted {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
            if rest.isEmpty { throw .line(number) }
        }
        self.number = number
        name = parts[0].uppercased()
        value = String(rest)
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { throw .line(number) }
            parameters[halves[0].uppercased()] = String(halves[1].filter { $0 != "\"" })
        }
        self.parameters = parameters
        let isName = name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        guard !name.isEmpty, isName else { throw .line(number) }
    }
}

/// What is wrong with a calendar file, with the line where it is; pages say it as `calendars.file.<code>`.
enum ICalProblem: Error, Hashable, Sendable {
    case empty
    case tooLarge
    /// Not UTF-8, or no `BEGIN:VCALENDAR` at its beginning.
    case notCalendar
    case line(Int)
    /// A part that is opened and not closed, or the other way round.
    case unclosed(Int)
    case noStart(Int)
    case date(Int)
    /// A rule of repetition other than once a year.
    case repeats(Int)
    /// An event of more than 31 days.
    case tooLong(Int)
    case noDays
    case tooMany(limit: Int)

    var code: String {
        switch self {
        case .empty: "empty"
        case .tooLarge: "too_large"
        case .notCalendar: "not_calendar"
        case .line: "line"
        case .unclosed: "unclosed"
        case .noStart: "no_start"
        case .date: "date"
        case .repeats: "repeats"
        case .tooLong: "too_long"
        case .noDays: "no_days"
        case .tooMany: "too_many"
        }
    }

    /// The line, or the limit; nil where the sentence needs neither.
    var number: Int? {
        switch self {
        case .line(let line), .unclosed(let line), .noStart(let line), .date(let line), .repeats(let line),
            .tooLong(let line):
            line
        case .tooMany(let limit): limit
        case .empty, .tooLarge, .notCalendar, .noDays: nil
        }
    }
}
