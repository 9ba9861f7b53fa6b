import DeskKit
import FoundationEssentials
import Identifiers

/// Answers the JSON lines of `identifiers check --stdin`, counting them.
struct IdentifierLines {
    private let today: CivilDate
    private let decoder = JSONDecoder()
    private var line = 0
    /// Lines that got an error for an answer.
    private(set) var unreadable = 0

    init(today: CivilDate) {
        self.today = today
    }

    /// One line without its line feed, nil for one that was too long to keep; the answer has none either.
    mutating func answer(_ bytes: [UInt8]?) -> String {
        line += 1
        do {
            let question = try read(bytes)
            return Self.json(
                try check(kind: question.kind, value: question.value, country: question.country, today: today)
            )
        } catch {
            unreadable += 1
            return """
                {"valid":null,"normalized":null,"reason":null,"error":\(quoted("\(error)")),"line":\(line)}
                """
        }
    }

    static func json(_ verdict: Verdict) -> String {
        let normalized = verdict.normalized.map(quoted) ?? "null"
        let reason = verdict.reason.map { quoted($0.rawValue) } ?? "null"
        return "{\"valid\":\(verdict.valid),\"normalized\":\(normalized),\"reason\":\(reason)}"
    }

    private struct Question: Decodable {
        let kind: String
        let country: String?
        let value: String
    }

    private func read(_ bytes: [UInt8]?) throws(Unreadable) -> Question {
        guard let bytes else { throw Unreadable("the line is longer than \(JSONLines.longestLine / 1_048_576) MiB") }
        do {
            return try decoder.decode(Question.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw Unreadable("\"\(key.stringValue)\" is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let place = context.codingPath.last.map { "\"\($0.stringValue)\" is not a text" }
            throw Unreadable(place ?? "the line is not a JSON object")
        } catch {
            throw Unreadable("the line is not JSON in UTF-8")
        }
    }
}

private struct Unreadable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A JSON string (RFC 8259) with its quotes.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case _ where scalar.value < 0x20:
            let code = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
